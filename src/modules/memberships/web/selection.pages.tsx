import { z } from "zod";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { choices, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Card,
  DateTimeInput,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  Radios,
  Select,
  Table,
  Tag,
  TextInput,
} from "../../../web/ui/index.ts";
import { offeredProfiles } from "../../profiles/index.ts";
import type { ReadyProfile } from "../../rights/index.ts";
import { listOpenServices } from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { differences } from "../domain/rights-changes.ts";
import { everybody, findMemberByAddress, findMembership, listMembers, type MembershipRow } from "../store.ts";
import { type BulkAct, changeMany, copiedRights, type RowOutcome } from "../use-cases/bulk.ts";
import { differenceWords } from "./difference-words.ts";

const URL = "/organisation/utilisateurs/selection";
const access = { action: "member.change", on: "structure" } as const;
const MOST_AT_ONCE = 200;

/** What can be done to many people at once, in the order of the menu; the rest of the page follows. */
export const selectionActs = [
  { code: "suspendre", label: "Suspendre l'accès", done: "Accès suspendu" },
  { code: "retablir", label: "Rétablir l'accès", done: "Accès rétabli" },
  { code: "fin", label: "Changer la date de fin d'accès", done: "Date de fin changée" },
  { code: "droits", label: "Donner un ensemble de droits", done: "Droits changés" },
  { code: "copier", label: "Copier les droits d'une autre personne", done: "Droits copiés" },
  { code: "detacher", label: "Détacher", done: "Détaché" },
] as const;
type ActCode = (typeof selectionActs)[number]["code"];

const crumbs = (structureId: number) => [
  { label: "Organisation", href: "/organisation" },
  { label: "Utilisateurs", href: listUrl(structureId) },
];
const listUrl = (structureId: number) => `/organisation/utilisateurs?structureId=${structureId}`;
const fullName = (one: Pick<MembershipRow, "firstName" | "lastName">) => `${one.firstName} ${one.lastName}`;
/** The people ticked in the list, one value each; between two pages, one value with commas. */
const idsOf = (raw: string | string[] | undefined) =>
  [raw ?? []]
    .flat()
    .flatMap((value) => value.split(","))
    .map(Number)
    .filter((id) => Number.isSafeInteger(id) && id > 0)
    .slice(0, MOST_AT_ONCE);

async function loadChosen(ctx: Context, ids: readonly number[]): Promise<MembershipRow[]> {
  const found = await ctx.tx((tx) =>
    Promise.all(ids.map((id) => findMembership(tx, ctx.membership.structureId, id))),
  );
  return found.filter((one) => one !== undefined && one.state !== "ended") as MembershipRow[];
}

/** The people chosen travel with the form, so that nothing is kept between its pages. */
function Chosen({ ctx, act, people }: { ctx: Context; act: ActCode; people: readonly MembershipRow[] }) {
  return (
    <>
      <input type="hidden" name="structureId" value={ctx.membership.structureId} />
      <input type="hidden" name="acte" value={act} />
      <input type="hidden" name="qui" value={people.map((one) => one.id).join(",")} />
    </>
  );
}

