import { z } from "zod";
import { rehearse } from "../../../platform/events.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { box, choices, idChoice, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Radios,
  Table,
  Tag,
  Textarea,
} from "../../../web/ui/index.ts";
import { listOpenServices } from "../../structures/index.ts";
import { type MembershipRefusal, refusalText } from "../domain/decisions.ts";
import { findMembership, type MembershipRow } from "../store.ts";
import { mayActOn } from "../use-cases/changes.ts";
import { type Copied, copyAcross } from "../use-cases/copy-across.ts";
import {
  ADDRESSES_AT_ONCE,
  attachable,
  chosenStructures,
  readAddresses,
  StructureBoxes,
} from "./addressees.tsx";
import { differenceWords } from "./difference-words.ts";
import { fullName, memberUrl, organisation, users } from "./person.tsx";

const URL = "/organisation/utilisateurs/copier";
const access = { action: "member.change", on: "structure" } as const;
const eyes = "whether an address has an account is not for the manager to see";

/** Whose rights are copied: somebody of the structure of the page, whom the reader manages. */
async function loadSource(ctx: Context, id: string): Promise<MembershipRow> {
  const number = /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0;
  const source = await ctx.tx((tx) => findMembership(tx, ctx.membership.structureId, number));
  if (source?.state !== "active" || source.role === "mainManager") throw notFound();
  if (!mayActOn(ctx.membership, source.openServiceIds, source.scope, ctx.now)) throw forbidden();
  return source;
}

/** What a copy does for one address in one structure. */
type Row = {
  readonly email: string;
  readonly structure: CallerMembership;
  readonly copied: Copied | null;
  readonly refusal: MembershipRefusal | null;
  /** What changes, in words. */
  readonly lines: readonly string[];
};

async function copyTo(
  ctx: Context,
  input: { source: MembershipRow; email: string; mode: "add" | "replace" },
  structure: CallerMembership,
  isRehearsal: boolean,
): Promise<Row> {
  const { email } = input;
  return ctx.systemTx(eyes, async (tx, now) => {
    const copy = () =>
      copyAcross(
        tx,
        input,
        { ...structure, email: ctx.who.signInEmail },
        { invitationDays: ctx.config.INVITATION_DAYS },
        ctx.actor,
        now,
      );
    const done = await (isRehearsal ? rehearse(tx, copy) : copy());
    if (!done.ok) return { email, structure, copied: null, refusal: done.refusal, lines: [] };
    const services = await listOpenServices(tx, structure.structureId, now);
    const codes = new Map(services.map((one) => [one.id, one.code]));
    const lines =
      done.value.kind === "changed" ? done.value.differences.map((one) => differenceWords(one, codes)) : [];
    return { email, structure, copied: done.value, refusal: null, lines };
  });
}

function Rows({ caption, rows, isDone }: { caption: string; rows: readonly Row[]; isDone: boolean }) {
  return (
    <Table
      caption={caption}
      rows={rows}
      keyOf={(one) => `${one.email} ${one.structure.structureId}`}
      columns={[
        { title: "Adresse", heads: true, cell: (one) => one.email },
        { title: "Structure", cell: (one) => one.structure.structure.displayName },
        {
          title: "Résultat",
          cell: (one) =>
            one.refusal ? (
              <Tag tone="error">Refusé</Tag>
            ) : (
              <Tag tone={isDone ? "success" : "info"}>{isDone ? "Fait" : "Sera fait"}</Tag>
            ),
        },
        {
          title: "Détail",
          cell: (one) =>
            one.refusal ? (
              refusalText(one.refusal)
            ) : one.copied?.kind === "attached" ? (
              "Rattachement avec ces droits, ou invitation"
            ) : one.lines.length === 0 ? (
              "Rien : elle a déjà ces droits"
            ) : (
              <Bullets items={one.lines} />
            ),
        },
      ]}
    />
  );
}

