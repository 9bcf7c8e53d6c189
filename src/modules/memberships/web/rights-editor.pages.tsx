import { z } from "zod";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, choices, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  Card,
  Checkboxes,
  DateTimeInput,
  Details,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Radios,
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
import { listOpenServices, type ServiceRow, serviceChoices } from "../../structures/index.ts";
import { refusalText } from "../domain/decisions.ts";
import type { RightLine } from "../domain/rights-changes.ts";
import { type GridColumn, levelInGrid, rightsOfGrid } from "../domain/rights-grid.ts";
import { type GrantRow, listGrants } from "../grants-store.ts";
import { findMembership, type MembershipRow } from "../store.ts";
import { changeGrants, mayActOn } from "../use-cases/changes.ts";
import { fieldOf as fieldOfRefusal, giftShape, readDates } from "./gift-fields.tsx";
import { fullName, memberUrl, organisation, rightsUrl, users } from "./person.tsx";

const access = { action: "member.change", on: "structure" } as const;
const LEVELS = ["none", "read", "write"] as const;
type Scope = MembershipRow["scope"];

type Sheet = {
  readonly member: MembershipRow;
  readonly grants: readonly GrantRow[];
  readonly profiles: readonly ReadyProfile[];
  readonly applications: readonly Application[];
  /** The open services on which the reader changes rights. */
  readonly services: readonly ServiceRow[];
  /** Whether she changes rights on the whole structure. */
  readonly seesWhole: boolean;
};

async function loadSheet(ctx: Context): Promise<Sheet> {
  const { structureId, structure } = ctx.membership;
  const sheet = await ctx.tx(async (tx, now) => {
    const member = await findMembership(tx, structureId, ctx.id("membershipId"));
    if (!member || member.state === "ended" || member.role === "mainManager") throw notFound();
    return {
      member,
      grants: await listGrants(tx, member.id),
      profiles: await offeredProfiles(tx, structureId),
      applications: applicationsOf(structure.kind),
      services: (await listOpenServices(tx, structureId, now)).filter((one) =>
        ctx.can("member.change", { serviceId: one.id }),
      ),
      seesWhole: ctx.can("member.change", { serviceId: null }),
    };
  });
  if (!mayActOn(ctx.membership, sheet.member.openServiceIds, sheet.member.scope, ctx.now)) throw forbidden();
  return sheet;
}

const fieldOf = (application: string, column: GridColumn) =>
  `droit-${application}${column === null ? "" : `-${column}`}`;

/** The cells of a grid: services do not limit every application. */
const cellsOf = ({ applications }: Sheet, columns: readonly GridColumn[]) =>
  applications.flatMap((application) =>
    columns
      .filter((column) => column === null || application.byService)
      .map((column) => ({ application, column, name: fieldOf(application.code, column) })),
  );

/** The columns of a level and of the services ticked. */
const columnsOf = (sheet: Sheet, scope: Scope, serviceIds: readonly number[]): readonly GridColumn[] => [
  ...(scope === "structure" ? [null] : []),
  ...sheet.services.filter((one) => serviceIds.includes(one.id)).map((one) => one.id),
];

/** Where the person has rights apart, or is attached; then what the address asks for. */
function servicesAtFirst({ member, grants, services }: Sheet, asked: string): readonly number[] {
  return services
    .map((one) => one.id)
    .filter(
      (id) =>
        member.openServiceIds.includes(id) ||
        grants.some((one) => one.serviceId === id) ||
        String(id) === asked,
    );
}

type Shown = {
  readonly scope: Scope;
  readonly serviceIds: readonly number[];
  readonly form: FormState;
  /** The rights to preview, if any. */
  readonly after?: readonly RightLine[];
};

