import { forbidden } from "../../../web/access.ts";
import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Button,
  Card,
  EmptyState,
  Form,
  type FormState,
  Heading,
  noForm,
  Paragraph,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import { claimRefusalTexts } from "../domain/claim.ts";
import { proposalRefusalTexts } from "../domain/proposal.ts";
import {
  type ClaimRow,
  listMainManagers,
  listObjections,
  listOpenClaims,
  type ProposalRow,
} from "../store.ts";
import { decideClaim } from "../use-cases/claims.ts";
import { answerProposal } from "../use-cases/proposals.ts";

const eyes = "the operator decides on structures she is no member of";
type Shown = {
  readonly claims: readonly { readonly claim: ClaimRow; readonly managers: readonly string[] }[];
  readonly objections: readonly ProposalRow[];
};

async function toDecide(ctx: Context): Promise<Shown> {
  return ctx.systemTx(eyes, async (tx) => {
    const shown: Shown["claims"][number][] = [];
    for (const claim of await listOpenClaims(tx, null))
      shown.push({
        claim,
        managers: (await listMainManagers(tx, claim.structureId)).map(
          (one) => `${one.name} (${one.address})`,
        ),
      });
    return { claims: shown, objections: await listObjections(tx) };
  });
}

function ClaimsPage({
  ctx,
  shown: { claims, objections },
  refusedId,
  form,
}: {
  ctx: Context;
  shown: Shown;
  refusedId: number | null;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Reprises à décider"
      lead="Une reprise s'accepte après sept jours sans opposition, et se refuse à tout moment."
      crumbs={[OPERATOR]}
      hasErrors={refusedId !== null}
    >
      {claims.length === 0 && <EmptyState>Aucune demande de reprise n'est en cours.</EmptyState>}
      {claims.map(({ claim, managers }) => (
        <Card key={claim.id}>
          <Heading>{claim.structureName}</Heading>
          <SummaryList
            rows={[
              { label: "Identifiant", value: formatIdentifier(claim.identifierValue) },
              { label: "Demandée par", value: `${claim.claimantName} (${claim.claimantEmail})` },
              { label: "Le", value: formatDateTime(claim.openedAt) },
              { label: "Gestionnaires actuels", value: managers.join(", ") || "Aucun" },
              { label: "Opposition possible jusqu'au", value: formatDateTime(claim.objectionUntil) },
              { label: "Justification", value: claim.justification },
            ]}
          />
          {ctx.now < claim.objectionUntil ? (
            <Paragraph>Les gestionnaires peuvent encore s'opposer : l'acceptation attend.</Paragraph>
          ) : (
            <Form token={ctx.formToken} action={`/operateur/reprises/${claim.id}/accepter`}>
              <Button>Accepter la reprise par {claim.claimantName}</Button>
            </Form>
          )}
          <Form
            token={ctx.formToken}
            action={`/operateur/reprises/${claim.id}/refuser`}
            state={refusedId === claim.id ? form : noForm}
          >
            <TextInput
              form={refusedId === claim.id ? form : noForm}
              name="reason"
              label="Motif du refus"
              required
              maxlength={500}
            />
            <Button kind="warning">Refuser la reprise par {claim.claimantName}</Button>
          </Form>
        </Card>
      ))}
      {objections.length > 0 && <Heading>Retraits de gestionnaires contestés</Heading>}
      {objections.map((one) => (
        <Card key={one.id} title={`${one.personName} · ${one.structureName}`}>
          <SummaryList
            rows={[
              { label: "Retrait demandé par", value: `${one.authorName} (${one.authorAddress})` },
              { label: "Le", value: formatDateTime(one.proposedAt) },
              { label: "Motif", value: one.reason },
              { label: "Opposition", value: one.answer },
            ]}
          />
          <div class="u-buttons">
            {(
              [
                ["confirmer", "Retirer le rôle"],
                ["abandonner", "Abandonner le retrait"],
              ] as const
            ).map(([verb, label]) => (
              <Form
                token={ctx.formToken}
                action={`/operateur/reprises/retraits/${one.id}/${verb}`}
                inline
                key={verb}
              >
                <Button kind="secondary">
                  {label}
                  <span class="govuk-visually-hidden"> de {one.personName}</span>
                </Button>
              </Form>
            ))}
          </div>
        </Card>
      ))}
    </Page>
  );
}

/** The operator's decisions on take-overs. */
export function operatorClaimPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/operateur/reprises",
    access: "operator",
    handler: async (ctx) =>
      ctx.html(<ClaimsPage ctx={ctx} shown={await toDecide(ctx)} refusedId={null} form={noForm} />),
  });
  const decide = async (ctx: Context, kind: "accept" | "refuse", reason: string) => {
    const done = await ctx.systemTx(eyes, (tx, now) =>
      decideClaim(tx, { claimId: ctx.id("claimId"), kind, reason }, { ...ctx.actor, means: "operator" }, now),
    );
    if (!done.ok) throw forbidden(claimRefusalTexts[done.refusal.code]);
    return ctx.redirect("/operateur/reprises", {
      confirmation: {
        title: `La reprise de ${done.value.structureName} est ${kind === "accept" ? "acceptée" : "refusée"}.`,
      },
    });
  };
  portal.page({
    method: "POST",
    url: "/operateur/reprises/:claimId/accepter",
    access: "operator",
    fresh: true,
    handler: (ctx) => decide(ctx, "accept", ""),
  });
  portal.page({
    method: "POST",
    url: "/operateur/reprises/:claimId/refuser",
    access: "operator",
    fresh: true,
    handler: async (ctx) => {
      const form = ctx.form({ reason: text.required("Motif du refus", 500) });
      if (!form.ok)
        return ctx.html(
          <ClaimsPage
            ctx={ctx}
            shown={await toDecide(ctx)}
            refusedId={ctx.id("claimId")}
            form={{ values: typedValues(ctx.body), errors: form.state.errors }}
          />,
          422,
        );
      return decide(ctx, "refuse", form.values.reason);
    },
  });
  for (const [verb, kind, says] of [
    ["confirmer", "confirm", "Le rôle est retiré."],
    ["abandonner", "dismiss", "Le retrait est abandonné."],
  ] as const)
    portal.page({
      method: "POST",
      url: `/operateur/reprises/retraits/:proposalId/${verb}`,
      access: "operator",
      fresh: true,
      handler: async (ctx) => {
        const done = await ctx.systemTx(eyes, (tx, now) =>
          answerProposal(
            tx,
            { id: ctx.id("proposalId"), kind, text: "" },
            { accountId: ctx.who.accountId, structureId: null },
            { ...ctx.actor, means: "operator" },
            now,
          ),
        );
        if (!done.ok) throw forbidden(proposalRefusalTexts[done.refusal.code]);
        return ctx.redirect("/operateur/reprises", { confirmation: { title: says } });
      },
    });
}
