import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import { ButtonLink, Form, FormFooter, type FormState, noForm, Paragraph } from "../../../web/ui/index.ts";
import { findStructureByIdentifier, type StructureRow } from "../store.ts";
import { createStructure } from "../use-cases/structures.ts";
import { list, organisation } from "./loaded-structure.tsx";
import { NewStructureFields, type NewStructureStep, readNewStructure } from "./new-structure.tsx";

function NewPage({ ctx, form, step }: { ctx: Context; form: FormState; step: NewStructureStep }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Créer une structure"
      crumbs={[organisation, list]}
      lead={step.kind === "identify" ? "Vérifions d'abord qu'elle n'existe pas déjà." : undefined}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/organisation/structures/nouvelle" state={form}>
        <NewStructureFields form={form} step={step} />
        <FormFooter
          submit={step.kind === "describe" ? undefined : "Continuer"}
          cancel="/organisation/structures"
        />
      </Form>
    </Page>
  );
}

function ExistsPage({ ctx, structure }: { ctx: Context; structure: StructureRow }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Cette structure existe déjà"
      crumbs={[organisation, list]}
      lead={`${structure.displayName}${structure.town ? `, ${structure.town}` : ""} est déjà dans le portail.`}
    >
      {structure.state === "active" ? (
        <ButtonLink
          href={`/mes-rattachements/demander?type=${structure.identifierType}&identifiant=${structure.identifierValue}`}
        >
          Demander un rattachement
        </ButtonLink>
      ) : (
        <Paragraph>Elle n'est plus active. Un de ses gestionnaires peut la réactiver.</Paragraph>
      )}
    </Page>
  );
}

/** « Créer une structure »: it is looked for first, then described. */
export function createStructurePage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures/nouvelle",
    access: "account",
    handler: (ctx) => ctx.html(<NewPage ctx={ctx} form={noForm} step={{ kind: "identify", errors: {} }} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/nouvelle",
    access: "account",
    handler: async (ctx) => {
      const step = await readNewStructure(ctx, portal.register);
      if (step.kind === "known") return ctx.html(<ExistsPage ctx={ctx} structure={step.structure} />);
      if (step.kind !== "described") {
        const errors = step.kind === "choose" ? {} : step.errors;
        return ctx.html(
          <NewPage ctx={ctx} form={{ values: typedValues(ctx.body), errors }} step={step} />,
          Object.keys(errors).length > 0 ? 422 : 200,
        );
      }
      const { structure } = step;
      const created = await ctx.systemTx("a structure has no member before its creation", (tx, now) =>
        createStructure(tx, { structure, creatorId: ctx.who.accountId }, ctx.actor, now),
      );
      if (!created.ok) {
        const exists = await ctx.systemTx("whether a structure exists, asked by its whole identifier", (tx) =>
          findStructureByIdentifier(tx, structure.identifierType, structure.identifierValue),
        );
        return ctx.html(<ExistsPage ctx={ctx} structure={exists!} />, 409);
      }
      return ctx.redirect(`/organisation/structures/${created.value.structureId}`, {
        confirmation: {
          title: "L'envoi des données pour « Créer une structure » a bien été effectué.",
          text: `Vous êtes gestionnaire principal de ${created.value.displayName}.`,
          next: [
            {
              label: "Créer un service",
              href: `/organisation/services/nouveau?structureId=${created.value.structureId}`,
            },
            {
              label: "Rattacher un utilisateur",
              href: `/organisation/utilisateurs/rattacher?structureId=${created.value.structureId}`,
            },
          ],
        },
      });
    },
  });
}