function ActPage(props: {
  ctx: Context;
  act: ActCode;
  people: readonly MembershipRow[];
  form: FormState;
  profiles: readonly ReadyProfile[];
  copy: Copy | null;
}) {
  const { ctx, act, people, form, profiles, copy } = props;
  const { structureId, structure } = ctx.membership;
  const { label } = selectionActs.find((one) => one.code === act)!;
  const count = people.length > 1 ? `${people.length} personnes` : "Une personne";
  return (
    <Page
      chrome={ctx.chrome}
      title={label}
      caption={structure.displayName}
      crumbs={crumbs(structureId)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Card title={`${count} :`}>
        <Bullets items={people.map(fullName)} />
      </Card>
      {copy && <CopyChoice ctx={ctx} people={people} form={form} copy={copy} />}
      {copy?.previews && <CopyPreview previews={copy.previews} />}
      {(!copy || copy.previews) && (
        <Form token={ctx.formToken} action={URL} state={form}>
          <Chosen ctx={ctx} act={act} people={people} />
          {act === "suspendre" && (
            <Paragraph>Leurs droits sont gardés ; ils ne valent plus jusqu'au rétablissement.</Paragraph>
          )}
          {act === "detacher" && (
            <>
              <Paragraph>
                Leurs droits dans la structure cessent tout de suite. Leurs comptes et leurs autres structures
                ne changent pas.
              </Paragraph>
              <TextInput form={form} name="reason" label="Motif" maxlength={200} />
            </>
          )}
          {act === "fin" && (
            <DateTimeInput
              form={form}
              name="endsAt"
              label="Fin d'accès"
              hint="Par exemple 31/12/2027 ; vide : sans fin."
            />
          )}
          {act === "droits" && (
            <>
              <Select
                form={form}
                name="profile"
                label="Droits"
                required
                options={profiles.map((one) => ({
                  value: one.code,
                  label: `${one.name} : ${one.says}`,
                }))}
              />
              <Paragraph>
                Cet ensemble remplace leurs droits, au niveau et dans les services où chacun est rattaché.
              </Paragraph>
            </>
          )}
          {copy?.source && (
            <>
              <input type="hidden" name="source" value={copy.source.id} />
              <input type="hidden" name="mode" value={copy.mode} />
            </>
          )}
          <FormFooter
            submit={label}
            cancel={listUrl(structureId)}
            {...(act === "detacher" ? { kind: "warning" as const } : {})}
          />
        </Form>
      )}
    </Page>
  );
}

type Preview = { readonly name: string; readonly lines: readonly string[] };
type Copy = {
  readonly source: MembershipRow | null;
  readonly mode: "add" | "replace";
  readonly suggestions: readonly MembershipRow[];
  /** What each would gain and lose, once a source is chosen. */
  readonly previews: readonly Preview[] | null;
};

function CopyChoice({
  ctx,
  people,
  form,
  copy,
}: {
  ctx: Context;
  people: readonly MembershipRow[];
  form: FormState;
  copy: Copy;
}) {
  return (
    <form method="get" action={URL} class="u-form--narrow">
      <Chosen ctx={ctx} act="copier" people={people} />
      <TextInput
        form={form}
        name="de"
        label="Adresse électronique de la personne dont les droits sont copiés"
        type="email"
        required
        autocomplete="off"
        spellcheck={false}
        suggestions={copy.suggestions.map((one) => ({ value: one.signInEmail, label: fullName(one) }))}
      />
      <Radios
        form={form}
        name="mode"
        label="Ces droits"
        required
        value={copy.mode}
        options={[
          { value: "add", label: "s'ajoutent à ceux qu'elles ont" },
          { value: "replace", label: "remplacent ceux qu'elles ont" },
        ]}
      />
      <Paragraph>Ni le rôle de gestionnaire principal ni les dates ne se copient.</Paragraph>
      <Button kind="secondary">Voir ce qui changera</Button>
    </form>
  );
}

function CopyPreview({ previews }: { previews: readonly Preview[] }) {
  return (
    <Table
      caption="Ce qui changera"
      rows={previews}
      keyOf={(one) => one.name}
      columns={[
        { title: "Personne", heads: true, cell: (one) => one.name },
        {
          title: "Changements",
          cell: (one) =>
            one.lines.length === 0 ? "Rien : elle a déjà ces droits" : <Bullets items={one.lines} />,
        },
      ]}
    />
  );
}

async function loadCopy(ctx: Context, people: readonly MembershipRow[]): Promise<Copy> {
  const { structureId } = ctx.membership;
  const address = ctx.one("de").trim();
  const mode = ctx.one("mode") === "replace" ? "replace" : "add";
  return ctx.tx(async (tx, now) => {
    const onlyServices = ctx.can("member.list", { serviceId: null }) ? null : ctx.membership.serviceIds;
    const members = await listMembers(tx, structureId, { ...everybody, serviceIds: onlyServices }, null);
    const suggestions = members.filter((one) => one.role === "member" && one.state === "active");
    const source = address === "" ? null : ((await findMemberByAddress(tx, structureId, address)) ?? null);
    if (source === null) return { source, mode, suggestions, previews: null };
    const codes = new Map((await listOpenServices(tx, structureId, now)).map((one) => [one.id, one.code]));
    const previews: Preview[] = [];
    for (const target of people) {
      const copied = await copiedRights(tx, target, { from: source.id, mode }, ctx.membership, now);
      previews.push({
        name: fullName(target),
        lines: copied.ok
          ? differences(copied.value.before, copied.value.grants).map((one) => differenceWords(one, codes))
          : [`Refusé : ${refusalTexts[copied.refusal.code]}`],
      });
    }
    return { source, mode, suggestions, previews };
  });
}

function OutcomePage({
  ctx,
  act,
  outcomes,
}: {
  ctx: Context;
  act: ActCode;
  outcomes: readonly RowOutcome[];
}) {
  const { structureId, structure } = ctx.membership;
  const { label, done } = selectionActs.find((one) => one.code === act)!;
  const refused = outcomes.filter((one) => one.refusal !== null).length;
  const made = outcomes.length - refused;
  return (
    <Page chrome={ctx.chrome} title={label} caption={structure.displayName} crumbs={crumbs(structureId)} wide>
      <Banner
        tone={refused === 0 ? "success" : "warning"}
        title={`${made} fait${made > 1 ? "s" : ""}, ${refused} refusé${refused > 1 ? "s" : ""}.`}
      />
      <Table
        caption="Résultat, personne par personne"
        rows={outcomes}
        keyOf={(one) => one.membershipId}
        columns={[
          { title: "Personne", heads: true, cell: (one) => one.name },
          {
            title: "Résultat",
            cell: (one) =>
              one.refusal === null ? <Tag tone="success">{done}</Tag> : <Tag tone="error">Refusé</Tag>,
          },
          { title: "Motif", cell: (one) => (one.refusal === null ? "—" : refusalTexts[one.refusal]) },
        ]}
      />
      <ButtonLink href={listUrl(structureId)}>Revenir aux utilisateurs</ButtonLink>
    </Page>
  );
}

const shape = {
  structureId: z.string(),
  acte: z.enum(selectionActs.map((one) => one.code)),
  qui: choices,
  reason: text.optional("Motif", 200),
  endsAt: z.string().default(""),
  profile: z.string().default(""),
  source: z.string().default(""),
  mode: z.enum(["add", "replace"]).default("add"),
};

/** What the form asks for, or the field that does not say it. */
function readAct(
  values: {
    acte: ActCode;
    reason: string;
    endsAt: string;
    profile: string;
    source: string;
    mode: "add" | "replace";
  },
  profiles: readonly ReadyProfile[],
): BulkAct | { readonly errors: Record<string, string> } {
  switch (values.acte) {
    case "suspendre":
      return { kind: "suspend" };
    case "retablir":
      return { kind: "resume" };
    case "detacher":
      return { kind: "detach", reason: values.reason };
    case "fin": {
      const typed = values.endsAt.trim();
      const endsAt = typed === "" ? null : frenchDateTime(typed, "end");
      return typed !== "" && endsAt === null
        ? { errors: { endsAt: "Saisissez la date de fin comme 31/12/2027, ou laissez le champ vide." } }
        : { kind: "endDate", endsAt };
    }
    case "droits": {
      const set = profiles.find((one) => one.code === values.profile);
      return set ? { kind: "giveSet", set } : { errors: { profile: refusalTexts.UNKNOWN_PROFILE } };
    }
    case "copier":
      return { kind: "copy", from: Number(values.source) || 0, mode: values.mode };
  }
}

/** One act on the people ticked in the list: what it will do, then what it did, row by row. */
export function selectionPages(portal: Portal): void {
  const nobodyChosen = (ctx: Context) =>
    ctx.html(
      <Page
        chrome={ctx.chrome}
        title="Agir sur plusieurs personnes"
        caption={ctx.membership.structure.displayName}
        crumbs={crumbs(ctx.membership.structureId)}
      >
        <EmptyState action={{ href: listUrl(ctx.membership.structureId), label: "Revenir aux utilisateurs" }}>
          Cochez au moins une personne dans la liste, puis choisissez une action.
        </EmptyState>
      </Page>,
      422,
    );
  const profilesOf = (ctx: Context) => ctx.tx((tx) => offeredProfiles(tx, ctx.membership.structureId));
  portal.page({
    method: "GET",
    url: URL,
    access,
    handler: async (ctx) => {
      const act = selectionActs.find((one) => one.code === ctx.one("acte"))?.code;
      const people = await loadChosen(ctx, idsOf(ctx.query.qui));
      if (!act || people.length === 0) return nobodyChosen(ctx);
      const copy = act === "copier" ? await loadCopy(ctx, people) : null;
      const isUnknown = copy !== null && copy.source === null && ctx.one("de") !== "";
      const form: FormState = copy
        ? {
            values: typedValues(ctx.query),
            errors: isUnknown ? { de: refusalTexts.SOURCE_NOT_FOUND } : {},
          }
        : noForm;
      return ctx.html(
        <ActPage
          ctx={ctx}
          act={act}
          people={people}
          form={form}
          profiles={await profilesOf(ctx)}
          copy={copy}
        />,
        isUnknown ? 422 : 200,
      );
    },
  });
  portal.page({
    method: "POST",
    url: URL,
    access,
    handler: async (ctx) => {
      const people = await loadChosen(ctx, idsOf(ctx.body.qui));
      const form = ctx.form(shape);
      if (!form.ok || people.length === 0) return nobodyChosen(ctx);
      const { acte } = form.values;
      const profiles = await profilesOf(ctx);
      const act = readAct(form.values, profiles);
      if ("errors" in act)
        return ctx.html(
          <ActPage
            ctx={ctx}
            act={acte}
            people={people}
            form={{ values: typedValues(ctx.body), errors: act.errors }}
            profiles={profiles}
            copy={null}
          />,
          422,
        );
      const outcomes = await ctx.tx((tx, now) =>
        changeMany(tx, { membershipIds: people.map((one) => one.id), act }, ctx.membership, ctx.actor, now),
      );
      return ctx.html(
        <OutcomePage ctx={ctx} act={acte} outcomes={outcomes} />,
        outcomes.every((one) => one.refusal !== null) ? 422 : 200,
      );
    },
  });
}
