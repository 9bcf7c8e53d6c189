import type { ComponentChildren } from "preact";
import { readPlace, writePlace } from "../../../shared/sorting.ts";
import { Page } from "../../../web/layout.tsx";
import { listAddress } from "../../../web/list-address.ts";
import type { Context, Portal } from "../../../web/portal.ts";
import {
  Button,
  EmptyState,
  Link,
  ListSearch,
  noForm,
  Pagination,
  Select,
  SubNav,
  Table,
} from "../../../web/ui/index.ts";
import { type Application, applicationsOf } from "../../rights/index.ts";
import { listOpenServices, type ServiceRow, serviceChoices } from "../../structures/index.ts";
import {
  type HolderRow,
  listGivenSets,
  listHolders,
  listHoldersOnService,
  type ServiceHolderRow,
} from "../grants-store.ts";
import { everybody, type ListedMember, listMembers, PAGE_SIZE } from "../store.ts";
import { mayActOn } from "../use-cases/changes.ts";
import { memberUrl, organisation, rightsUrl } from "./person.tsx";

const URL = "/organisation/habilitations";
const views = [
  { code: "application", label: "Par application" },
  { code: "personne", label: "Par personne" },
  { code: "service", label: "Par service" },
] as const;
type View = (typeof views)[number]["code"];

/** The frame of the three views: the same question, asked of an application, a person or a service. */
function ViewPage(props: {
  ctx: Context;
  view: View;
  services: readonly ServiceRow[];
  children: ComponentChildren;
}) {
  const { ctx, view, services } = props;
  const { structureId, structure } = ctx.membership;
  const shown = views.filter((one) => one.code !== "service" || services.length > 0);
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer les habilitations"
      searched={ctx.one("q")}
      lead="Qui peut faire quoi, et sur quel service ? Ouvrez une personne pour changer ses droits."
      caption={structure.displayName}
      crumbs={[organisation]}
      wide
    >
      <SubNav
        label="Vues"
        items={shown.map((one) => ({
          href: `${URL}?structureId=${structureId}&vue=${one.code}`,
          label: one.label,
          current: one.code === view,
        }))}
      />
      {props.children}
    </Page>
  );
}

/** What a view is asked for: choices that stay in the address. */
function Choice({ ctx, view, children }: { ctx: Context; view: View; children: ComponentChildren }) {
  return (
    <form class="u-bulk" method="get" action={URL}>
      <input type="hidden" name="structureId" value={ctx.membership.structureId} />
      <input type="hidden" name="vue" value={view} />
      {children}
      <Button kind="secondary">Afficher</Button>
    </form>
  );
}

const PersonLink = ({ one, structureId }: { one: HolderRow | ServiceHolderRow; structureId: number }) => (
  <Link href={memberUrl({ structureId, id: one.membershipId })}>
    {one.lastName} {one.firstName}
  </Link>
);

/** « Qui peut traiter les factures reçues ? » : an application, and who may act in it, everywhere or on a service. */
function HoldersView(props: {
  ctx: Context;
  application: Application;
  services: readonly ServiceRow[];
  service: ServiceRow | undefined;
  holders: readonly HolderRow[];
}) {
  const { ctx, application, services, service, holders } = props;
  const { structureId, structure } = ctx.membership;
  return (
    <ViewPage ctx={ctx} view="application" services={services}>
      <Choice ctx={ctx} view="application">
        <Select
          form={noForm}
          name="application"
          label="Application"
          required
          value={application.code}
          options={applicationsOf(structure.kind).map((one) => ({ value: one.code, label: one.label }))}
        />
        {services.length > 0 && (
          <Select
            form={noForm}
            name="service"
            label="Service"
            required
            value={service ? String(service.id) : "tous"}
            options={[
              { value: "tous", label: "Tous" },
              ...services.map((one) => ({ value: String(one.id), label: one.code })),
            ]}
          />
        )}
      </Choice>
      {holders.length === 0 ? (
        <EmptyState>Personne n'a de droit sur « {application.label} ».</EmptyState>
      ) : (
        <Table
          caption={`Qui peut agir dans « ${application.label} »${service ? `, sur ${service.code}` : ""} ?`}
          rows={holders}
          keyOf={(one) => `${one.membershipId}-${one.serviceId ?? 0}`}
          columns={[
            {
              title: "Personne",
              heads: true,
              cell: (one) => <PersonLink one={one} structureId={structureId} />,
            },
            {
              title: "Droit",
              cell: (one) =>
                one.level === "write" ? (application.hasRead ? "Modification" : "Oui") : "Consultation",
            },
            { title: "Sur", cell: (one) => one.serviceCode ?? "Toute la structure" },
            {
              title: "Au titre de",
              cell: (one) => (one.role === "mainManager" ? "Gestionnaire principal" : "Habilitation"),
            },
          ]}
        />
      )}
    </ViewPage>
  );
}

