import type { Readable } from "node:stream";
import { z } from "zod";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { type Place, readPlace, readSorting, writePlace, writeSorting } from "../../../shared/sorting.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { type CsvColumn, csvFile, inBatches, sendCsvFile } from "../../../web/csv.ts";
import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import { listAddress } from "../../../web/list-address.ts";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { box, idChoice, text, typedValues } from "../../../web/read-form.ts";
import { readValidity } from "../../../web/read-validity.ts";
import {
  ButtonLink,
  Card,
  Checkbox,
  Code,
  DateTimeInput,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  ListSearch,
  noForm,
  Pagination,
  Select,
  SummaryList,
  sortFilter,
  Table,
  Tag,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { type JournalRow, listJournalOf } from "../../audit/index.tsx";
import { everybody, listMembers, type MembershipRow } from "../../memberships/index.ts";
import { SERVICE_CODE_MAX, type ServiceState, serviceState } from "../domain/service.ts";
import {
  findService,
  findStructure,
  type ListedService,
  listServices,
  type ServiceRow,
  type ServiceSearch,
  type StructureRow,
  serviceOrders,
} from "../store.ts";
import {
  changeService,
  createService,
  disableService,
  enableService,
  ServiceCodeTaken,
  type ServiceRefusal,
  serviceTexts,
} from "../use-cases/services.ts";
import { StructureTabs } from "./structure-tabs.tsx";

const organisation = { label: "Organisation", href: "/organisation" };
const stateTags: {
  readonly [S in ServiceState]: { readonly tone: "success" | "info" | "neutral"; readonly label: string };
} = {
  planned: { tone: "info", label: "À venir" },
  active: { tone: "success", label: "Actif" },
  ended: { tone: "neutral", label: "Terminé" },
  disabled: { tone: "neutral", label: "Désactivé" },
};

function ServiceTag({ service, now }: { service: Parameters<typeof serviceState>[0]; now: Date }) {
  const { tone, label } = stateTags[serviceState(service, now)];
  return <Tag tone={tone}>{label}</Tag>;
}

/** « Créer un service », exactly the guide's form. */
function CreatePage({
  ctx,
  structures,
  chosen,
  form,
}: {
  ctx: Context;
  structures: readonly CallerMembership[];
  chosen: CallerMembership;
  form: FormState;
}) {
  const isPublic = chosen.structure.kind === "public";
  return (
    <Page
      chrome={ctx.chrome}
      title="Créer un service"
      lead="Créer un nouveau service lié à une structure."
      crumbs={[organisation, { label: "Services", href: "/organisation/services" }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/organisation/services/nouveau" state={form}>
        {structures.length > 1 ? (
          <Select
            form={form}
            name="structureId"
            label="Choisir la structure"
            required
            value={String(chosen.structureId)}
            options={structures.map((one) => ({
              value: String(one.structureId),
              label: `${formatIdentifier(one.structure.identifierValue)} – ${one.structure.displayName}`,
            }))}
          />
        ) : (
          <>
            <input type="hidden" name="structureId" value={chosen.structureId} />
            <SummaryList
              rows={[
                {
                  label: "Structure",
                  value: <Code>{formatIdentifier(chosen.structure.identifierValue)}</Code>,
                },
                { label: "Raison sociale", value: chosen.structure.displayName },
              ]}
            />
          </>
        )}
        <Card title="Informations générales">
          <TextInput
            form={form}
            name="code"
            label="Code de service"
            required
            maxlength={SERVICE_CODE_MAX + 20}
            spellcheck={false}
            hint="100 caractères au plus. Court, stable et sans accents : vos fournisseurs le saisissent."
          />
          <TextInput form={form} name="label" label="Libellé du service" required maxlength={255} />
          <Textarea
            form={form}
            name="description"
            label="Description"
            rows={3}
            maxlength={1000}
            hint="Vue par vos fournisseurs dans l'annuaire."
          />
        </Card>
        <Card title="Paramètres">
          <DateTimeInput
            form={form}
            name="startsAt"
            label="Date de début d'activation"
            required
            value={toFrenchDateTime(ctx.now)}
          />
          <DateTimeInput form={form} name="endsAt" label="Date de fin d'activation" />
          {(isPublic || structures.some((one) => one.structure.kind === "public")) && (
            <Checkbox
              form={form}
              name="commitmentRequired"
              label="Le numéro d'engagement est obligatoire"
              hint={isPublic ? undefined : "Structures publiques seulement."}
            />
          )}
        </Card>
        <FormFooter cancel="/organisation/services" />
      </Form>
    </Page>
  );
}

function EditPage({
  ctx,
  structure,
  service,
  form,
}: {
  ctx: Context;
  structure: StructureRow;
  service: ServiceRow;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Modifier le service ${service.code}`}
      caption={structure.displayName}
      crumbs={crumbsOf(structure)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={service.version} />
        <TextInput
          form={form}
          name="label"
          label="Libellé du service"
          required
          value={service.label}
          maxlength={255}
        />
        <Textarea
          form={form}
          name="description"
          label="Description"
          rows={3}
          maxlength={1000}
          value={service.description}
        />
        <DateTimeInput
          form={form}
          name="startsAt"
          label="Date de début d'activation"
          required
          value={toFrenchDateTime(service.startsAt)}
        />
        <DateTimeInput
          form={form}
          name="endsAt"
          label="Date de fin d'activation"
          value={service.endsAt ? toFrenchDateTime(service.endsAt) : ""}
        />
        {structure.kind === "public" && (
          <Checkbox
            form={form}
            name="commitmentRequired"
            label="Le numéro d'engagement est obligatoire"
            checked={service.commitmentRequired}
          />
        )}
        <FormFooter cancel={sheetOf(service)} />
      </Form>
    </Page>
  );
}

function SheetPage({
  ctx,
  structure,
  service,
  people,
  actions,
}: {
  ctx: Context;
  structure: StructureRow;
  service: ServiceRow;
  people: readonly MembershipRow[] | null;
  actions: readonly JournalRow[] | null;
}) {
  const canChange = !service.reserved && ctx.can("service.update", { serviceId: service.id });
  const state = serviceState(service, ctx.now);
  const change = canChange ? { href: `${sheetOf(service)}/modifier` } : undefined;
  return (
    <Page
      chrome={ctx.chrome}
      title={service.label}
      caption={`Service ${service.code} · ${structure.displayName}`}
      crumbs={crumbsOf(structure)}
      wide
      actions={<ServiceTag service={service} now={ctx.now} />}
    >
      <Card title="Informations générales">
        <SummaryList
          rows={[
            { label: "Code de service", value: <Code>{service.code}</Code> },
            { label: "Libellé", value: service.label, change },
            { label: "Description", value: service.description || "Aucune", change },
            { label: "Début d'activation", value: formatDateTime(service.startsAt), change },
            {
              label: "Fin d'activation",
              value: service.endsAt ? formatDateTime(service.endsAt) : "Aucune",
              change,
            },
            ...(structure.kind === "public"
              ? [
                  {
                    label: "Numéro d'engagement",
                    value:
                      service.commitmentRequired || structure.commitmentRequired
                        ? "Obligatoire"
                        : "Facultatif",
                    change,
                  },
                ]
              : []),
          ]}
        />
      </Card>
      {people && <People ctx={ctx} people={people} service={service} />}
      {actions && actions.length > 0 && (
        <Table
          caption="Historique du service"
          rows={actions}
          keyOf={(row) => row.seq}
          columns={[
            { title: "Le", heads: true, cell: (row) => formatDateTime(row.at) },
            { title: "Action", cell: (row) => `${row.actorLabel} ${row.sentence}` },
            { title: "Motif", cell: (row) => row.reason || "—" },
          ]}
        />
      )}
      {canChange && (
        <Form
          token={ctx.formToken}
          action={`${sheetOf(service)}/${state === "disabled" || state === "ended" ? "activer" : "desactiver"}`}
        >
          <input type="hidden" name="version" value={service.version} />
          <FormFooter
            submit={
              state === "disabled" || state === "ended" ? "Activer le service" : "Désactiver le service"
            }
          />
        </Form>
      )}
    </Page>
  );
}

function People({
  ctx,
  people,
  service,
}: {
  ctx: Context;
  people: readonly MembershipRow[];
  service: ServiceRow;
}) {
  if (people.length === 0)
    return (
      <EmptyState
        action={
          ctx.can("member.attach", { serviceId: service.id })
            ? {
                href: `/organisation/utilisateurs/rattacher?structureId=${service.structureId}`,
                label: "Rattacher un utilisateur",
              }
            : undefined
        }
      >
        Personne n'est rattaché à ce service en particulier. Les personnes rattachées à toute la structure y
        ont accès.
      </EmptyState>
    );
  return (
    <Table
      caption="Personnes rattachées à ce service"
      rows={people}
      keyOf={(one) => one.id}
      columns={[
        {
          title: "Personne",
          heads: true,
          cell: (one) => (
            <a href={`/organisation/structures/${one.structureId}/utilisateurs/${one.id}`}>
              {one.firstName} {one.lastName}
            </a>
          ),
        },
        { title: "Adresse", cell: (one) => one.signInEmail },
        { title: "Jusqu'au", cell: (one) => (one.endsAt ? formatDateTime(one.endsAt) : "—") },
      ]}
    />
  );
}

function ListPage({
  ctx,
  services,
  search,
  next,
}: {
  ctx: Context;
  services: readonly ListedService[];
  search: ServiceSearch;
  next: Place | null;
}) {
  const { words, state, sorting } = search;
  const { structureId, structure } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer un service"
      searched={words}
      caption={structure.displayName}
      crumbs={[organisation]}
      wide
      actions={
        <>
          <ButtonLink kind="secondary" href={listUrl(ctx, {}, "/organisation/services.csv")}>
            Exporter (CSV)
          </ButtonLink>
          {ctx.can("service.create") && (
            <>
              <ButtonLink kind="secondary" href={`/organisation/imports/services?structureId=${structureId}`}>
                Importer
              </ButtonLink>
              <ButtonLink href={`/organisation/services/nouveau?structureId=${structureId}`}>
                Créer un service
              </ButtonLink>
            </>
          )}
        </>
      }
    >
      <StructureTabs ctx={ctx} current="services" />
      <ListSearch
        label="Code, libellé ou description"
        value={words}
        action="/organisation/services"
        hidden={{ structureId: String(structureId) }}
        filters={[
          {
            name: "etat",
            label: "État",
            value: state ?? "",
            options: [
              { value: "", label: "Tous" },
              ...serviceStates.map((value) => ({ value, label: stateTags[value].label })),
            ],
          },
          sortFilter(orders, sorting),
        ]}
      />
      {services.length === 0 ? (
        <EmptyState
          action={
            ctx.can("service.create")
              ? {
                  href: `/organisation/services/nouveau?structureId=${structureId}`,
                  label: "Créer un service",
                }
              : undefined
          }
        >
          {words || state
            ? "Aucun service ne correspond à cette recherche."
            : "Aucun service. Ils servent à organiser la réception des factures et à répartir le travail ; ils ne sont pas obligatoires."}
        </EmptyState>
      ) : (
        <Table
          caption="Services"
          rows={services}
          keyOf={(service) => service.id}
          sorting={{
            current: sorting,
            href: (other) => listUrl(ctx, { tri: writeSorting(other) }),
          }}
          columns={[
            {
              title: "Code",
              sort: "code",
              heads: true,
              cell: (service) => <a href={sheetOf(service)}>{service.code}</a>,
            },
            { title: "Libellé", sort: "libelle", cell: (service) => service.label },
            { title: "État", cell: (service) => <ServiceTag service={service} now={ctx.now} /> },
            { title: "Personnes", cell: (service) => service.peopleCount },
            {
              title: "Début",
              sort: "debut",
              nowrap: true,
              cell: (service) => formatDateTime(service.startsAt),
            },
            {
              title: "Fin",
              sort: "fin",
              cell: (service) => (service.endsAt ? formatDateTime(service.endsAt) : "—"),
            },
            ...(structure.kind === "public"
              ? [
                  {
                    title: "Engagement",
                    cell: (service: ListedService) => (service.commitmentRequired ? "Obligatoire" : "—"),
                  },
                ]
              : []),
          ]}
        />
      )}
      <Pagination
        first={ctx.one("apres") ? listUrl(ctx) : null}
        next={next && listUrl(ctx, { apres: writePlace(next) })}
      />
    </Page>
  );
}

const PAGE_SIZE = 50;
const CSV_BATCH = 1000;
const preset: ServiceSearch["sorting"] = { by: "code", descending: false };
const everyService: ServiceSearch = { words: "", state: null, sorting: preset };
const orders: readonly (readonly [ServiceSearch["sorting"], string])[] = [
  [preset, "Par code"],
  [{ by: "code", descending: true }, "Par code, de Z à A"],
  [{ by: "libelle", descending: false }, "Par libellé"],
  [{ by: "libelle", descending: true }, "Par libellé, de Z à A"],
  [{ by: "debut", descending: false }, "Du premier ouvert au dernier"],
  [{ by: "debut", descending: true }, "Du dernier ouvert au premier"],
  [{ by: "fin", descending: false }, "Du premier fermé au dernier"],
  [{ by: "fin", descending: true }, "Sans fin, puis du dernier fermé"],
];
const serviceStates = ["active", "planned", "ended", "disabled"] as const satisfies readonly ServiceState[];

/** The search that an address asks for. */
function searchOf(ctx: Context): ServiceSearch {
  return {
    words: ctx.one("q").trim().slice(0, 100),
    state: serviceStates.find((state) => state === ctx.one("etat")) ?? null,
    sorting: readSorting(ctx.one("tri"), serviceOrders, preset),
  };
}

/** The address of the list, or of its file, with the filters of the page. */
const listUrl = (
  ctx: Context,
  change: Readonly<Record<string, string>> = {},
  path = "/organisation/services",
): string => listAddress(ctx, path, ["q", "etat", "tri"], change);

const csvColumns = (now: Date): readonly CsvColumn<ListedService>[] => [
  ["Code", (service) => service.code],
  ["Libellé", (service) => service.label],
  ["Description", (service) => service.description],
  ["Début", (service) => toFrenchDateTime(service.startsAt)],
  ["Fin", (service) => (service.endsAt ? toFrenchDateTime(service.endsAt) : "")],
  ["Engagement obligatoire", (service) => (service.commitmentRequired ? "oui" : "non")],
  ["État", (service) => stateTags[serviceState(service, now)].label],
  ["Personnes", (service) => String(service.peopleCount)],
];

/** The services of the structure of the page as a CSV file; all of them unless a search says which. */
export function servicesFile(ctx: Context, search: ServiceSearch = everyService): Readable {
  const { structureId } = ctx.membership;
  return csvFile(
    csvColumns(ctx.now),
    inBatches<ListedService>(CSV_BATCH, (after) =>
      ctx.tx((tx, now) =>
        listServices(tx, structureId, search, { after: after && placeOf(after), limit: CSV_BATCH }, now),
      ),
    ),
  );
}

const placeOf = ({ sortValue, id }: ListedService): Place => ({ value: sortValue, id });
const sheetOf = (service: Pick<ServiceRow, "id" | "structureId">) =>
  `/organisation/structures/${service.structureId}/services/${service.id}`;
const crumbsOf = (structure: StructureRow) => [
  organisation,
  { label: structure.displayName, href: `/organisation/structures/${structure.id}` },
  { label: "Services", href: `/organisation/services?structureId=${structure.id}` },
];

const datesShape = {
  label: text.required("Libellé du service", 255),
  description: text.optional("Description", 1000),
  startsAt: z.string().default(""),
  endsAt: z.string().default(""),
  commitmentRequired: box,
};

const ACTIONS_SHOWN = 20;

/** Who works in a service and what was done to it, as far as the reader may know. */
async function around(ctx: Context, service: ServiceRow) {
  return ctx.tx(async (tx) => ({
    people: ctx.can("member.list", { serviceId: service.id })
      ? await listMembers(tx, service.structureId, { ...everybody, serviceIds: [service.id] }, null)
      : null,
    actions: ctx.can("journal.read")
      ? await listJournalOf(tx, service.structureId, { kind: "service", id: service.id }, ACTIONS_SHOWN)
      : null,
  }));
}

async function load(ctx: Context): Promise<{ structure: StructureRow; service: ServiceRow }> {
  return ctx.tx(async (tx) => {
    const structure = await findStructure(tx, ctx.membership.structureId);
    const service = await findService(tx, ctx.membership.structureId, ctx.id("serviceId"));
    if (!structure || !service) throw notFound();
    return { structure, service };
  });
}

/** « Créer un service », « Gérer un service » and the sheet of a service. */
export function servicePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/services",
    access: { action: "service.read", on: "structure" },
    handler: async (ctx) => {
      const search = searchOf(ctx);
      const page = { after: readPlace(ctx.one("apres")), limit: PAGE_SIZE + 1 };
      const found = await ctx.tx((tx, now) =>
        listServices(tx, ctx.membership.structureId, search, page, now),
      );
      const services = found.slice(0, PAGE_SIZE);
      const next = found.length > PAGE_SIZE ? placeOf(services.at(-1)!) : null;
      return ctx.html(<ListPage ctx={ctx} services={services} search={search} next={next} />);
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/services.csv",
    access: { action: "service.read", on: "structure" },
    handler: (ctx) => sendCsvFile(ctx.reply, "services.csv", servicesFile(ctx, searchOf(ctx))),
  });
  const creatable = (ctx: Context) =>
    ctx.who.memberships.filter((one) => ctx.can("service.create", { membership: one }));
  portal.page({
    method: "GET",
    url: "/organisation/services/nouveau",
    access: "account",
    handler: (ctx) => {
      const structures = creatable(ctx);
      const asked = ctx.one("structureId") || String(ctx.who.current?.structureId ?? "");
      const chosen = structures.find((one) => String(one.structureId) === asked) ?? structures[0];
      if (!chosen)
        throw forbidden(
          "Il vous faut l'habilitation « Organisation – structures », en modification, pour créer un service. Demandez-la à un gestionnaire principal.",
        );
      return ctx.html(<CreatePage ctx={ctx} structures={structures} chosen={chosen} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/services/nouveau",
    access: { action: "service.create", on: "structure" },
    handler: async (ctx) => {
      const structures = creatable(ctx);
      const again = (state: FormState, status = 422) =>
        ctx.html(
          <CreatePage ctx={ctx} structures={structures} chosen={ctx.membership} form={state} />,
          status,
        );
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        code: text.required("Code de service", 1000),
        ...datesShape,
      });
      if (!form.ok) return again(form.state);
      const dates = readValidity(form.values);
      if ("errors" in dates) return again({ values: typedValues(ctx.body), errors: dates.errors });
      const { structureId, code, label, description, commitmentRequired } = form.values;
      const refuse = (refusal: ServiceRefusal["code"]) => {
        const { field, text: says } = serviceTexts[refusal];
        return again({ values: typedValues(ctx.body), errors: { [field]: says } });
      };
      try {
        const created = await ctx.tx((tx, now) =>
          createService(
            tx,
            { structureId, code, label, description, commitmentRequired, ...dates },
            ctx.who.accountId,
            ctx.actor,
            now,
          ),
        );
        if (!created.ok) return refuse(created.refusal.code);
        const state = serviceState(created.value, ctx.now);
        const since = formatDateTime(created.value.startsAt);
        return ctx.redirect(sheetOf(created.value), {
          confirmation: {
            title: "L'envoi des données pour « Créer un service » a bien été effectuée",
            text: `Le service ${created.value.code} est créé. ${state === "active" ? `Il est actif depuis le ${since}.` : state === "planned" ? `Il sera actif à partir du ${since}.` : "Sa date de fin est passée : il n'est pas actif."}`,
            next: [
              {
                label: "Rattacher des personnes à ce service",
                href: `/organisation/utilisateurs/rattacher?structureId=${structureId}`,
              },
              {
                label: "Créer un autre service",
                href: `/organisation/services/nouveau?structureId=${structureId}`,
              },
            ],
          },
        });
      } catch (error) {
        if (error instanceof ServiceCodeTaken) return refuse("SERVICE_CODE_TAKEN");
        throw error;
      }
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/services/:serviceId",
    access: { action: "service.read", on: "structure" },
    handler: async (ctx) => {
      const found = await load(ctx);
      return ctx.html(<SheetPage ctx={ctx} {...found} {...(await around(ctx, found.service))} />);
    },
  });
  const mayChange = (ctx: Context, service: ServiceRow) => {
    if (!ctx.can("service.update", { serviceId: service.id })) throw forbidden();
  };
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/services/:serviceId/modifier",
    access: { action: "service.update", on: "structure" },
    handler: async (ctx) => {
      const found = await load(ctx);
      mayChange(ctx, found.service);
      return ctx.html(<EditPage ctx={ctx} {...found} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/services/:serviceId/modifier",
    access: { action: "service.update", on: "structure" },
    handler: async (ctx) => {
      const found = await load(ctx);
      mayChange(ctx, found.service);
      const form = ctx.form({ version: z.coerce.number().int(), ...datesShape });
      if (!form.ok) return ctx.html(<EditPage ctx={ctx} {...found} form={form.state} />, 422);
      const dates = readValidity(form.values);
      if ("errors" in dates)
        return ctx.html(
          <EditPage ctx={ctx} {...found} form={{ values: typedValues(ctx.body), errors: dates.errors }} />,
          422,
        );
      const { label, description } = form.values;
      const commitmentRequired = found.structure.kind === "public" && form.values.commitmentRequired;
      const changed = await ctx.tx((tx, now) =>
        changeService(
          tx,
          {
            structureId: found.structure.id,
            serviceId: found.service.id,
            version: form.values.version,
            change: { label, description, commitmentRequired, ...dates },
          },
          ctx.actor,
          now,
        ),
      );
      if (!changed.ok) {
        const { field, text: says } = serviceTexts[changed.refusal.code];
        return ctx.html(
          <EditPage
            ctx={ctx}
            {...found}
            form={{ values: typedValues(ctx.body), errors: { [field]: says } }}
          />,
          changed.refusal.code === "CHANGED_MEANWHILE" ? 409 : 422,
        );
      }
      return ctx.redirect(sheetOf(found.service), {
        confirmation: { title: `Le service ${found.service.code} est modifié.` },
      });
    },
  });
  for (const [verb, act, done] of [
    ["desactiver", disableService, "désactivé"],
    ["activer", enableService, "activé"],
  ] as const)
    portal.page({
      method: "POST",
      url: `/organisation/structures/:structureId/services/:serviceId/${verb}`,
      access: { action: "service.update", on: "structure" },
      handler: async (ctx) => {
        const { service } = await load(ctx);
        mayChange(ctx, service);
        const form = ctx.form({ version: z.coerce.number().int() });
        const answer = await ctx.tx((tx, now) =>
          act(
            tx,
            {
              structureId: service.structureId,
              serviceId: service.id,
              version: form.ok ? form.values.version : 0,
            },
            ctx.actor,
            now,
          ),
        );
        return ctx.redirect(sheetOf(service), {
          confirmation: {
            title: answer.ok
              ? `Le service ${service.code} est ${done}.`
              : serviceTexts[answer.refusal.code].text,
          },
        });
      },
    });
}
