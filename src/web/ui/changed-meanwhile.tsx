import { formatDateTime } from "../format.ts";
import { Banner } from "./blocks.tsx";
import { Table } from "./lists.tsx";

/** A field that two people filled otherwise. */
export type Difference = { readonly label: string; readonly stored: string; readonly typed: string };

/** Who saved first, when, and what differs from it in what was typed. */
export type Conflict = {
  readonly by: string;
  readonly at: Date;
  readonly differences: readonly Difference[];
};

/**
 * STR-06. Above a form that somebody else saved first: who, when, and both versions. The form keeps what was typed, and
 * sending it again takes its place, this time knowingly.
 */
export function ChangedMeanwhile({ by, at, differences }: Conflict) {
  return (
    <>
      <Banner tone="warning" title={`${by} a modifié cette fiche le ${formatDateTime(at)}.`}>
        <p>
          {differences.length > 0
            ? "Comparez : votre saisie est gardée dans le formulaire, et prendra la place de ce qui est enregistré si vous l'envoyez de nouveau."
            : "Rien n'y diffère de votre saisie : vous pouvez l'envoyer de nouveau."}
        </p>
      </Banner>
      {differences.length > 0 && (
        <Table
          caption="Ce qui diffère"
          rows={differences}
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