/** « Qui travaille sur ce service, et que peut-on y faire ? » */
function ServiceView(props: {
  ctx: Context;
  services: readonly ServiceRow[];
  service: ServiceRow;
  holders: readonly ServiceHolderRow[];
}) {
  const { ctx, services, service, holders } = props;
  const { structureId, structure } = ctx.membership;
  const known = applicationsOf(structure.kind).filter((one) => one.byService);
  const labels = ({ role, rights }: ServiceHolderRow, level: "read" | "write") =>
    known
      .filter(({ code }) => {
        const levels = rights.filter((one) => one.application === code).map((one) => one.level);
        const held = role === "mainManager" || levels.includes("write") ? "write" : levels[0];
        return held === level;
      })
      .map((one) => one.label)
      .join(" ; ") || "—";
  return (
    <ViewPage ctx={ctx} view="service" services={services}>
      <Choice ctx={ctx} view="service">
        <Select
          form={noForm}
          name="service"
          label="Service"
          required
          value={String(service.id)}
          options={serviceChoices(services)}
        />
      </Choice>
      <Table
        caption={`Qui peut agir sur ${service.code} ?`}
        rows={holders}
        keyOf={(one) => one.membershipId}
        columns={[
          {
            title: "Personne",
            heads: true,
            cell: (one) => (
              <>
                <PersonLink one={one} structureId={structureId} />
                {one.role === "mainManager" && (
                  <span class="u-muted u-small u-under">Gestionnaire principal</span>
                )}
              </>
            ),
          },
          { title: "En modification", cell: (one) => labels(one, "write") },
          { title: "En consultation", cell: (one) => labels(one, "read") },
        ]}
      />
    </ViewPage>
  );
}

type PersonRow = { readonly member: ListedMember; readonly sets: readonly (string | null)[] };

/** What somebody's rights come from, in a word. */
function setWords({ member, sets }: PersonRow): string {
  if (member.role === "mainManager") return "Gestionnaire principal";
  if (sets.length === 0) return "Aucun droit";
  return sets.length === 1 && sets[0] ? sets[0] : "Sur mesure";
}

/** « Que peut cette personne ? » : each leads to the editor of her rights. */
function PeopleView(props: {
  ctx: Context;
  services: readonly ServiceRow[];
  rows: readonly PersonRow[];
  words: string;
  first: string | null;
  next: string | null;
}) {
  const { ctx, services, rows, words } = props;
  const canChange = ({ member }: PersonRow) =>
    member.role === "member" &&
    member.accountId !== ctx.who.accountId &&
    mayActOn(ctx.membership, member.openServiceIds, member.scope, ctx.now);
  return (
    <ViewPage ctx={ctx} view="personne" services={services}>
      <ListSearch
        label="Nom ou adresse électronique"
        value={words}
        action={URL}
        hidden={{ structureId: String(ctx.membership.structureId), vue: "personne" }}
      />
      {rows.length === 0 ? (
        <EmptyState>Personne ne correspond à cette recherche.</EmptyState>
      ) : (
        <Table
          caption="Personnes rattachées"
          rows={rows}
          keyOf={({ member }) => member.id}
          columns={[
            {
              title: "Personne",
              heads: true,
              cell: (one) => (
                <a href={canChange(one) ? rightsUrl(one.member) : memberUrl(one.member)}>
                  {one.member.lastName} {one.member.firstName}
                </a>
              ),
            },
            { title: "Adresse", cell: ({ member }) => member.signInEmail },
            { title: "Droits", cell: setWords },
            {
              title: "Sur",
              cell: ({ member }) =>
                member.scope === "structure" ? "Toute la structure" : member.serviceCodes.join(", "),
            },
          ]}
        />
      )}
      <Pagination first={props.first} next={props.next} />
    </ViewPage>
  );
}

/** « Gérer les habilitations » : who may do what, by application, by person, by service. */
export function rightsViewPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: URL,
    access: { action: "member.list", on: "structure" },
    handler: async (ctx) => {
      const { structureId, structure, serviceIds } = ctx.membership;
      const seen = ctx.can("member.list", { serviceId: null }) ? null : serviceIds;
      const services = (await ctx.tx((tx, now) => listOpenServices(tx, structureId, now))).filter(
        (one) => seen === null || seen.includes(one.id),
      );
      const service = services.find((one) => one.id === Number(ctx.one("service")));
      if (ctx.one("vue") === "personne") return people(ctx, services, seen);
      const asked = service ?? services[0];
      if (ctx.one("vue") === "service" && asked) {
        const holders = await ctx.tx((tx, now) => listHoldersOnService(tx, structureId, asked.id, seen, now));
        return ctx.html(<ServiceView {...{ ctx, services, service: asked, holders }} />);
      }
      const known = applicationsOf(structure.kind);
      const application = known.find((one) => one.code === ctx.one("application")) ?? known[0]!;
      const found = await ctx.tx((tx, now) => listHolders(tx, structureId, application.code, seen, now));
      const holders = found.filter(
        (one) => !service || one.serviceId === null || one.serviceId === service.id,
      );
      return ctx.html(<HoldersView {...{ ctx, application, services, service, holders }} />);
    },
  });
}

async function people(ctx: Context, services: readonly ServiceRow[], seen: readonly number[] | null) {
  const { structureId } = ctx.membership;
  const words = ctx.one("q").trim().slice(0, 100);
  const after = readPlace(ctx.one("apres"));
  const { found, sets } = await ctx.tx(async (tx) => {
    const found = await listMembers(tx, structureId, { ...everybody, words, serviceIds: seen }, after);
    return {
      found,
      sets: await listGivenSets(
        tx,
        found.map((one) => one.id),
      ),
    };
  });
  const rows = found.slice(0, PAGE_SIZE).map((member) => ({ member, sets: sets.get(member.id) ?? [] }));
  const last = rows.at(-1)?.member;
  const address = (change: Readonly<Record<string, string>> = {}) =>
    listAddress(ctx, URL, ["vue", "q"], change);
  const next =
    found.length > PAGE_SIZE && last
      ? address({ apres: writePlace({ value: last.sortValue, id: last.id }) })
      : null;
  return ctx.html(<PeopleView {...{ ctx, services, rows, words, first: after ? address() : null, next }} />);
}
