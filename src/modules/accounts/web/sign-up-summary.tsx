import { Page } from "../../../web/layout.tsx";
import type { Context } from "../../../web/portal.ts";
import { Banner, Code, Form, FormFooter, type Row, Stepper, SummaryList } from "../../../web/ui/index.ts";
import type { ProofRefusal } from "../use-cases/admit-sign-up.ts";
import { ProofOfWork, proofRefusalText } from "./proof-of-work.tsx";
import {
  Carried,
  CORRECT_PATH,
  personFields,
  SIGN_UP,
  SIGN_UP_STEPS,
  structureFields,
} from "./sign-up-form.tsx";
import type { Person } from "./sign-up-person.tsx";
import type { StructureChoice } from "./sign-up-structure.tsx";

export type Summary = {
  readonly person: Person;
  readonly structure: StructureChoice;
  readonly challenge: string | null;
  readonly refusal?: ProofRefusal;
};

/** Goes back to the step of a line, with all that was typed. */
const correct = (step: "personne" | "structure"): Row["change"] => ({
  action: CORRECT_PATH,
  name: "corriger",
  value: step,
});

/** Step 3: what was typed, line by line, before anything is created. */
export function SummaryPage({ ctx, person, structure, challenge, refusal }: Summary & { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Vérifiez votre demande"
      caption={SIGN_UP}
      hasErrors={refusal !== undefined}
    >
      <Stepper step={3} of={SIGN_UP_STEPS} title="vérification" />
      {refusal && (
        <Banner tone="error" title="Votre compte n'est pas encore créé">
          <p>{proofRefusalText(refusal)}</p>
        </Banner>
      )}
      <Form token={ctx.formToken} action="/compte/creer/terminer" wide>
        <Carried raw={ctx.body} names={[...personFields, ...structureFields]} />
        <SummaryList
          rows={[
            { label: "Adresse de connexion", value: person.email, change: correct("personne") },
            {
              label: "Prénom et nom",
              value: `${person.firstName} ${person.lastName}`,
              change: correct("personne"),
            },
            { label: "Téléphone", value: person.phone ?? "Non renseigné", change: correct("personne") },
            {
              label: "Adresse de contact",
              value: person.contactEmail ?? "La même que pour se connecter",
              change: correct("personne"),
            },
            ...structureRows(structure),
          ]}
        />
        {challenge && <ProofOfWork challenge={challenge} />}
        <FormFooter submit="Créer mon compte" />
      </Form>
    </Page>
  );
}

function structureRows(choice: StructureChoice): readonly Row[] {
  const change = correct("structure");
  if (choice.kind === "later") return [{ label: "Structure", value: "À choisir plus tard", change }];
  if (choice.kind === "known") {
    const { structure, face, services, message } = choice;
    const { withoutManager } = structure;
    return [
      { label: "Structure", value: face, change },
      ...(services.length > 0
        ? [{ label: "Services souhaités", value: services.map((one) => one.code).join(", "), change }]
        : []),
      ...(message
        ? [{ label: withoutManager ? "Justification" : "Message aux gestionnaires", value: message, change }]
        : []),
      {
        label: "Ce qui se passera",
        value: withoutManager
          ? "À l'activation de votre compte, l'opérateur du portail recevra votre demande de gestion."
          : "À l'activation de votre compte, ses gestionnaires recevront votre demande de rattachement.",
      },
    ];
  }
  const { structure } = choice;
  return [
    {
      label: "Structure",
      value: (
        <>
          {structure.legalName} {structure.identifierValue && <Code>{structure.identifierValue}</Code>}
        </>
      ),
      change,
    },
    {
      label: "Adresse de la structure",
      value: `${structure.addressLine}, ${structure.postcode} ${structure.town}`,
      change,
    },
    {
      label: "Ce qui se passera",
      value:
        "À l'activation de votre compte, la structure sera créée et vous en serez gestionnaire principal.",
    },
  ];
}
