import { z } from "zod";
import { forbidden } from "../../../web/access.ts";
import { formatDate, formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  Details,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  Select,
  SummaryList,
  Table,
  Tag,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import {
  findStructureByIdentifier,
  identifierText,
  identifierTypes,
  structureIdentifier,
} from "../../structures/index.ts";
import { claimRefusalTexts, OBJECTION_DAYS } from "../domain/claim.ts";
import { type ClaimRow, listOpenClaims, listOwnClaims } from "../store.ts";
import { openClaim, stopClaim, withdrawClaim } from "../use-cases/claims.ts";

const eyes = "a claimant asks for a structure she may be no member of";
const crumbs = [{ label: "Mes rattachements", href: "/mes-rattachements" }];

const states = {
  open: { tone: "info", label: "En cours" },
  stopped: { tone: "error", label: "Arrêtée par un gestionnaire" },
  accepted: { tone: "success", label: "Acceptée" },
  refused: { tone: "error", label: "Refusée" },
  withdrawn: { tone: "neutral", label: "Retirée" },
} as const satisfies Record<ClaimRow["state"], { tone: string; label: string }>;

/** The structures that one asked to take over, and what became of each. */
export function OwnClaims({ ctx, claims }: { ctx: Context; claims: readonly ClaimRow[] }) {
  if (claims.length === 0) return null;
  return (
    <Table
      caption="Mes demandes de reprise"
      rows={claims}
      keyOf={(one) => one.id}
      columns={[
        { title: "Structure", heads: true, cell: (one) => one.structureName },
        { title: "Envoyée le", cell: (one) => formatDate(one.openedAt) },
        { title: "Opposition possible jusqu'au", cell: (one) => formatDateTime(one.objectionUntil) },
        { title: "État", cell: (one) => <Tag tone={states[one.state].tone}>{states[one.state].label}</Tag> },
        { title: "Motif", cell: (one) => one.reason || "—" },
        {
          title: "Action",
          cell: (one) =>
            one.state === "open" ? (
              <Form token={ctx.formToken} action={`/organisation/reprise/${one.id}/retirer`} inline>
                <Button kind="secondary" small>
                  Retirer<span class="govuk-visually-hidden"> ma demande pour {one.structureName}</span>
                </Button>
              </Form>
            ) : (
              "—"
            ),
        },
      ]}
    />
  );
}

function ClaimPage({ ctx, form, claims }: { ctx: Context; form: FormState; claims: readonly ClaimRow[] }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Reprendre la gestion d'une structure"
      lead="Les gestionnaires de votre structure sont partis, ou personne ne répond ? Demandez à la reprendre."
      crumbs={crumbs}
      wide
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Details summary="Comment cela se passe">
        <Bullets
          items={[
            "Tous les gestionnaires actuels et l'adresse de contact de la structure sont prévenus.",
            `Pendant ${OBJECTION_DAYS} jours, l'un d'eux peut arrêter la reprise d'un seul geste.`,
            "Ensuite, l'opérateur du portail décide, d'après vos justifications.",
            "Si elle est acceptée, vous devenez gestionnaire principal ; les anciens gestionnaires sont suspendus.",
          ]}
        />
      </Details>
      <OwnClaims ctx={ctx} claims={claims} />
      <Form token={ctx.formToken} action="/organisation/reprise" state={form}>
        <Select
          form={form}
          name="type"
          label="Type d'identifiant"
          required
          value={ctx.one("type") || "SIRET"}
          options={identifierTypes.map((type) => ({ value: type.code, label: type.label }))}
        />
        <TextInput
          form={form}
          name="identifiant"
          label="Identifiant de la structure"
          required
          value={ctx.one("identifiant")}
          maxlength={30}
          width={20}
          spellcheck={false}
        />
        <Textarea
          form={form}
          name="justification"
          label="Justification"
          required
          rows={6}
          maxlength={2000}
          hint="Votre fonction, ce que sont devenus les gestionnaires, la décision ou le mandat qui vous désigne."
        />
        <FormFooter submit="Envoyer la demande" cancel="/mes-rattachements" />
      </Form>
    </Page>
  );
}

