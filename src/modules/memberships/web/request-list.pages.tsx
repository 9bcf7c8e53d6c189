import { forbidden } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { choices, typedValues } from "../../../web/read-form.ts";
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
  Select,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { defaultProfile } from "../../profiles/index.ts";
import { listOpenServices } from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { isAnsweredAlone, wishes } from "../domain/wishes.ts";
import { listRequests, MOST_REQUESTS, type RequestRow } from "../requests-store.ts";
import { type AnsweredRow, answerMany, type ManyAnswers, mayAnswer } from "../use-cases/answers.ts";
import { fullName, organisation } from "./person.tsx";
import { missingText, RefusalFields, refusalShape } from "./refusal-fields.tsx";
import { RequestTabs } from "./request-tabs.tsx";

const LIST = "/organisation/demandes";
const ANSWER = `${LIST}/repondre`;
const DAY_MS = 24 * 3_600_000;
const ages = [3, 7, 14] as const;

/** What a requester will do, in words. */
export const wishesText = (request: RequestRow): string =>
  request.wishes.map((wish) => wishes[wish]).join(" ; ") || "Non précisé";

/** The attachments under which the caller may answer requests somewhere. */
function answerable(ctx: Context): readonly CallerMembership[] {
  const found = ctx.who.memberships.filter((one) =>
    ctx.can("request.answer", { membership: one, serviceId: "any" }),
  );
  if (found.length === 0) throw forbidden(refusalTexts.NOT_ENTITLED);
  return found;
}

/** The requests that the caller may answer, as the address filters them. */
async function load(ctx: Context) {
  const members = answerable(ctx);
  const structure = members.find((one) => String(one.structureId) === ctx.one("structure"));
  const days = ages.find((one) => String(one) === ctx.one("age"));
  const shown = structure ? [structure] : members;
  const { found, services } = await ctx.tx(async (tx, now) => {
    const all = [];
    for (const one of shown) all.push(...(await listOpenServices(tx, one.structureId, now)));
    const service = all.find((one) => String(one.id) === ctx.one("service"));
    return {
      services: all,
      found: await listRequests(
        tx,
        shown.map((one) => one.structureId),
        {
          ...(service ? { serviceId: service.id } : {}),
          ...(days ? { askedBefore: new Date(now.getTime() - days * DAY_MS) } : {}),
        },
      ),
    };
  });
  const memberIn = (structureId: number) => members.find((one) => one.structureId === structureId);
  const requests = found.filter(
    (one) => one.accountId !== ctx.who.accountId && mayAnswer(memberIn(one.structureId)!, one, ctx.now),
  );
  return { members, memberIn, services, requests, isCut: found.length === MOST_REQUESTS };
}
type Loaded = Awaited<ReturnType<typeof load>>;

function Filters({ ctx, members, services }: { ctx: Context } & Pick<Loaded, "members" | "services">) {
  const select = (name: string, label: string, all: string, options: { value: string; label: string }[]) => (
    <Select
      form={noForm}
      name={name}
      label={label}
      required
      value={ctx.one(name)}
      options={[{ value: "tout", label: all }, ...options]}
    />
  );
  return (
    <form class="u-bulk" method="get" action={LIST}>
      {members.length > 1 &&
        select(
          "structure",
          "Structure",
          "Toutes",
          members.map((one) => ({ value: String(one.structureId), label: one.structure.displayName })),
        )}
      {services.length > 0 &&
        select(
          "service",
          "Service",
          "Tous",
          services.map((one) => ({ value: String(one.id), label: one.code })),
        )}
      {select(
        "age",
        "Attend depuis",
        "N'importe quand",
        ages.map((days) => ({ value: String(days), label: `Plus de ${days} jours` })),
      )}
      <Button kind="secondary">Filtrer</Button>
    </form>
  );
}

function ListPage({ ctx, loaded }: { ctx: Context; loaded: Loaded }) {
  const { members, services, requests, isCut } = loaded;
  const isFiltered = ["structure", "service", "age"].some((name) => !["", "tout"].includes(ctx.one(name)));
  return (
    <Page
      chrome={ctx.chrome}
      title="Demandes de rattachement"
      crumbs={[organisation]}
      wide
      actions={
        <ButtonLink kind="secondary" href={`${LIST}.csv`}>
          Exporter (CSV)
        </ButtonLink>
      }
    >
      <RequestTabs ctx={ctx} />
      {(requests.length > 0 || isFiltered) && <Filters ctx={ctx} members={members} services={services} />}
      {isCut && <Banner tone="info" title={`Seules les ${MOST_REQUESTS} plus anciennes sont montrées.`} />}
      {requests.length === 0 ? (
        isFiltered ? (
          <EmptyState action={{ href: LIST, label: "Voir toutes les demandes" }}>
            Aucune demande ne correspond à ces filtres.
          </EmptyState>
        ) : (
          <EmptyState>Aucune demande n'attend de réponse.</EmptyState>
        )
      ) : (
        <form method="get" action={ANSWER}>
          <RequestsTable ctx={ctx} requests={requests} />
          <div class="u-buttons">
            <Button kind="secondary" name="reponse" value="valider">
              Valider les demandes cochées
            </Button>
            <Button kind="secondary" name="reponse" value="refuser">
              Refuser les demandes cochées
            </Button>
          </div>
        </form>
      )}
    </Page>
  );
}

