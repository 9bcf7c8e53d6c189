import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  Card,
  EmptyState,
  Form,
  type FormState,
  noForm,
  Paragraph,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import { type DeactivationToAnswer, listDeactivationsToAnswer } from "../deactivation-store.ts";
import { answerTexts } from "../domain/deactivation.ts";
import { answerDeactivation } from "../use-cases/deactivation.ts";
import { consequencesOf, countTouched, type Touched } from "./deactivation-parts.tsx";

const eyes = "the operator decides on structures she is no member of";
const url = "/operateur/desactivations";

type ToAnswer = { readonly request: DeactivationToAnswer; readonly touched: Touched };
/** What a form that was refused says, and in which request. */
type Refused = { readonly requestId: number; readonly form: FormState };

function AnswerCard({ ctx, request, touched, form }: ToAnswer & { ctx: Context; form: FormState }) {
  return (
    <Card title={request.structureName}>
      <SummaryList
        rows={[
          { label: "SIRET", value: formatIdentifier(request.identifierValue) },
          { label: "Demandée par", value: `${request.requesterName} (${request.requesterEmail})` },
          { label: "Le", value: formatDateTime(request.askedAt) },
          { label: "Motif", value: request.reason },
        ]}
      />
      <Paragraph>Une fois désactivée :</Paragraph>
      <Bullets items={consequencesOf(touched, "operator")} />
      {request.isOwn ? (
        <Paragraph>{answerTexts.OWN_STRUCTURE}</Paragraph>
      ) : (
        <>
          {request.requesterManages ? (
            <Form token={ctx.formToken} action={`${url}/${request.id}/accepter`}>
              <Button kind="warning">Désactiver {request.structureName}</Button>
            </Form>
          ) : (
            <Paragraph>{answerTexts.REQUESTER_GONE}</Paragraph>
          )}
          <Form token={ctx.formToken} action={`${url}/${request.id}/refuser`} state={form}>
            <TextInput form={form} name="reason" label="Motif du refus" required maxlength={500} />
            <Button kind="secondary">
              Refuser<span class="govuk-visually-hidden"> de désactiver {request.structureName}</span>
            </Button>
          </Form>
        </>
      )}
    </Card>
  );
}

async function show(ctx: Context, status = 200, refused: Refused | null = null, says: string | null = null) {
  const toAnswer = await ctx.systemTx(eyes, async (tx, now) => {
    const requests = await listDeactivationsToAnswer(tx, ctx.who.accountId);
    return Promise.all(
      requests.map(async (request): Promise<ToAnswer> => {
        return { request, touched: await countTouched(tx, request.structureId, now) };
      }),
    );
  });
  return ctx.html(
    <Page
      chrome={ctx.chrome}
      title="Désactivations à décider"
      lead="Une structure publique se désactive avec votre accord. Tant que vous n'avez pas répondu, elle reste active."
      crumbs={[OPERATOR]}
      hasErrors={status !== 200}
    >
      {says && <Banner tone="error" title={says} />}
      {toAnswer.length === 0 && <EmptyState>Aucune désactivation n'est demandée.</EmptyState>}
      {toAnswer.map(({ request, touched }) => (
        <AnswerCard
          key={request.id}
          {...{ ctx, request, touched }}
          form={refused?.requestId === request.id ? refused.form : noForm}
        />
      ))}
    </Page>,
    status,
  );
}

/** The operator agrees that a public structure be deactivated, or refuses. */
export function operatorDeactivationPages(portal: Portal): void {
  portal.page({ method: "GET", url, access: "operator", handler: (ctx) => show(ctx) });
  const answer = async (ctx: Context, how: { answer: "agree" | "refuse"; reason: string }) => {
    const done = await ctx.systemTx(eyes, (tx, now) =>
      answerDeactivation(
        tx,
        { requestId: ctx.id("requestId"), ...how },
        { ...ctx.actor, means: "operator" },
        now,
      ),
    );
    if (!done.ok) return show(ctx, 409, null, answerTexts[done.refusal.code]);
    const { structureName } = done.value;
    return ctx.redirect(url, {
      confirmation: {
        title:
          how.answer === "agree"
            ? `${structureName} est désactivée.`
            : `${structureName} reste active : ses gestionnaires lisent votre motif.`,
      },
    });
  };
  portal.page({
    method: "POST",
    url: `${url}/:requestId/accepter`,
    access: "operator",
    fresh: true,
    handler: (ctx) => answer(ctx, { answer: "agree", reason: "" }),
  });
  portal.page({
    method: "POST",
    url: `${url}/:requestId/refuser`,
    access: "operator",
    fresh: true,
    handler: async (ctx) => {
      const form = ctx.form({ reason: text.required("Motif du refus", 500) });
      if (form.ok) return answer(ctx, { answer: "refuse", reason: form.values.reason });
      const state = { values: typedValues(ctx.body), errors: form.state.errors };
      return show(ctx, 422, { requestId: ctx.id("requestId"), form: state });
    },
  });
}
