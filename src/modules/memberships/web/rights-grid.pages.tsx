import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  RowSelect,
  Select,
  Table,
} from "../../../web/ui/index.ts";
import { levelOptions, offeredProfiles } from "../../profiles/index.ts";
import {
  type Application,
  actsText,
  applicationsOf,
  explainRights,
  type ReadyProfile,
} from "../../rights/index.ts";
import { listOpenServices, type ServiceRow } from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import type { RightLine } from "../domain/rights-changes.ts";
import { type GridColumn, rightsOfGrid } from "../domain/rights-grid.ts";
import { type GrantRow, type HolderRow, listGrants, listHolders } from "../grants-store.ts";
import { findMembership, type MembershipRow } from "../store.ts";
import { changeRightsByService, mayActOn } from "../use-cases/changes.ts";

const organisation = { label: "Organisation", href: "/organisation" };
const access = { action: "member.change", on: "structure" } as const;
const LEVELS = ["none", "read", "write"] as const;

type Sheet = {
  readonly member: MembershipRow;
  readonly grants: readonly GrantRow[];
  /** The services on which she may have rights: those of her attachment, or all of the structure's. */
  readonly services: readonly ServiceRow[];
  readonly profiles: readonly ReadyProfile[];
};

async function loadSheet(ctx: Context): Promise<Sheet> {
  const { structureId } = ctx.membership;
  const sheet = await ctx.tx(async (tx, now) => {
    const member = await findMembership(tx, structureId, ctx.id("membershipId"));
    if (!member || member.state === "ended" || member.role === "mainManager") throw notFound();
    const open = await listOpenServices(tx, structureId, now);
    return {
      member,
      grants: await listGrants(tx, member.id),
      services:
        member.scope === "structure" ? open : open.filter((one) => member.openServiceIds.includes(one.id)),
      profiles: await offeredProfiles(tx, structureId),
    };
  });
  if (!mayActOn(ctx.membership, sheet.member.openServiceIds, sheet.member.scope, ctx.now)) throw forbidden();
  return sheet;
}

const memberUrl = (member: Pick<MembershipRow, "structureId" | "id">) =>
  `/organisation/structures/${member.structureId}/utilisateurs/${member.id}`;
const nameOf = (member: Pick<MembershipRow, "firstName" | "lastName">) =>
  `${member.firstName} ${member.lastName}`;
const fieldOf = (application: string, column: GridColumn) =>
  `droit-${application}${column === null ? "" : `-${column}`}`;

/** The cells of a grid: services do not limit every application. */
const cellsOf = (applications: readonly Application[], columns: readonly GridColumn[]) =>
  applications.flatMap((application) =>
    columns
      .filter((column) => column === null || application.byService)
      .map((column) => ({ application, column, name: fieldOf(application.code, column) })),
  );

/** Every column that an attachment may have. */
const columnsOf = ({ member, services }: Sheet): readonly GridColumn[] => [
  ...(member.scope === "structure" ? [null] : []),
  ...services.map((one) => one.id),
];

/** The columns that are shown at first: of a whole structure, only the services that carry a right or are asked for. */
const columnsAtFirst = (sheet: Sheet, asked: number): readonly GridColumn[] =>
  columnsOf(sheet).filter(
    (column) =>
      column === null ||
      sheet.member.scope === "service" ||
      column === asked ||
      sheet.grants.some((one) => one.serviceId === column),
  );

type Shown = { readonly columns: readonly GridColumn[]; readonly form: FormState };

function Grid({ ctx, sheet, shown }: { ctx: Context; sheet: Sheet; shown: Shown }) {
  const { form, columns } = shown;
  const titleOf = (column: GridColumn) =>
    sheet.services.find((one) => one.id === column)?.code ?? "Toute la structure";
  const levelOf = (application: string, column: GridColumn) =>
    sheet.grants.find((one) => one.application === application && one.serviceId === column)?.level ?? "none";
  return (
    <Table
      caption={`Habilitations de ${nameOf(sheet.member)}`}
      rows={applicationsOf(ctx.membership.structure.kind)}
      keyOf={(one) => one.code}
      columns={[
        { title: "Application", heads: true, cell: (one) => one.label },
        ...columns.map((column) => ({
          title: titleOf(column),
          cell: (one: Application) => {
            if (column !== null && !one.byService) return "—";
            const name = fieldOf(one.code, column);
            const typed = form.values[name];
            return (
              <RowSelect
                name={name}
                label={`${one.label}, ${titleOf(column)}`}
                options={levelOptions(one)}
                value={typeof typed === "string" ? typed : levelOf(one.code, column)}
              />
            );
          },
        })),
      ]}
    />
  );
}

