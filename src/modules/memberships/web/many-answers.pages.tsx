import type { VNode } from "preact";
import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { forbidden } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { choices, type RawForm, type ReadForm } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  RowBox,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import type { Action, Member } from "../../rights/index.ts";
import { MOST_REQUESTS } from "../requests-store.ts";
import type { AnsweredRow, Asked, InTransaction } from "../use-cases/many-answers.ts";
import { fullName, organisation } from "./person.tsx";

/** A list of requests that are answered in number. */
export type RequestList = {
  readonly title: string;
  readonly href: string;
  /** What accepting is called there. */
  readonly accept: { readonly verb: string; readonly done: string };
};

/** One answer to many requests. */
type OneAnswer<Reason> = { readonly kind: "approve" } | ({ readonly kind: "refuse" } & Reason);

/** Who answers the requests of a list: what she must be allowed, and which requests are hers to answer. */
type Answerer<R extends Asked> = {
  readonly action: Action;
  readonly mayAnswer: (member: Member, request: R, now: Date) => boolean;
  /** What to tell who answers nowhere. */
  readonly otherwise: string;
};

/** What differs from one list of requests to the other. */
type Answering<R extends Asked, Code extends string, Reason> = {
  readonly list: RequestList;
  readonly answerer: Answerer<R>;
  /** Who asks, where, and what. */
  readonly asks: (request: R) => string;
  /** What accepting a request gives, as its form carries it: its author may ask for more after it was read. */
  readonly givenBy: (request: R) => string;
  /** The page of one request. */
  readonly sheetUrl: (request: R) => string;
  /** The requests of these numbers in these structures, answered ones included. */
  readonly find: (tx: Tx, structureIds: readonly number[], ids: readonly number[]) => Promise<readonly R[]>;
  /** What accepting them will do, line by line. */
  readonly sum: (ctx: Context, requests: readonly R[], memberIn: MemberIn) => Promise<readonly string[]>;
  /** What to think of before accepting. */
  readonly advice: string;
  readonly RefusalFields: (props: { form: FormState }) => VNode;
  readonly readRefusal: (ctx: Context, sent: typeof sentFields) => ReadForm<Reason>;
  readonly answer: (
    inTransaction: InTransaction,
    requests: readonly R[],
    answer: OneAnswer<Reason>,
    memberIn: MemberIn,
    actor: Actor,
  ) => Promise<readonly AnsweredRow<Code>[]>;
  readonly refusalTexts: { readonly [C in Code]: string };
};
type MemberIn = (structureId: number) => CallerMembership | undefined;

/**
 * Where the caller answers requests, and which: those that are hers to answer, never her own.
 * @throws HttpProblem 403 when she answers nowhere
 */
export function answererOf<R extends Asked>(ctx: Context, { action, mayAnswer, otherwise }: Answerer<R>) {
  const members = ctx.who.memberships.filter((one) => ctx.can(action, { membership: one, serviceId: "any" }));
  if (members.length === 0) throw forbidden(otherwise);
  const memberIn: MemberIn = (structureId) => members.find((one) => one.structureId === structureId);
  return {
    members,
    structureIds: members.map((one) => one.structureId),
    memberIn,
    isAnswerable: (one: R) =>
      one.accountId !== ctx.who.accountId && mayAnswer(memberIn(one.structureId)!, one, ctx.now),
  };
}

/** What the form of an answer sends beside its reason. */
const sentFields = { reponse: choices, demande: choices };
const answerUrl = (list: RequestList) => `${list.href}/repondre`;
/** What is sent of requests, no more than a list shows: their numbers, each with what it gives where that was read. */
const sentOf = (raw: RawForm): readonly string[] =>
  [raw.demande ?? []]
    .flat()
    .flatMap((value) => value.split(","))
    .slice(0, MOST_REQUESTS);
const ticks = (raw: RawForm): readonly number[] =>
  sentOf(raw)
    .map((one) => one.split(":")[0]!)
    .filter((id) => /^[1-9]\d{0,14}$/.test(id))
    .map(Number);
const crumbsOf = (list: RequestList) => [organisation, { label: list.title, href: list.href }];
const many = (count: number, word: string) => `${count} ${word}${count > 1 ? "s" : ""}`;

/** The box that chooses a request in its list. */
export const TickBox = ({ request }: { request: Asked }) => (
  <RowBox name="demande" value={request.id} label={`Choisir la demande de ${fullName(request)}`} />
);

