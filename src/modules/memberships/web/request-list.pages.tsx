import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import { Banner, Button, ButtonLink, EmptyState, noForm, Select, Table } from "../../../web/ui/index.ts";
import { defaultProfile } from "../../profiles/index.ts";
import { listOpenServices } from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { isAnsweredAlone, wishes } from "../domain/wishes.ts";
import { listRequests, listTickedRequests, MOST_REQUESTS, type RequestRow } from "../requests-store.ts";
import { answerMany, mayAnswer } from "../use-cases/answers.ts";
import { answererOf, manyAnswersPages, TickBox, TickedRequests } from "./many-answers.pages.tsx";
import { fullName, organisation } from "./person.tsx";
import { missingText, RefusalFields, refusalShape } from "./refusal-fields.tsx";
import { RequestTabs } from "./request-tabs.tsx";

const LIST = "/organisation/demandes";
const list = {
  title: "Demandes de rattachement",
  href: LIST,
  accept: { verb: "Valider", done: "validée" },
};
const sheetUrl = (one: RequestRow) => `${LIST}/${one.id}?structureId=${one.structureId}`;
const DAY_MS = 24 * 3_600_000;
const ages = [3, 7, 14] as const;

/** What a requester will do, in words. */
export const wishesText = (request: RequestRow): string =>
  request.wishes.map((wish) => wishes[wish]).join(" ; ") || "Non précisé";

const answerer = { action: "request.answer", mayAnswer, otherwise: refusalTexts.NOT_ENTITLED } as const;

/** The requests that the caller may answer, as the address filters them. */
async function load(ctx: Context) {
  const { members, isAnswerable } = answererOf<RequestRow>(ctx, answerer);
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
  const requests = found.filter(isAnswerable);
  return { members, services, requests, isCut: found.length === MOST_REQUESTS };
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
      title={list.title}
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
        <TickedRequests list={list}>
          <RequestsTable ctx={ctx} requests={requests} />
        </TickedRequests>
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
        { title: "Choisir", cell: (one) => <TickBox request={one} /> },
        {
          title: "Personne",
          heads: true,
          cell: (one) => (
            <>
              <a href={sheetUrl(one)}>{fullName(one)}</a>
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

const levelOf = (one: RequestRow): string =>
  one.scope === "structure" ? "toute la structure" : one.serviceCodes.join(", ");

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
    ...others.map((one) => `${fullName(one)} (${one.signInEmail}) : ${levelOf(one)}.`),
    ...(alone.length > 0
      ? [
          `${alone.map(fullName).join(", ")} : demande${alone.length > 1 ? "nt" : ""} à gérer les utilisateurs, à traiter à part.`,
        ]
      : []),
  ];
}

/** The requests that wait, and one answer to many of them. */
export function requestListPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: LIST,
    access: "account",
    handler: async (ctx) => ctx.html(<ListPage ctx={ctx} loaded={await load(ctx)} />),
  });
  manyAnswersPages(portal, {
    list,
    answerer,
    asks: (one) => `${fullName(one)} (${one.signInEmail}), ${one.structureName}`,
    givenBy: (one) => [one.scope, ...one.serviceIds].join("."),
    sheetUrl,
    find: listTickedRequests,
    sum: sumOf,
    advice:
      "Vérifiez que ces personnes travaillent bien pour vous. Pour donner moins, ou autre chose, répondez à une demande depuis sa page.",
    RefusalFields,
    readRefusal: (ctx, sent) => {
      const form = ctx.form({ ...sent, ...refusalShape });
      const unsaid = form.ok ? missingText(form.values) : null;
      return unsaid ? { ok: false, state: { values: typedValues(ctx.body), errors: unsaid } } : form;
    },
    answer: answerMany,
    refusalTexts,
  });
}