function claimantPages(portal: Portal): void {
  const own = (ctx: Context) => ctx.systemTx(eyes, (tx) => listOwnClaims(tx, ctx.who.accountId));
  portal.page({
    method: "GET",
    url: "/organisation/reprise",
    access: "account",
    handler: async (ctx) => ctx.html(<ClaimPage ctx={ctx} form={noForm} claims={await own(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/reprise",
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const again = async (form: FormState) =>
        ctx.html(<ClaimPage ctx={ctx} form={form} claims={await own(ctx)} />, 422);
      const wrong = (name: string, error: string) =>
        again({ values: typedValues(ctx.body), errors: { [name]: error } });
      const form = ctx.form({
        type: z.enum(
          identifierTypes.map((one) => one.code),
          { error: "Choisissez un type d'identifiant." },
        ),
        identifiant: text.required("Identifiant de la structure", 30),
        justification: text.required("Justification", 2000),
      });
      if (!form.ok) return again(form.state);
      const { type, identifiant, justification } = form.values;
      const identifier = structureIdentifier(type, identifiant);
      if (!identifier.ok) return wrong("identifiant", identifierText(identifier.refusal));
      const opened = await ctx.systemTx(eyes, async (tx, now) => {
        const structure = await findStructureByIdentifier(tx, type, identifier.value.value);
        return (
          structure &&
          openClaim(
            tx,
            { structureId: structure.id, accountId: ctx.who.accountId, justification },
            ctx.actor,
            now,
          )
        );
      });
      if (!opened) return wrong("identifiant", "Aucune structure du portail n'a cet identifiant.");
      if (!opened.ok) return wrong("identifiant", claimRefusalTexts[opened.refusal.code]);
      return ctx.redirect("/organisation/reprise", {
        confirmation: {
          title: "Votre demande de reprise est envoyée.",
          text: `Les gestionnaires de ${opened.value.structureName} ont ${OBJECTION_DAYS} jours pour s'y opposer. L'opérateur décidera ensuite.`,
        },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/reprise/:claimId/retirer",
    access: "account",
    handler: async (ctx) => {
      const done = await ctx.systemTx(eyes, (tx, now) =>
        withdrawClaim(tx, { claimId: ctx.id("claimId") }, ctx.actor, now),
      );
      if (!done.ok) throw forbidden(claimRefusalTexts[done.refusal.code]);
      return ctx.redirect("/organisation/reprise", {
        confirmation: { title: "Votre demande de reprise est retirée." },
      });
    },
  });
}

/** Asking to take a structure over, and, for its managers, stopping it. */
export function claimPages(portal: Portal): void {
  claimantPages(portal);
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/reprise",
    access: { action: "manager.name", on: "structure" },
    handler: async (ctx) => {
      const { structureId, structure } = ctx.membership;
      const [claim] = await ctx.systemTx("a claimant is no member that a manager may see", (tx) =>
        listOpenClaims(tx, [structureId]),
      );
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Demande de reprise"
          caption={structure.displayName}
          crumbs={[{ label: "Organisation", href: "/organisation" }]}
        >
          {!claim ? (
            <EmptyState>Personne ne demande à reprendre la gestion de cette structure.</EmptyState>
          ) : (
            <>
              <Banner tone="warning" title="Une personne demande à gérer cette structure à votre place.">
                <Paragraph>
                  Sans opposition avant le {formatDateTime(claim.objectionUntil)}, l'opérateur du portail
                  pourra l'accepter.
                </Paragraph>
              </Banner>
              <SummaryList
                rows={[
                  { label: "Demandée par", value: `${claim.claimantName} (${claim.claimantEmail})` },
                  { label: "Le", value: formatDateTime(claim.openedAt) },
                  { label: "Justification", value: claim.justification },
                ]}
              />
              <Form
                token={ctx.formToken}
                action={`/organisation/structures/${structureId}/reprise/${claim.id}/arreter`}
              >
                <FormFooter submit="Arrêter cette reprise" kind="warning" cancel="/organisation" />
              </Form>
            </>
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/reprise/:claimId/arreter",
    access: { action: "manager.name", on: "structure" },
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const done = await ctx.systemTx("the structure's own address is told too", (tx, now) =>
        stopClaim(tx, { claimId: ctx.id("claimId"), structureId }, ctx.actor, now),
      );
      if (!done.ok) throw forbidden(claimRefusalTexts[done.refusal.code]);
      return ctx.redirect(`/organisation/structures/${structureId}/reprise`, {
        confirmation: { title: "La reprise est arrêtée.", text: "La personne en est prévenue." },
      });
    },
  });
}