/** « Aperçu : ce que … pourra faire », before anything changes. */
function Preview({ ctx, sheet, after }: { ctx: Context; sheet: Sheet; after: readonly RightLine[] }) {
  const { held } = explainRights(
    { role: "member", structureKind: ctx.membership.structure.kind },
    after.map((one) => ({ ...one, startsAt: null, endsAt: null, serviceEndsAt: null })),
    ctx.now,
  );
  const placeOf = (serviceId: number | null) =>
    serviceId === null
      ? "toute la structure"
      : (sheet.services.find((one) => one.id === serviceId)?.code ?? "un service fermé");
  return (
    <>
      <Banner tone="info" title="Rien n'est encore changé : « Soumettre » applique ces droits." />
      {held.length === 0 ? (
        <EmptyState>{nameOf(sheet.member)} n'aura aucune habilitation.</EmptyState>
      ) : (
        <Table
          caption={`Aperçu : ce que ${nameOf(sheet.member)} pourra faire`}
          rows={held}
          keyOf={(one) => `${one.application.code}-${one.given?.serviceId ?? 0}`}
          columns={[
            { title: "Application", heads: true, cell: (one) => one.application.label },
            {
              title: "Droit",
              cell: (one) =>
                `${one.level === "write" ? "Modification" : "Consultation"}, sur ${placeOf(one.given?.serviceId ?? null)}`,
            },
            {
              title: "Ce qu'il permet",
              cell: (one) => actsText(one.application, one.acts),
            },
          ]}
        />
      )}
    </>
  );
}

function GridPage(props: { ctx: Context; sheet: Sheet; shown: Shown; after?: readonly RightLine[] }) {
  const { ctx, sheet, shown, after } = props;
  const { member, services, profiles } = sheet;
  const url = `${memberUrl(member)}/habilitations`;
  const hidden = services.filter((one) => !shown.columns.includes(one.id));
  return (
    <Page
      chrome={ctx.chrome}
      title="Droits service par service"
      caption={`${nameOf(member)} · ${ctx.membership.structure.displayName}`}
      crumbs={[
        organisation,
        {
          label: "Habilitations",
          href: `/organisation/habilitations?structureId=${member.structureId}`,
        },
      ]}
      wide
      hasErrors={Object.keys(shown.form.errors).length > 0}
    >
      {hidden.length > 0 && (
        <form class="u-bulk" method="get" action={url}>
          <Select
            form={noForm}
            name="service"
            label="Donner des droits sur un service"
            required
            options={hidden.map((one) => ({ value: String(one.id), label: `${one.code} – ${one.label}` }))}
          />
          <Button kind="secondary">Ajouter sa colonne</Button>
        </form>
      )}
      {after && <Preview ctx={ctx} sheet={sheet} after={after} />}
      <Form token={ctx.formToken} action={url} state={shown.form}>
        <div class="u-bulk">
          <Select
            form={shown.form}
            name="ensemble"
            label="Partir d'un ensemble de droits"
            required
            options={profiles.map((one) => ({ value: one.code, label: one.name }))}
          />
          <Button kind="secondary" name="remplir" value="oui">
            Remplir la grille
          </Button>
        </div>
        <Grid ctx={ctx} sheet={sheet} shown={shown} />
        <Button kind="secondary" name="apercu" value="oui">
          Voir l'aperçu
        </Button>
        <FormFooter cancel={memberUrl(member)} />
      </Form>
    </Page>
  );
}

/** The grid filled with a set of rights: on the whole structure when it is shown, on each service otherwise. */
function filled(
  profile: ReadyProfile,
  cells: ReturnType<typeof cellsOf>,
  columns: readonly GridColumn[],
): Record<string, string> {
  return Object.fromEntries(
    cells.map(({ application, column, name }) => {
      const isFilled = column === null || !columns.includes(null);
      const line = profile.lines.find((one) => one.application === application.code);
      return [name, (isFilled && line?.level) || "none"];
    }),
  );
}