function RequestsTable({ ctx, requests }: { ctx: Context; requests: readonly RequestRow[] }) {
  return (
    <Table
      caption="Demandes en attente, de la plus ancienne à la plus récente"
      rows={requests}
      keyOf={(one) => one.id}
      columns={[
        {
          title: "Choisir",
          cell: (one) => (
            <RowBox name="demande" value={one.id} label={`Choisir la demande de ${fullName(one)}`} />
          ),
        },
        {
          title: "Personne",
          heads: true,
          cell: (one) => (
            <>
              <a href={`${LIST}/${one.id}?structureId=${one.structureId}`}>{fullName(one)}</a>
              <span class="u-muted u-small u-under">{one.signInEmail}</span>
            </>
          ),
        },
        { title: "Structure", cell: (one) => one.structureName },
        {
          title: "Niveau",
          cell: (one) =>
            one.scope === "structure" ? <span class="u-nowrap">Structure</span> : one.serviceCodes.join(", "),
        },
        { title: "Pour", cell: wishesText },
        {
          title: "Envoyée le",
          cell: (one) => (
            <span>
              {formatDateTime(one.askedAt)}
              <span class="u-muted u-small u-under">{ageOf(one, ctx.now)}</span>
            </span>
          ),
        },
        { title: "Message", cell: (one) => one.message || "—" },
      ]}
    />
  );
}

function ageOf({ askedAt }: RequestRow, now: Date): string {
  const days = Math.floor((now.getTime() - askedAt.getTime()) / DAY_MS);
  if (days === 0) return "depuis moins d'un jour";
  return `depuis ${days} jour${days > 1 ? "s" : ""}`;
}

/** The requests ticked in the list, among those that the caller may answer. */
const tickedAmong = (requests: readonly RequestRow[], raw: string | string[] | undefined) => {
  const ids = [raw ?? []].flat().flatMap((value) => value.split(","));
  return requests.filter((one) => ids.includes(String(one.id)));
};

type Chosen = {
  readonly requests: readonly RequestRow[];
  readonly kind: ManyAnswers["kind"];
};

const people = (count: number) => (count > 1 ? `${count} personnes recevront` : "Une personne recevra");

/** What accepting many will do, counted before it is done. */
async function sumOf(ctx: Context, requests: readonly RequestRow[]): Promise<readonly string[]> {
  const alone = requests.filter((one) => isAnsweredAlone(one.wishes));
  const others = requests.filter((one) => !alone.includes(one));
  const groups = Map.groupBy(others, (one) => one.structureId);
  // the set that each structure proposes first, by its number
  const presets = new Map<number, string>();
  await ctx.tx(async (tx) => {
    for (const structureId of groups.keys())
      presets.set(structureId, (await defaultProfile(tx, structureId)).name);
  });
  return [
    ...[...groups.values()].map(
      (group) =>
        `${people(group.length)} « ${presets.get(group[0]!.structureId)} », au niveau demandé, dans ${group[0]!.structureName}.`,
    ),
    ...(alone.length > 0
      ? [
          `${alone.map(fullName).join(", ")} : demande${alone.length > 1 ? "nt" : ""} à gérer les utilisateurs, à traiter à part.`,
        ]
      : []),
  ];
}

/** Whom a refusal is for. */
const refusedOf = (requests: readonly RequestRow[]) =>
  requests.map((one) => `${fullName(one)} (${one.signInEmail}), ${one.structureName}`);