function Grid({ sheet, shown }: { sheet: Sheet; shown: Shown }) {
  const titleOf = (column: GridColumn) =>
    sheet.services.find((one) => one.id === column)?.code ?? "Toute la structure";
  const columns = columnsOf(sheet, shown.scope, shown.serviceIds);
  const { scope, openServiceIds } = sheet.member;
  const present = { scope, serviceIds: openServiceIds, grants: sheet.grants };
  return (
    <Table
      caption={`Habilitations de ${fullName(sheet.member)}`}
      rows={sheet.applications}
      keyOf={(one) => one.code}
      columns={[
        { title: "Application", heads: true, cell: (one) => one.label },
        ...columns.map((column) => ({
          title: titleOf(column),
          cell: (one: Application) => {
            if (column !== null && !one.byService) return "—";
            const name = fieldOf(one.code, column);
            const typed = shown.form.values[name];
            return (
              <RowSelect
                name={name}
                label={`${one.label}, ${titleOf(column)}`}
                options={levelOptions(one)}
                value={
                  typeof typed === "string" ? typed : levelInGrid(present, one.code, column, shown.scope)
                }
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
    after.map((one) => ({
      ...one,
      startsAt: null,
      endsAt: null,
      serviceStartsAt: null,
      serviceEndsAt: null,
    })),
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
        <EmptyState>{fullName(sheet.member)} n'aura aucune habilitation.</EmptyState>
      ) : (
        <Table
          caption={`Aperçu : ce que ${fullName(sheet.member)} pourra faire`}
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

/** Level and services: the columns of the grid follow them. */
function Places({ sheet, shown }: { sheet: Sheet; shown: Shown }) {
  const { services, seesWhole } = sheet;
  if (services.length === 0) return <input type="hidden" name="scope" value="structure" />;
  const ticked = services.filter((one) => shown.serviceIds.includes(one.id));
  const choice = (
    <>
      <Checkboxes
        form={shown.form}
        name="serviceIds"
        label="Services"
        list
        hint="Chacun a sa colonne dans la grille. En décocher un retire les droits qu'il donnait."
        value={shown.serviceIds.map(String)}
        options={serviceChoices(services)}
      />
      <Button kind="secondary" name="colonnes" value="oui">
        Mettre à jour la grille
      </Button>
    </>
  );
  return (
    <Card title="Où">
      {seesWhole ? (
        <Radios
          form={shown.form}
          name="scope"
          label="Niveau de rattachement"
          required
          value={shown.scope}
          options={[
            {
              value: "structure",
              label: "Maille structure",
              hint: "Toute la structure, avec tous ses services.",
            },
            { value: "service", label: "Maille service", hint: "Seulement les services cochés." },
          ]}
        />
      ) : (
        <input type="hidden" name="scope" value="service" />
      )}
      {shown.scope === "structure" && !shown.form.errors.serviceIds ? (
        <Details
          summary={
            ticked.length === 0
              ? "Choisir des services, ou donner des droits sur l'un d'eux"
              : `Services à part : ${ticked.map((one) => one.code).join(", ")}`
          }
        >
          {choice}
        </Details>
      ) : (
        choice
      )}
    </Card>
  );
}

function EditorPage({ ctx, sheet, shown }: { ctx: Context; sheet: Sheet; shown: Shown }) {
  const { member, profiles } = sheet;
  const { form } = shown;
  const filledWith = typeof form.values.rempli === "string" ? form.values.rempli : "";
  return (
    <Page
      chrome={ctx.chrome}
      title={`Habilitations de ${fullName(member)}`}
      caption={ctx.membership.structure.displayName}
      crumbs={[organisation, users(member.structureId), { label: fullName(member), href: memberUrl(member) }]}
      wide
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {shown.after && <Preview ctx={ctx} sheet={sheet} after={shown.after} />}
      <Form token={ctx.formToken} action={rightsUrl(member)} state={form} wide>
        <input type="hidden" name="version" value={String(form.values.version ?? member.version)} />
        <input type="hidden" name="rempli" value={filledWith} />
        <Places sheet={sheet} shown={shown} />
        <div class="u-bulk">
          <Select
            form={form}
            name="ensemble"
            label="Partir d'un ensemble de droits"
            required
            options={profiles.map((one) => ({ value: one.code, label: one.name }))}
          />
          <Button kind="secondary" name="remplir" value="oui">
            Remplir la grille
          </Button>
        </div>
        <Grid sheet={sheet} shown={shown} />
        <Card title="Quand">
          {member.startsAt > ctx.now && (
            <DateTimeInput
              form={form}
              name="startsAt"
              label="Du"
              value={toFrenchDateTime(member.startsAt)}
              hint="Par exemple 01/09/2027 ; vide : tout de suite."
            />
          )}
          <DateTimeInput
            form={form}
            name="endsAt"
            label="Au"
            value={member.endsAt ? toFrenchDateTime(member.endsAt) : ""}
            hint="Par exemple 31/12/2027 ; vide : sans fin."
          />
        </Card>
        <div class="u-buttons">
          <Button kind="secondary" name="apercu" value="oui">
            Voir l'aperçu
          </Button>
        </div>
        <FormFooter cancel={memberUrl(member)} />
      </Form>
    </Page>
  );
}

/** The grid filled with a set of rights: on the whole structure when it is shown, on each service otherwise. */
function filled(profile: ReadyProfile, cells: ReturnType<typeof cellsOf>): Record<string, string> {
  const hasWhole = cells.some((cell) => cell.column === null);
  return Object.fromEntries(
    cells.map(({ application, column, name }) => {
      const line = profile.lines.find((one) => one.application === application.code);
      return [name, (hasWhole === (column === null) && line?.level) || "none"];
    }),
  );
}

const shape = {
  version: z.coerce.number().int().min(0).optional(),
  scope: giftShape.scope,
  serviceIds: choices,
  ensemble: z.string().default(""),
  rempli: z.string().default(""),
  remplir: box,
  colonnes: box,
  apercu: box,
  startsAt: giftShape.startsAt,
  endsAt: giftShape.endsAt,
};

/** The rights chosen in the cells; those that are as the set the grid was filled with come from it. */
function chosenIn(
  cells: ReturnType<typeof cellsOf>,
  values: Readonly<Record<string, unknown>>,
  set: ReadyProfile | undefined,
): readonly RightLine[] {
  return cells.flatMap(({ application, column, name }): RightLine[] => {
    const level = values[name];
    if (level !== "read" && level !== "write") return [];
    const isOfSet = set?.lines.some((one) => one.application === application.code && one.level === level);
    return [
      {
        application: application.code,
        level,
        serviceId: column,
        ...(isOfSet ? { givenSet: set!.name } : {}),
      },
    ];
  });
}

/** The one editor of a person's rights: level, services, each right on each of them, dates. */
export function rightsEditorPages(portal: Portal): void {
  const url = "/organisation/structures/:structureId/utilisateurs/:membershipId/habilitations";
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => {
      const sheet = await loadSheet(ctx);
      const serviceIds = servicesAtFirst(sheet, ctx.one("service"));
      const shown = { scope: sheet.member.scope, serviceIds, form: noForm };
      return ctx.html(<EditorPage ctx={ctx} sheet={sheet} shown={shown} />);
    },
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const sheet = await loadSheet(ctx);
      const { member } = sheet;
      const everywhere = [null, ...sheet.services.map((one) => one.id)];
      const sent = everywhere.filter((column) =>
        cellsOf(sheet, [column]).some((cell) => ctx.body[cell.name] !== undefined),
      );
      const form = ctx.form({
        ...shape,
        ...Object.fromEntries(
          cellsOf(sheet, sent).map((cell) => [cell.name, z.enum(LEVELS).default("none")] as const),
        ),
      });
      const typed = typedValues(ctx.body);
      const scope: Scope = typed.scope === "service" ? "service" : "structure";
      const ticked = [typed.serviceIds ?? []].flat().map(Number);
      const serviceIds = sheet.services.map((one) => one.id).filter((id) => ticked.includes(id));
      const again = (state: FormState, status: number, after?: readonly RightLine[]) =>
        ctx.html(
          <EditorPage
            ctx={ctx}
            sheet={sheet}
            shown={{ scope, serviceIds, form: state, ...(after ? { after } : {}) }}
          />,
          status,
        );
      if (!form.ok) return again(form.state, 422);
      const values = form.values as z.output<z.ZodObject<typeof shape>> & Readonly<Record<string, unknown>>;
      const columns = columnsOf(sheet, scope, serviceIds);
      const cells = cellsOf(sheet, columns);
      const set = sheet.profiles.find((one) => one.code === values.ensemble);
      if (values.remplir && set)
        return again({ values: { ...typed, ...filled(set, cells), rempli: set.code }, errors: {} }, 200);
      if (values.colonnes) return again({ values: typed, errors: {} }, 200);
      if (scope === "service" && serviceIds.length === 0)
        return again({ values: typed, errors: { serviceIds: refusalText({ code: "NO_SERVICE" }) } }, 422);
      if (columns.some((column) => !sent.includes(column)))
        return again({ values: typed, errors: { serviceIds: GRID_HAS_CHANGED } }, 422);
      const dates = readDates(values);
      if ("errors" in dates) return again({ values: typed, errors: dates.errors }, 422);
      const filledWith = sheet.profiles.find((one) => one.code === values.rempli);
      const grants = rightsOfGrid(sheet.grants, everywhere, chosenIn(cells, values, filledWith));
      if (values.apercu) return again({ values: typed, errors: {} }, 200, grants);
      const done = await ctx.tx((tx, now) =>
        changeGrants(
          tx,
          {
            membershipId: member.id,
            ...(values.version === undefined ? {} : { version: values.version }),
            scope,
            serviceIds: scope === "service" ? serviceIds : [],
            grants,
            ...dates,
          },
          ctx.membership,
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) {
        const field = fieldOfRefusal[done.refusal.code];
        const shownAt = field && field !== "profile" ? field : (cells[0]?.name ?? "ensemble");
        return again({ values: typed, errors: { [shownAt]: refusalText(done.refusal) } }, 422);
      }
      return ctx.redirect(memberUrl(member), {
        confirmation: {
          title: `Les droits de ${done.value.name} sont changés.`,
          text: "Ils valent dès maintenant.",
        },
      });
    },
  });
}

const GRID_HAS_CHANGED = "La grille montre maintenant les services choisis : vérifiez-la, puis soumettez.";