function gridPages(portal: Portal): void {
  const url = "/organisation/structures/:structureId/utilisateurs/:membershipId/habilitations";
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => {
      const sheet = await loadSheet(ctx);
      const columns = columnsAtFirst(sheet, Number(ctx.one("service")));
      return ctx.html(<GridPage ctx={ctx} sheet={sheet} shown={{ columns, form: noForm }} />);
    },
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const sheet = await loadSheet(ctx);
      const applications = applicationsOf(ctx.membership.structure.kind);
      const columns = columnsOf(sheet).filter((column) =>
        cellsOf(applications, [column]).some((cell) => ctx.body[cell.name] !== undefined),
      );
      const cells = cellsOf(applications, columns);
      const again = (form: FormState, status: number, after?: readonly RightLine[]) =>
        ctx.html(
          <GridPage ctx={ctx} sheet={sheet} shown={{ columns, form }} {...(after ? { after } : {})} />,
          status,
        );
      const form = ctx.form({
        ensemble: z.string().default(""),
        remplir: box,
        apercu: box,
        ...Object.fromEntries(cells.map((cell) => [cell.name, z.enum(LEVELS).default("none")])),
      });
      if (!form.ok) return again(form.state, 422);
      const values: Readonly<Record<string, unknown>> = form.values;
      const profile = sheet.profiles.find((one) => one.code === values.ensemble);
      if (values.remplir && profile)
        return again(
          { values: { ...filled(profile, cells, columns), ensemble: profile.code }, errors: {} },
          200,
        );
      const chosen = cells.flatMap(({ application, column, name }): RightLine[] => {
        const level = values[name];
        return level === "read" || level === "write"
          ? [{ application: application.code, level, serviceId: column }]
          : [];
      });
      if (values.apercu)
        return again(
          { values: typedValues(ctx.body), errors: {} },
          200,
          rightsOfGrid(sheet.grants, columns, chosen),
        );
      const done = await ctx.tx((tx, now) =>
        changeRightsByService(
          tx,
          { membershipId: sheet.member.id, columns, chosen },
          ctx.membership,
          ctx.actor,
          now,
        ),
      );
      if (!done.ok)
        return again(
          {
            values: typedValues(ctx.body),
            errors: { [cells[0]?.name ?? "ensemble"]: refusalTexts[done.refusal.code] },
          },
          422,
        );
      return ctx.redirect(memberUrl(sheet.member), {
        confirmation: {
          title: `Les droits de ${done.value.name} sont changés.`,
          text: "Ils valent dès maintenant.",
        },
      });
    },
  });
}

/** « Qui peut traiter les factures reçues ? » : an application, and who may act in it, everywhere or on a service. */
function HoldersPage(props: {
  ctx: Context;
  application: Application;
  services: readonly ServiceRow[];
  service: ServiceRow | undefined;
  holders: readonly HolderRow[];
}) {
  const { ctx, application, services, service, holders } = props;
  const { structureId, structure } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer les habilitations"
      lead="Qui peut faire quoi, et sur quel service ? Ouvrez une personne pour changer ses droits."
      caption={structure.displayName}
      crumbs={[organisation]}
      wide
    >
      <form class="u-bulk" method="get" action="/organisation/habilitations">
        <input type="hidden" name="structureId" value={structureId} />
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
            value={service ? String(service.id) : ""}
            options={[
              { value: "", label: "Tous" },
              ...services.map((one) => ({ value: String(one.id), label: one.code })),
            ]}
          />
        )}
        <Button kind="secondary">Afficher</Button>
      </form>
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
              cell: (one) => (
                <Link href={memberUrl({ structureId, id: one.membershipId })}>
                  {one.lastName} {one.firstName}
                </Link>
              ),
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
      <Paragraph>
        <Link href={`/organisation/utilisateurs?structureId=${structureId}`}>
          Toutes les personnes rattachées
        </Link>
      </Paragraph>
    </Page>
  );
}

/** « Gérer les habilitations » : who may do what, and the grid of one person. */
export function rightsGridPages(portal: Portal): void {
  gridPages(portal);
  portal.page({
    method: "GET",
    url: "/organisation/habilitations",
    access: { action: "member.list", on: "structure" },
    handler: async (ctx) => {
      const { structureId, structure, serviceIds } = ctx.membership;
      const seesAll = ctx.can("member.list", { serviceId: null });
      const known = applicationsOf(structure.kind);
      const application = known.find((one) => one.code === ctx.one("application")) ?? known[0]!;
      const { services, found } = await ctx.tx(async (tx, now) => ({
        services: (await listOpenServices(tx, structureId, now)).filter(
          (one) => seesAll || serviceIds.includes(one.id),
        ),
        found: await listHolders(tx, structureId, application.code, seesAll ? null : serviceIds, now),
      }));
      const service = services.find((one) => one.id === Number(ctx.one("service")));
      const holders = found.filter(
        (one) => !service || one.serviceId === null || one.serviceId === service.id,
      );
      return ctx.html(<HoldersPage {...{ ctx, application, services, service, holders }} />);
    },
  });
}
