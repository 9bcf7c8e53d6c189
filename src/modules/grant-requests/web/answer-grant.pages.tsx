import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Card,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Radios,
  SummaryList,
  Table,
  Textarea,
} from "../../../web/ui/index.ts";
import {
  answererOf,
  manyAnswersPages,
  RequestTabs,
  refusalTexts,
  TickBox,
  TickedRequests,
} from "../../memberships/index.ts";
import type { Member } from "../../rights/index.ts";
import { grantRequestRefusalTexts } from "../domain/grant-request.ts";
import {
  findGrantRequest,
  type GrantRequestRow,
  listPendingGrantRequests,
  listTickedGrantRequests,
} from "../store.ts";
import {
  type AnswerInput,
  answerGrantRequest,
  answerGrantRequests,
  askedWords,
  holdsWhatIsAsked,
  mayAnswerGrant,
} from "../use-cases/grant-requests.ts";

const list = {
  title: "Demandes d'habilitation",
  href: "/organisation/demandes/habilitations",
  accept: { verb: "Accorder", done: "accordée" },
};
const crumbs = [
  { label: "Organisation", href: "/organisation" },
  { label: list.title, href: list.href },
];
const answerTexts = { ...refusalTexts, ...grantRequestRefusalTexts };
const refusalShape = { reason: text.required("Motif", 500) };
const fullName = (one: GrantRequestRow) => `${one.firstName} ${one.lastName}`;
const sheetUrl = (one: GrantRequestRow) =>
  `/organisation/structures/${one.structureId}/demandes-d-habilitation/${one.id}`;

const ReasonField = ({ form }: { form: FormState }) => (
  <Textarea
    form={form}
    name="reason"
    label="Motif"
    required
    rows={2}
    maxlength={500}
    hint="La personne le lira."
  />
);

