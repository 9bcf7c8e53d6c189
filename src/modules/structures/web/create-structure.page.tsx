import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import { ButtonLink, Form, FormFooter, type FormState, noForm } from "../../../web/ui/index.ts";
import { requestMembership } from "../../memberships/index.ts";
import { createStructure, type NewStructure } from "../use-cases/structures.ts";
import { list, organisation } from "./loaded-structure.tsx";
import { findKnown, NewStructureFields, type NewStructureStep, readNewStructure } from "./new-structure.tsx";

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

type Known = Extract<NewStructureStep, { kind: "known" }>;

function ExistsPage({ ctx, known: { structure, face, closed } }: { ctx: Context; known: Known }) {
  const ownSheet = ctx.who.memberships.some((one) => one.structureId === structure.id)
    ? `/organisation/structures/${structure.id}`
    : null;
  return (
    <Page
      chrome={ctx.chrome}
      title={closed === null ? "Cette structure existe déjà" : "Cette structure n'est plus active"}
      crumbs={[organisation, list]}
      lead={closed ?? `${face} est déjà dans le portail. Demandez à y être rattaché.`}
    >
      {ownSheet !== null ? (
        <ButtonLink href={ownSheet}>Voir sa fiche</ButtonLink>
      ) : closed === null ? (
        <ButtonLink
          href={`/mes-rattachements/demander?type=${structure.identifierType}&identifiant=${structure.identifierValue}`}
        >
          Demander un rattachement
        </ButtonLink>
      ) : (
        <ButtonLink kind="secondary" href="/organisation/structures/nouvelle">
          Saisir un autre identifiant
        </ButtonLink>
      )}
    </Page>
  );
}

/**
 * STR-09. Somebody else created it between the two steps: what was asked becomes a request to join it, which says so.
 */
async function answerTaken(ctx: Context, { identifierType, identifierValue }: NewStructure) {
  const known = (await findKnown(ctx, identifierType, identifierValue))!;
  if (known.closed !== null) return ctx.html(<ExistsPage ctx={ctx} known={known} />, 409);
  const asked = await ctx.systemTx("who asks is no member of the structure yet", (tx, now) =>
    requestMembership(
      tx,
      {
        accountId: ctx.who.accountId,
        structureId: known.structure.id,
        scope: "structure",
        serviceIds: [],
        wishes: [],
        message: "",
      },
      ctx.actor,
      now,
    ),
  );
  // already attached, or refused a few days ago: she reads where she stands
  if (!asked.ok) return ctx.html(<ExistsPage ctx={ctx} known={known} />, 409);
  return ctx.redirect("/mes-rattachements", {
    confirmation: {
      title: `Quelqu'un vient de créer ${known.face}.`,
      text:
        asked.value.given === null
          ? "Votre création est devenue une demande de rattachement, envoyée à ses gestionnaires."
          : "Votre adresse est de chez elle : vous y êtes rattaché.",
    },
  });
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
      if (step.kind === "known") return ctx.html(<ExistsPage ctx={ctx} known={step} />);
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
      if (!created.ok) return answerTaken(ctx, structure);
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