function CopyPage(props: { ctx: Context; source: MembershipRow; form: FormState; preview?: readonly Row[] }) {
  const { ctx, source, form, preview } = props;
  const others = attachable(ctx)
    .map((one) => one.structureId)
    .filter((id) => id !== source.structureId);
  return (
    <Page
      chrome={ctx.chrome}
      title={`Donner les droits de ${fullName(source)}`}
      caption={ctx.membership.structure.displayName}
      crumbs={[organisation, users(source.structureId), { label: fullName(source), href: memberUrl(source) }]}
      wide
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={URL} state={form}>
        <input type="hidden" name="structureId" value={source.structureId} />
        <input type="hidden" name="de" value={source.id} />
        <Textarea
          form={form}
          name="email"
          label="À qui"
          required
          rows={2}
          value={others.length > 0 ? source.signInEmail : ""}
          maxlength={ADDRESSES_AT_ONCE * 100}
          hint={`Une adresse par ligne, ${ADDRESSES_AT_ONCE} au plus. Qui n'est pas rattaché le sera, avec ces droits.`}
        />
        <StructureBoxes
          ctx={ctx}
          form={form}
          value={others}
          hint="Les services sont les mêmes par leur code : ceux qui n'existent pas ailleurs sont laissés de côté."
        />
        <Radios
          form={form}
          name="mode"
          label="Ces droits"
          required
          value="add"
          options={[
            { value: "add", label: "s'ajoutent à ceux qu'elles ont" },
            { value: "replace", label: "remplacent ceux qu'elles ont" },
          ]}
        />
        <div class="u-buttons">
          <Button kind="secondary" name="apercu" value="oui">
            Voir ce qui changera
          </Button>
        </div>
        {preview && (
          <>
            <Banner tone="info" title="Rien n'est encore changé : « Soumettre » le fait." />
            <Rows caption="Ce qui changera" rows={preview} isDone={false} />
            <FormFooter cancel={memberUrl(source)} />
          </>
        )}
      </Form>
    </Page>
  );
}

const shape = {
  structureId: idChoice("Choisissez une structure."),
  de: z.string().default(""),
  email: z.string().default(""),
  structureIds: choices,
  mode: z.enum(["add", "replace"], { error: "Dites si ces droits s'ajoutent ou remplacent." }),
  apercu: box,
};

/** « Donner ses droits à d'autres » : the rights of one person, to several, in one or several structures. */
export function copyAcrossPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: URL,
    access,
    handler: async (ctx) =>
      ctx.html(<CopyPage ctx={ctx} source={await loadSource(ctx, ctx.one("de"))} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: URL,
    access,
    handler: async (ctx) => {
      const source = await loadSource(ctx, typeof ctx.body.de === "string" ? ctx.body.de : "");
      const again = (form: FormState, status: number, preview?: readonly Row[]) =>
        ctx.html(
          <CopyPage ctx={ctx} source={source} form={form} {...(preview ? { preview } : {})} />,
          status,
        );
      const typed = typedValues(ctx.body);
      const form = ctx.form(shape);
      if (!form.ok) return again(form.state, 422);
      const { mode, apercu } = form.values;
      const addresses = readAddresses(form.values.email);
      if ("error" in addresses) return again({ values: typed, errors: { email: addresses.error } }, 422);
      const structures = chosenStructures(ctx, form.values.structureIds);
      if (structures.length === 0)
        return again({ values: typed, errors: { structureIds: "Choisissez au moins une structure." } }, 422);
      const rows: Row[] = [];
      for (const structure of structures)
        for (const email of addresses.addresses)
          rows.push(await copyTo(ctx, { source, email, mode }, structure, apercu));
      if (apercu) return again({ values: typed, errors: {} }, 200, rows);
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title={`Droits de ${fullName(source)} donnés`}
          caption={ctx.membership.structure.displayName}
          crumbs={[organisation, users(source.structureId)]}
          wide
        >
          <Rows caption="Résultat, personne par personne" rows={rows} isDone />
          <ButtonLink href={memberUrl(source)}>Revenir à {fullName(source)}</ButtonLink>
        </Page>,
        rows.every((one) => one.refusal !== null) ? 422 : 200,
      );
    },
  });
}