function AnswerPage({ ctx, request, form }: { ctx: Context; request: GrantRequestRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Demande d'habilitation de ${fullName(request)}`}
      caption={request.structureName}
      crumbs={crumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <SummaryList
        rows={[
          {
            label: "Personne",
            value: (
              <Link
                href={`/organisation/structures/${request.structureId}/utilisateurs/${request.membershipId}`}
              >
                {fullName(request)}
              </Link>
            ),
          },
          { label: "Demande", value: askedWords(request) },
          { label: "Envoyée le", value: formatDateTime(request.askedAt) },
          { label: "Message", value: request.message || "Aucun" },
        ]}
      />
      {request.state !== "pending" ? (
        <Banner tone="info" title="Cette demande a déjà reçu une réponse." />
      ) : (
        <>
          <Card title="Accepter">
            <Form token={ctx.formToken} action={`${sheetUrl(request)}/accepter`} state={form}>
              <Radios
                form={form}
                name="level"
                label="Niveau donné"
                required
                value={request.level}
                options={[
                  { value: "read", label: "Consultation" },
                  ...(request.level === "write" ? [{ value: "write", label: "Modification" }] : []),
                ]}
              />
              <FormFooter submit="Accepter la demande" cancel={list.href} />
            </Form>
          </Card>
          <Card title="Refuser">
            <Form token={ctx.formToken} action={`${sheetUrl(request)}/refuser`}>
              <ReasonField form={form} />
              <FormFooter submit="Refuser la demande" kind="warning" />
            </Form>
          </Card>
        </>
      )}
    </Page>
  );
}

const answerer = {
  action: "member.change",
  mayAnswer: mayAnswerGrant,
  otherwise:
    "Il vous faut l'habilitation de gérer les utilisateurs d'une structure pour répondre à ces demandes.",
} as const;

const asks = (request: GrantRequestRow): string =>
  `${fullName(request)} (${request.signInEmail}), ${request.structureName} : ${askedWords(request)}`;

/** What accepting a request gives, or why it would not be given. */
function whatIsGiven(request: GrantRequestRow, member: Member, now: Date): string {
  return holdsWhatIsAsked(member, request, now)
    ? asks(request)
    : `${asks(request)}. Vous n'avez pas ce droit : la demande restera en attente.`;
}

/** What managers do with the rights asked of them. */
export function answerGrantPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: list.href,
    access: "account",
    handler: async (ctx) => {
      const { structureIds, isAnswerable } = answererOf<GrantRequestRow>(ctx, answerer);
      const pending = await ctx.tx((tx) => listPendingGrantRequests(tx, structureIds));
      const requests = pending.filter(isAnswerable);
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title={list.title}
          crumbs={[{ label: "Organisation", href: "/organisation" }]}
          wide
        >
          <RequestTabs ctx={ctx} />
          {requests.length === 0 ? (
            <EmptyState>Aucune demande n'attend de réponse.</EmptyState>
          ) : (
            <TickedRequests list={list}>
              <Table
                caption="Demandes en attente, de la plus ancienne à la plus récente"
                rows={requests}
                keyOf={(one) => one.id}
                columns={[
                  { title: "Choisir", cell: (one) => <TickBox request={one} /> },
                  {
                    title: "Personne",
                    heads: true,
                    cell: (one) => <a href={sheetUrl(one)}>{fullName(one)}</a>,
                  },
                  { title: "Structure", cell: (one) => one.structureName },
                  { title: "Habilitation", cell: askedWords },
                  { title: "Envoyée le", cell: (one) => formatDateTime(one.askedAt) },
                  { title: "Message", cell: (one) => one.message || "—" },
                ]}
              />
            </TickedRequests>
          )}
        </Page>,
      );
    },
  });
  manyAnswersPages(portal, {
    list,
    answerer,
    asks,
    givenBy: (one) => [one.application, one.level, ...one.serviceIds].join("."),
    sheetUrl,
    find: listTickedGrantRequests,
    sum: async (ctx, requests, memberIn) =>
      requests.map((one) => whatIsGiven(one, memberIn(one.structureId)!, ctx.now)),
    advice:
      "Chaque droit s'ajoute à ceux que la personne a déjà. Pour donner moins, répondez à une demande depuis sa page.",
    RefusalFields: ReasonField,
    readRefusal: (ctx, sent) => ctx.form({ ...sent, ...refusalShape }),
    answer: answerGrantRequests,
    refusalTexts: answerTexts,
  });
  const access = { action: "member.change", on: "structure" } as const;
  const url = "/organisation/structures/:structureId/demandes-d-habilitation/:grantRequestId";
  const load = async (ctx: Context): Promise<GrantRequestRow> => {
    const request = await ctx.tx((tx) =>
      findGrantRequest(tx, ctx.membership.structureId, ctx.id("grantRequestId")),
    );
    if (!request || !mayAnswerGrant(ctx.membership, request, ctx.now)) throw notFound();
    return request;
  };
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => ctx.html(<AnswerPage ctx={ctx} request={await load(ctx)} form={noForm} />),
  });
  const answer = async (
    ctx: Context,
    request: GrantRequestRow,
    given: AnswerInput["answer"],
    says: string,
  ) => {
    const done = await ctx.tx((tx, now) =>
      answerGrantRequest(tx, { requestId: request.id, answer: given }, ctx.membership, ctx.actor, now),
    );
    if (!done.ok) {
      const { code } = done.refusal;
      if (code === "CANNOT_ANSWER_SELF" || code === "NOT_YOURS_TO_ANSWER")
        throw forbidden(grantRequestRefusalTexts[code]);
      const form = { values: typedValues(ctx.body), errors: { level: answerTexts[code] } };
      return ctx.html(
        <AnswerPage ctx={ctx} request={await load(ctx)} form={form} />,
        code === "ALREADY_ANSWERED" ? 409 : 422,
      );
    }
    return ctx.redirect(list.href, {
      confirmation: {
        title: `La demande de ${done.value.name} est ${says}.`,
        text: "Un message la ou le prévient.",
      },
    });
  };
  portal.page({
    method: "POST",
    url: `${url}/accepter`,
    access,
    handler: async (ctx) => {
      const request = await load(ctx);
      const form = ctx.form({ level: z.enum(["read", "write"], { error: "Choisissez le niveau donné." }) });
      if (!form.ok) return ctx.html(<AnswerPage ctx={ctx} request={request} form={form.state} />, 422);
      return answer(ctx, request, { kind: "approve", level: form.values.level }, "acceptée");
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/refuser`,
    access,
    handler: async (ctx) => {
      const request = await load(ctx);
      const form = ctx.form(refusalShape);
      if (!form.ok) return ctx.html(<AnswerPage ctx={ctx} request={request} form={form.state} />, 422);
      return answer(ctx, request, { kind: "refuse", reason: form.values.reason }, "refusée");
    },
  });
}