/** A list of requests with what is done of those ticked. */
export function TickedRequests({ list, children }: { list: RequestList; children: VNode }) {
  return (
    <form method="get" action={answerUrl(list)}>
      {children}
      <div class="u-buttons">
        <Button kind="secondary" name="reponse" value="valider">
          {list.accept.verb} les demandes cochées
        </Button>
        <Button kind="secondary" name="reponse" value="refuser">
          Refuser les demandes cochées
        </Button>
      </div>
    </form>
  );
}

type Chosen<R extends Asked> = { readonly requests: readonly R[]; readonly kind: "approve" | "refuse" };

function AnswerPage<R extends Asked, Code extends string, Reason>(props: {
  ctx: Context;
  of: Answering<R, Code, Reason>;
  chosen: Chosen<R>;
  /** What the answer will do, or whom it is for. */
  says: readonly string[];
  form: FormState;
  /** Whether one asks for something else than what was read. */
  hasChanged?: boolean;
}) {
  const { ctx, says, form, hasChanged = false } = props;
  const { list, advice, RefusalFields, givenBy } = props.of;
  const { requests, kind } = props.chosen;
  const verb = kind === "approve" ? list.accept.verb : "Refuser";
  return (
    <Page
      chrome={ctx.chrome}
      title={`${verb} ${requests.length > 1 ? `${requests.length} demandes` : "une demande"}`}
      crumbs={crumbsOf(list)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {hasChanged && <Banner tone="warning" title="Une demande a changé depuis que vous l'avez lue." />}
      <Bullets items={says} />
      {kind === "approve" && <Paragraph>{advice}</Paragraph>}
      <Form token={ctx.formToken} action={answerUrl(list)} state={form}>
        <input type="hidden" name="reponse" value={kind === "approve" ? "valider" : "refuser"} />
        <input
          type="hidden"
          name="demande"
          value={requests.map((one) => `${one.id}:${givenBy(one)}`).join(",")}
        />
        {kind === "refuse" && <RefusalFields form={form} />}
        <FormFooter
          submit={`${verb} ${requests.length > 1 ? "ces demandes" : "cette demande"}`}
          cancel={list.href}
          {...(kind === "refuse" ? { kind: "warning" as const } : {})}
        />
      </Form>
    </Page>
  );
}

/** Whether a request that waits would now give something else than what was read in the form. */
const asksOtherwise = <R extends Asked>(
  { givenBy }: { readonly givenBy: (request: R) => string },
  { requests }: Chosen<R>,
  raw: RawForm,
): boolean =>
  requests.some((one) => {
    const read = sentOf(raw).find((sent) => sent.startsWith(`${one.id}:`));
    return one.state === "pending" && read !== undefined && read !== `${one.id}:${givenBy(one)}`;
  });

const COLLISION = "Quelqu'un d'autre agissait au même instant. Répondez de nouveau.";
const isAnswered = ({ refusal }: AnsweredRow<string>) => refusal === "ALREADY_ANSWERED";

function OutcomePage<R extends Asked, Code extends string, Reason>(props: {
  ctx: Context;
  of: Answering<R, Code, Reason>;
  chosen: Chosen<R>;
  rows: readonly AnsweredRow<Code>[];
}) {
  const { ctx, rows } = props;
  const { list, refusalTexts, sheetUrl } = props.of;
  const texts: { readonly [C in Code | "COLLISION"]: string } = { ...refusalTexts, COLLISION };
  const { requests, kind } = props.chosen;
  const accepted = kind === "approve";
  const answered = rows.filter(isAnswered).length;
  const waiting = rows.filter((one) => one.refusal !== null).length - answered;
  const done = rows.length - waiting - answered;
  const title = [
    many(done, accepted ? list.accept.done : "refusée"),
    `${many(waiting, "laissée")} en attente`,
    ...(answered > 0 ? [many(answered, "déjà répondue")] : []),
  ].join(", ");
  return (
    <Page chrome={ctx.chrome} title="Demandes traitées" crumbs={crumbsOf(list)} wide>
      <Banner
        tone={done === rows.length ? "success" : "warning"}
        title={`${title}.${done > 0 ? " Chaque personne reçoit un message." : ""}`}
      />
      <Table
        caption="Résultat, demande par demande"
        rows={rows}
        keyOf={(one) => one.requestId}
        columns={[
          {
            title: "Personne",
            heads: true,
            cell: (one) => (
              <a href={sheetUrl(requests.find((asked) => asked.id === one.requestId)!)}>{one.name}</a>
            ),
          },
          { title: "Structure", cell: (one) => one.structureName },
          {
            title: "Résultat",
            cell: (one) =>
              isAnswered(one) ? (
                <Tag tone="neutral">Déjà répondue</Tag>
              ) : one.refusal !== null ? (
                <Tag tone="warning">En attente</Tag>
              ) : accepted ? (
                <Tag tone="success">{`${list.accept.done[0]!.toUpperCase()}${list.accept.done.slice(1)}`}</Tag>
              ) : (
                <Tag tone="error">Refusée</Tag>
              ),
          },
          {
            title: "Détail",
            cell: (one) => (one.refusal === null ? (one.given ?? "—") : texts[one.refusal]),
          },
        ]}
      />
      <ButtonLink href={list.href}>Revenir aux demandes</ButtonLink>
    </Page>
  );
}

/** One answer to the requests ticked in a list: what it will do, then what it did, request by request. */
export function manyAnswersPages<R extends Asked, Code extends string, Reason>(
  portal: Portal,
  of: Answering<R, Code, Reason>,
): void {
  const { list } = of;
  const choose = async (ctx: Context, raw: RawForm): Promise<Chosen<R>> => {
    const { structureIds, isAnswerable } = answererOf(ctx, of.answerer);
    const found = await ctx.tx((tx) => of.find(tx, structureIds, ticks(raw)));
    return {
      requests: found.filter(isAnswerable),
      kind: raw.reponse === "refuser" ? "refuse" : "approve",
    };
  };
  const nothingChosen = (ctx: Context) =>
    ctx.html(
      <Page chrome={ctx.chrome} title="Répondre à des demandes" crumbs={crumbsOf(list)}>
        <EmptyState action={{ href: list.href, label: "Revenir aux demandes" }}>
          {`Cochez au moins une demande qui attend, puis choisissez « ${list.accept.verb} » ou « Refuser ».`}
        </EmptyState>
      </Page>,
      422,
    );
  const says = async (ctx: Context, { requests, kind }: Chosen<R>): Promise<readonly string[]> => {
    const waiting = requests.filter((one) => one.state === "pending");
    const answered = requests.filter((one) => one.state !== "pending");
    return [
      ...(kind === "approve"
        ? await of.sum(ctx, waiting, answererOf(ctx, of.answerer).memberIn)
        : waiting.map(of.asks)),
      ...answered.map((one) => `${fullName(one)} : cette demande n'attend plus de réponse.`),
    ];
  };
  portal.page({
    method: "GET",
    url: answerUrl(list),
    access: "account",
    handler: async (ctx) => {
      const chosen = await choose(ctx, ctx.query);
      if (chosen.requests.every((one) => one.state !== "pending")) return nothingChosen(ctx);
      return ctx.html(
        <AnswerPage ctx={ctx} of={of} chosen={chosen} says={await says(ctx, chosen)} form={noForm} />,
      );
    },
  });
  portal.page({
    method: "POST",
    url: answerUrl(list),
    access: "account",
    handler: async (ctx) => {
      const chosen = await choose(ctx, ctx.body);
      if (chosen.requests.length === 0) return nothingChosen(ctx);
      if (chosen.kind === "approve" && asksOtherwise(of, chosen, ctx.body))
        return ctx.html(
          <AnswerPage
            ctx={ctx}
            of={of}
            chosen={chosen}
            says={await says(ctx, chosen)}
            form={noForm}
            hasChanged
          />,
          409,
        );
      let answer: OneAnswer<Reason> = { kind: "approve" };
      if (chosen.kind === "refuse") {
        const refusal = of.readRefusal(ctx, sentFields);
        if (!refusal.ok)
          return ctx.html(
            <AnswerPage
              ctx={ctx}
              of={of}
              chosen={chosen}
              says={await says(ctx, chosen)}
              form={refusal.state}
            />,
            422,
          );
        answer = { kind: "refuse", ...refusal.values };
      }
      const { memberIn } = answererOf(ctx, of.answerer);
      const rows = await of.answer((work) => ctx.tx(work), chosen.requests, answer, memberIn, ctx.actor);
      return ctx.html(
        <OutcomePage ctx={ctx} of={of} chosen={chosen} rows={rows} />,
        rows.every((one) => one.refusal !== null) ? 422 : 200,
      );
    },
  });
}