function AnswerPage(props: {
  ctx: Context;
  chosen: Chosen;
  /** What the answer will do, or whom it is for. */
  says: readonly string[];
  form: FormState;
}) {
  const { ctx, says, form } = props;
  const { requests, kind } = props.chosen;
  const count = requests.length > 1 ? `${requests.length} demandes` : "une demande";
  return (
    <Page
      chrome={ctx.chrome}
      title={`${kind === "approve" ? "Valider" : "Refuser"} ${count}`}
      crumbs={[organisation, { label: "Demandes de rattachement", href: LIST }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Bullets items={says} />
      {kind === "approve" && (
        <Paragraph>
          Vérifiez que ces personnes travaillent bien pour vous. Pour donner moins, ou autre chose, répondez à
          une demande depuis sa page.
        </Paragraph>
      )}
      <Form token={ctx.formToken} action={ANSWER} state={form}>
        <input type="hidden" name="reponse" value={kind === "approve" ? "valider" : "refuser"} />
        <input type="hidden" name="demande" value={requests.map((one) => one.id).join(",")} />
        {kind === "refuse" && <RefusalFields form={form} />}
        <FormFooter
          submit={kind === "approve" ? "Valider ces demandes" : "Refuser ces demandes"}
          cancel={LIST}
          {...(kind === "refuse" ? { kind: "warning" as const } : {})}
        />
      </Form>
    </Page>
  );
}

function OutcomePage({
  ctx,
  kind,
  rows,
}: {
  ctx: Context;
  kind: ManyAnswers["kind"];
  rows: readonly AnsweredRow[];
}) {
  const stopped = rows.filter((one) => one.refusal !== null).length;
  const done = rows.length - stopped;
  return (
    <Page
      chrome={ctx.chrome}
      title="Demandes traitées"
      crumbs={[organisation, { label: "Demandes de rattachement", href: LIST }]}
      wide
    >
      <Banner
        tone={stopped === 0 ? "success" : "warning"}
        title={`${done} ${kind === "approve" ? "validée" : "refusée"}${done > 1 ? "s" : ""}, ${stopped} laissée${stopped > 1 ? "s" : ""} en attente. Chaque personne reçoit un message.`}
      />
      <Table
        caption="Résultat, demande par demande"
        rows={rows}
        keyOf={(one) => one.requestId}
        columns={[
          { title: "Personne", heads: true, cell: (one) => one.name },
          { title: "Structure", cell: (one) => one.structureName },
          {
            title: "Résultat",
            cell: (one) =>
              one.refusal !== null ? (
                <Tag tone="warning">En attente</Tag>
              ) : kind === "approve" ? (
                <Tag tone="success">Validée</Tag>
              ) : (
                <Tag tone="error">Refusée</Tag>
              ),
          },
          {
            title: "Détail",
            cell: (one) => (one.refusal === null ? (one.given ?? "—") : refusalTexts[one.refusal]),
          },
        ]}
      />
      <ButtonLink href={LIST}>Revenir aux demandes</ButtonLink>
    </Page>
  );
}

/** The requests that wait, and one answer to many of them: what it will do, then what it did. */
export function requestListPages(portal: Portal): void {
  const choose = async (ctx: Context, raw: RawAnswer): Promise<Chosen & Pick<Loaded, "memberIn">> => {
    const { requests, memberIn } = await load(ctx);
    const kind = raw.reponse === "refuser" ? "refuse" : "approve";
    return { requests: tickedAmong(requests, raw.demande), kind, memberIn };
  };
  const nothingChosen = (ctx: Context) =>
    ctx.html(
      <Page
        chrome={ctx.chrome}
        title="Répondre à des demandes"
        crumbs={[organisation, { label: "Demandes de rattachement", href: LIST }]}
      >
        <EmptyState action={{ href: LIST, label: "Revenir aux demandes" }}>
          Cochez au moins une demande qui attend, puis validez ou refusez.
        </EmptyState>
      </Page>,
      422,
    );
  portal.page({
    method: "GET",
    url: LIST,
    access: "account",
    handler: async (ctx) => ctx.html(<ListPage ctx={ctx} loaded={await load(ctx)} />),
  });
  portal.page({
    method: "GET",
    url: ANSWER,
    access: "account",
    handler: async (ctx) => {
      const chosen = await choose(ctx, ctx.query);
      if (chosen.requests.length === 0) return nothingChosen(ctx);
      const says = chosen.kind === "approve" ? await sumOf(ctx, chosen.requests) : refusedOf(chosen.requests);
      return ctx.html(<AnswerPage ctx={ctx} chosen={chosen} says={says} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: ANSWER,
    access: "account",
    handler: async (ctx) => {
      const chosen = await choose(ctx, ctx.body);
      if (chosen.requests.length === 0) return nothingChosen(ctx);
      const answer = readAnswer(ctx, chosen.kind);
      if ("state" in answer)
        return ctx.html(
          <AnswerPage ctx={ctx} chosen={chosen} says={refusedOf(chosen.requests)} form={answer.state} />,
          422,
        );
      const rows = await ctx.tx((tx, now) =>
        answerMany(tx, chosen.requests, answer, chosen.memberIn, ctx.actor, now),
      );
      return ctx.html(
        <OutcomePage ctx={ctx} kind={chosen.kind} rows={rows} />,
        rows.every((one) => one.refusal !== null) ? 422 : 200,
      );
    },
  });
}

type RawAnswer = { readonly demande?: string | string[]; readonly reponse?: string | string[] };

function readAnswer(ctx: Context, kind: ManyAnswers["kind"]): ManyAnswers | { readonly state: FormState } {
  if (kind === "approve") return { kind };
  const form = ctx.form({ reponse: choices, demande: choices, ...refusalShape });
  if (!form.ok) return { state: form.state };
  const unsaid = missingText(form.values);
  if (unsaid) return { state: { values: typedValues(ctx.body), errors: unsaid } };
  return { kind, reason: form.values.reason, text: form.values.text };
}
