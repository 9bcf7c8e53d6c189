import { Banner, Table } from "./blocks.tsx";

/** A field that two people filled otherwise. */
export type Difference = { readonly label: string; readonly stored: string; readonly typed: string };

/**
 * STR-06. Above a form that somebody else saved first: who, when, and both versions. The form keeps what was typed, and
 * sending it again takes its place, this time knowingly.
 */
export function ChangedMeanwhile(props: {
  readonly by: string;
  readonly at: string;
  readonly differences: readonly Difference[];
}) {
  return (
    <>
      <Banner tone="warning" title={`${props.by} a modifié cette fiche le ${props.at}.`}>
        <p>
          {props.differences.length > 0
            ? "Comparez : votre saisie est gardée dans le formulaire, et prendra la place de ce qui est enregistré si vous l'envoyez de nouveau."
            : "Rien n'y diffère de votre saisie : vous pouvez l'envoyer de nouveau."}
        </p>
      </Banner>
      {props.differences.length > 0 && (
        <Table
          caption="Ce qui diffère"
          rows={props.differences}
          keyOf={(one) => one.label}
          columns={[
            { title: "Champ", heads: true, cell: (one) => one.label },
            { title: "Enregistré", cell: (one) => one.stored || "Vide" },
            { title: "Votre saisie", cell: (one) => one.typed || "Vide" },
          ]}
        />
      )}
    </>
  );
}
