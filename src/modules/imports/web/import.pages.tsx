import type { Tx } from "../../../platform/database/index.ts";
import { publish } from "../../../platform/events.ts";
import { fileRefusalTexts, MAX_FILE_BYTES, readLines } from "../../../platform/table-file.ts";
import { type Access, forbidden, notFound } from "../../../web/access.ts";
import { assetUrl } from "../../../web/assets.ts";
import { type CsvColumn, inBatches, sendCsv } from "../../../web/csv.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Card,
  Checkbox,
  EmptyState,
  FileInput,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Pagination,
  Paragraph,
  SubNav,
  SummaryList,
  Table,
  Tag,
  TextInput,
  type Tone,
} from "../../../web/ui/index.ts";
import { exportEvent } from "../../audit/index.tsx";
import {
  type ImportKind,
  type JudgedLine,
  type OperatorImport,
  type PresentLine,
  type StructureImport,
  importPath as sheetOf,
  type Verdict,
} from "../domain/import.ts";
import type { TableRow } from "../domain/table.ts";
import { importKinds, kindOf } from "../kinds/index.ts";
import {
  abandonImport,
  countVerdicts,
  findImport,
  type ImportLine,
  type ImportRow,
  listImports,
  listLines,
  startApplying,
  type VerdictCounts,
} from "../store.ts";
import { analyseFile } from "../use-cases/analyse.ts";

const LINES_SHOWN = 50;
const REPORT_LINES = 500;
const organisation = { label: "Organisation", href: "/organisation" };
const operator = { label: "Structures à vérifier", href: "/operateur" };
const operatorEyes = "an import of the operator belongs to no structure";

/** Where a kind's imports start: in a structure, or with the operator (null). */
const homeOf = (kind: ImportKind, structureId: number | null) =>
  structureId === null
    ? `/operateur/imports/${kind.path}`
    : `/organisation/imports/${kind.path}?structureId=${structureId}`;
const listOf = (kind: ImportKind, structureId: number | null) =>
  structureId === null ? kind.list.path : `${kind.list.path}?structureId=${structureId}`;
const presentOf = (kind: ImportKind) => `/organisation/imports/${kind.path}/actuels.csv`;
const modelOf = (kind: ImportKind) =>
  `${kind.of === "operator" ? "/operateur" : "/organisation"}/imports/${kind.path}/modele.csv`;

const states: { readonly [S in ImportRow["state"]]: { readonly tone: Tone; readonly label: string } } = {
  analysed: { tone: "info", label: "Analysé" },
  applying: { tone: "info", label: "En cours" },
  applied: { tone: "success", label: "Terminé" },
  failed: { tone: "error", label: "Interrompu" },
  abandoned: { tone: "neutral", label: "Abandonné" },
};
const verdicts: { readonly [V in Verdict]: { readonly tone: Tone; readonly many: string } } = {
  refused: { tone: "error", many: "Refusées" },
  create: { tone: "success", many: "À créer" },
  change: { tone: "info", many: "À modifier" },
  close: { tone: "warning", many: "À fermer" },
  same: { tone: "neutral", many: "Déjà faites" },
};
const verdictNames = Object.keys(verdicts) as Verdict[];
const lines = (count: number) => `${count.toLocaleString("fr-FR")} ligne${count > 1 ? "s" : ""}`;
const toDo = (counts: VerdictCounts) => counts.create + counts.change + counts.close;

/** Where the form of a kind is sent from. */
type StartPlace = {
  readonly structureId: number | null;
  readonly structureName?: string;
  readonly action: string;
};

function StartPage({
  ctx,
  kind,
  place,
  past,
  form,
}: {
  ctx: Context;
  kind: ImportKind;
  place: StartPlace;
  past: readonly ImportRow[];
  form: FormState;
}) {
  const { structureId } = place;
  const list = { label: kind.list.label, href: listOf(kind, structureId) };
  return (
    <Page
      chrome={ctx.chrome}
      title={`Importer des ${kind.title}`}
      caption={place.structureName}
      crumbs={structureId === null ? [operator] : [organisation, list]}
      lead="Le fichier est d'abord analysé, ligne par ligne : rien ne change avant que vous l'ayez décidé."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form} action={place.action} upload>
        <FileInput
          form={form}
          name="file"
          label="Fichier CSV ou Excel (.xlsx)"
          required
          accept=".csv,.xlsx,text/csv"
          hint={`${lines(kind.maxLines)} et 5 Mo au plus. La première ligne donne les titres des colonnes.`}
        />
        {kind.closesAbsent && <Checkbox form={form} name="closeAbsent" {...kind.closesAbsent} />}
        <div class="u-progress" data-upload-progress hidden>
          <span id="envoi" role="status" />
          <progress aria-labelledby="envoi" max={1} value={0} />
          <script type="module" src={assetUrl("upload-progress.js")} />
        </div>
        <FormFooter submit="Analyser le fichier" cancel={structureId === null ? operator.href : list.href} />
      </Form>
      <Card title="Les colonnes">
        <Paragraph>
          <Link href={modelOf(kind)}>Télécharger le modèle (CSV)</Link>
        </Paragraph>
        <Bullets items={kind.help} />
        {kind.of === "structure" && kind.present && structureId !== null && (
          <Paragraph>
            <Link href={`${presentOf(kind)}?structureId=${structureId}`}>{kind.present.label}</Link>
          </Paragraph>
        )}
      </Card>
      {past.length > 0 && (
        <Table
          caption="Derniers imports"
          rows={past}
          keyOf={(run) => run.id}
          columns={[
            { title: "Fichier", heads: true, cell: (run) => <a href={sheetOf(run)}>{run.fileName}</a> },
            { title: "Le", cell: (run) => formatDateTime(run.createdAt) },
            { title: "Par", cell: (run) => run.createdByLabel },
            {
              title: "État",
              cell: (run) => <Tag tone={states[run.state].tone}>{states[run.state].label}</Tag>,
            },
            { title: "Lignes faites", cell: (run) => run.doneCount.toLocaleString("fr-FR") },
          ]}
        />
      )}
    </Page>
  );
}

type Sheet = {
  readonly run: ImportRow;
  readonly kind: ImportKind;
  readonly counts: VerdictCounts;
  /** What to ask before what the import closes. */
  readonly question: string | null;
  readonly lines: readonly ImportLine[];
  readonly verdict: string;
  readonly next: number | null;
};

function SheetPage({ ctx, sheet, form }: { ctx: Context; sheet: Sheet; form: FormState }) {
  const { run, kind, counts } = sheet;
  return (
    <Page
      chrome={ctx.chrome}
      title={run.fileName}
      caption={run.structureName ?? undefined}
      crumbs={[
        run.structureId === null ? operator : organisation,
        { label: `Importer des ${kind.title}`, href: homeOf(kind, run.structureId) },
      ]}
      wide
      hasErrors={Object.keys(form.errors).length > 0}
      actions={
        <ButtonLink kind="secondary" href={`${sheetOf(run)}/rapport.csv`}>
          Télécharger le rapport (CSV)
        </ButtonLink>
      }
    >
      {run.state === "analysed" && <Decision ctx={ctx} sheet={sheet} form={form} />}
      {run.state === "applying" && <Progress run={run} total={toDo(counts)} />}
      {run.state === "applied" && (
        <Banner
          tone="success"
          title={`${lines(run.doneCount)} importée${run.doneCount > 1 ? "s" : ""} sur ${toDo(counts)}.`}
        >
          <p>
            <a href={listOf(kind, run.structureId)}>{kind.list.label}</a>
          </p>
        </Banner>
      )}
      {run.state === "failed" && (
        <Banner tone="error" title="L'import s'est arrêté">
          <p>{run.failure}</p>
        </Banner>
      )}
      {run.state === "abandoned" && (
        <Banner tone="info" title="Cet import est abandonné : rien n'a changé." />
      )}
      <SubNav
        label="Lignes du fichier"
        items={[
          { verdict: "", label: "Toutes" },
          ...verdictNames
            .filter((verdict) => counts[verdict] > 0)
            .map((verdict) => ({ verdict, label: `${verdicts[verdict].many} (${counts[verdict]})` })),
        ].map(({ verdict, label }) => ({
          label,
          href: verdict === "" ? sheetOf(run) : `${sheetOf(run)}?verdict=${verdict}`,
          current: verdict === sheet.verdict,
        }))}
      />
      {sheet.lines.length === 0 ? (
        <EmptyState>Aucune ligne de cette sorte.</EmptyState>
      ) : (
        <Table
          caption="Lignes, dans l'ordre du fichier"
          rows={sheet.lines}
          keyOf={(line) => line.lineNumber}
          columns={[
            {
              title: "Ligne",
              heads: true,
              // what the file leaves out has no line in it
              cell: (line) => (line.verdict === "close" && kind.closesAbsent ? "—" : line.lineNumber),
            },
            ...kind.shown,
            {
              title: "Verdict",
              cell: (line) => <Tag tone={toneOf(line)}>{line.outcomeSays ?? line.says}</Tag>,
            },
          ]}
        />
      )}
      <Pagination
        first={ctx.one("apres") ? `${sheetOf(run)}?verdict=${sheet.verdict}` : null}
        next={sheet.next === null ? null : `${sheetOf(run)}?verdict=${sheet.verdict}&apres=${sheet.next}`}
      />
    </Page>
  );
}

const outcomeTones = { done: "success", same: "neutral", refused: "error" } as const;
const toneOf = (line: ImportLine): Tone =>
  line.outcome === null ? verdicts[line.verdict].tone : outcomeTones[line.outcome];

function Decision({ ctx, sheet, form }: { ctx: Context; sheet: Sheet; form: FormState }) {
  const { run, kind, counts } = sheet;
  const count = toDo(counts);
  return (
    <Card title="Ce qui sera fait">
      <SummaryList
        rows={verdictNames
          .filter((verdict) => counts[verdict] > 0)
          .map((verdict) => ({ label: verdicts[verdict].many, value: lines(counts[verdict]) }))}
      />
      {count === 0 && (
        <Paragraph>
          Il n'y a rien à faire. {counts.refused > 0 && "Corrigez les lignes refusées dans votre fichier, "}
          {counts.refused > 0 && "puis "}
          <Link href={homeOf(kind, run.structureId)}>importez un autre fichier</Link>.
        </Paragraph>
      )}
      {count > 0 && (
        <Form token={ctx.formToken} state={form} action={`${sheetOf(run)}/appliquer`}>
          {sheet.question !== null && (
            <TextInput
              form={form}
              name="closeCount"
              label={sheet.question}
              hint={`Les lignes de l'onglet « ${verdicts.close.many} ». Saisissez leur nombre pour confirmer.`}
              required
              inputmode="numeric"
              width={5}
            />
          )}
          {counts.refused > 0 ? (
            <>
              <Paragraph>
                {lines(counts.refused)} {counts.refused > 1 ? "seront laissées" : "sera laissée"} de côté.
                Pour que tout soit fait ou rien, corrigez votre fichier et importez-le de nouveau.
              </Paragraph>
              <Button name="mode" value="valid">
                Appliquer les {lines(count)} valides
              </Button>
            </>
          ) : (
            <>
              <Button name="mode" value="all">
                Appliquer {count > 1 ? `les ${lines(count)}` : "la ligne"}, tout ou rien
              </Button>{" "}
              <Button kind="secondary" name="mode" value="valid">
                Appliquer ce qui passe, même si une ligne échoue
              </Button>
            </>
          )}
        </Form>
      )}
      <Form token={ctx.formToken} action={`${sheetOf(run)}/abandonner`} inline>
        <Button kind="secondary" small>
          Abandonner cet import
        </Button>
      </Form>
    </Card>
  );
}

/** How far the application is: the page says how to look again; a script does it by itself. */
function Progress({ run, total }: { run: ImportRow; total: number }) {
  return (
    <Card title="Import en cours">
      <div class="u-progress" data-import-state={`${sheetOf(run)}/etat`}>
        <span role="status">
          {run.doneCount} sur {total}
        </span>
        <progress aria-label="Avancement de l'import" value={run.doneCount} max={total} />
      </div>
      <Paragraph>
        Vous pouvez quitter cette page : l'import continue, et un message vous dira qu'il est fini.{" "}
        <Link href={sheetOf(run)}>Actualiser</Link>
      </Paragraph>
      <script type="module" src={assetUrl("import-progress.js")} />
    </Card>
  );
}

/** Where sheets are read: in the structure of the address, or with the operator. */
type SheetPlace = {
  readonly url: string;
  readonly access: Access;
  readonly structureIdOf: (ctx: Context) => number | null;
};

const sheetPlaces: readonly SheetPlace[] = [
  {
    url: "/organisation/structures/:structureId/imports/:importId",
    // what the import's own kind asks is asked once it is known
    access: { action: "service.read", on: "structure" },
    structureIdOf: (ctx) => ctx.membership.structureId,
  },
  { url: "/operateur/imports/:importId", access: "operator", structureIdOf: () => null },
];

/** A transaction that sees the imports of a structure, or those of the operator. */
const inPlace = (ctx: Context, structureId: number | null): Context["tx"] =>
  structureId === null ? (work, options) => ctx.systemTx(operatorEyes, work, options) : ctx.tx;

async function load(ctx: Context, structureId: number | null): Promise<Sheet> {
  const verdict = verdictNames.includes(ctx.one("verdict") as Verdict) ? ctx.one("verdict") : "";
  const after = Number(ctx.one("apres")) || 0;
  return inPlace(
    ctx,
    structureId,
  )(async (tx, now) => {
    const run = await findImport(tx, structureId, ctx.id("importId"));
    if (!run) throw notFound();
    const kind = kindOf(run.kind);
    if (kind.of === "structure" && !ctx.can(kind.action, { serviceId: "any" })) throw forbidden();
    const found = await listLines(tx, run.id, { verdict, after, limit: LINES_SHOWN + 1 });
    const shown = found.slice(0, LINES_SHOWN);
    const counts = await countVerdicts(tx, run.id);
    const asks = run.state === "analysed" && counts.close > 0 && kind.asksBeforeClosing;
    return {
      run,
      kind,
      counts,
      question: asks ? await asks(tx, counts.close, now) : null,
      lines: shown,
      verdict,
      next: found.length > LINES_SHOWN ? shown.at(-1)!.lineNumber : null,
    };
  });
}

const reportColumns = (kind: ImportKind): readonly CsvColumn<ImportLine>[] => [
  ["ligne", (line) => String(line.lineNumber)],
  ...kind.columns
    .slice(0, kind.examples[0]!.length)
    .map(({ title }): CsvColumn<ImportLine> => [title, (line) => line.cells[title] ?? ""]),
  ["verdict", (line) => line.says],
  ["resultat", (line) => line.outcomeSays ?? ""],
];

/** Importing many things from a file: analysis, decision, progress, report. */
export function importPages(portal: Portal): void {
  for (const kind of importKinds) {
    if (kind.of === "structure") structureKindPages(portal, kind);
    else operatorKindPages(portal, kind);
  }
  for (const place of sheetPlaces) sheetPages(portal, place);
}

function sheetPages(portal: Portal, { url, access, structureIdOf }: SheetPlace): void {
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) =>
      ctx.html(<SheetPage ctx={ctx} sheet={await load(ctx, structureIdOf(ctx))} form={noForm} />),
  });
  portal.page({
    method: "GET",
    url: `${url}/etat`,
    access,
    handler: async (ctx) => {
      const { run } = await load(ctx, structureIdOf(ctx));
      return ctx.reply.send({ state: run.state, done: run.doneCount });
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/appliquer`,
    access,
    ...(access === "operator" ? { fresh: true } : {}),
    handler: async (ctx) => {
      const structureId = structureIdOf(ctx);
      const sheet = await load(ctx, structureId);
      const again = (errors: Record<string, string>) =>
        ctx.html(<SheetPage ctx={ctx} sheet={sheet} form={{ values: typedValues(ctx.body), errors }} />, 422);
      const { close, refused } = sheet.counts;
      if (sheet.question !== null && Number(ctx.body.closeCount) !== close)
        return again({ closeCount: `Saisissez ${close} pour confirmer ces fermetures.` });
      const mode = ctx.body.mode === "all" && refused === 0 ? "all" : "valid";
      const started = await inPlace(
        ctx,
        structureId,
      )((tx, now) => startApplying(tx, { id: sheet.run.id, structureId, mode }, now));
      return ctx.redirect(sheetOf(sheet.run), {
        ...(started ? {} : { confirmation: { title: "Cet import a déjà été décidé." } }),
      });
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/abandonner`,
    access,
    handler: async (ctx) => {
      const structureId = structureIdOf(ctx);
      const { run, kind } = await load(ctx, structureId);
      await inPlace(ctx, structureId)((tx) => abandonImport(tx, structureId, run.id));
      return ctx.redirect(homeOf(kind, structureId), {
        confirmation: { title: "L'import est abandonné", text: "Rien n'a changé." },
      });
    },
  });
  portal.page({
    method: "GET",
    url: `${url}/rapport.csv`,
    access,
    handler: async (ctx) => {
      const structureId = structureIdOf(ctx);
      const { run, kind } = await load(ctx, structureId);
      const read = inPlace(ctx, structureId);
      return sendCsv(
        ctx.reply,
        `import-${run.id}.csv`,
        reportColumns(kind),
        inBatches<ImportLine>(REPORT_LINES, (after) =>
          read((tx) =>
            listLines(tx, run.id, { verdict: "", after: after?.lineNumber ?? 0, limit: REPORT_LINES }),
          ),
        ),
      );
    },
  });
}

const modelPage = (portal: Portal, kind: ImportKind, access: Access) =>
  portal.page({
    method: "GET",
    url: modelOf(kind),
    access,
    handler: (ctx) =>
      sendCsv(
        ctx.reply,
        `modele-${kind.path}.csv`,
        kind.columns
          .slice(0, kind.examples[0]!.length)
          .map(({ title }, at): CsvColumn<readonly string[]> => [title, (row) => row[at] ?? ""]),
        kind.examples,
      ),
  });

/** Analyses the file that was sent, and shows what would be done of it, or the form again. */
async function analyse(
  ctx: Context,
  kind: ImportKind,
  {
    structureId,
    inTransaction,
    again,
    judge,
  }: {
    readonly structureId: number | null;
    readonly inTransaction: Context["tx"];
    readonly again: (form: FormState, status: number) => Promise<unknown>;
    readonly judge: (
      tx: Tx,
      rows: readonly TableRow[],
      options: { readonly closeAbsent: boolean },
      now: Date,
    ) => Promise<JudgedLine[]>;
  },
): Promise<unknown> {
  const wrong = (says: string) => again({ values: typedValues(ctx.body), errors: { file: says } }, 422);
  const form = ctx.form({ closeAbsent: box });
  const file = ctx.files.file;
  if (!file || file.content.length === 0) return wrong("Choisissez un fichier.");
  const read = await readLines(file.content);
  if (!read.ok) return wrong(fileRefusalTexts[read.refusal.code]);
  const closeAbsent = kind.closesAbsent !== undefined && form.ok && form.values.closeAbsent;
  const analysed = await inTransaction((tx, now) =>
    analyseFile(
      tx,
      kind,
      {
        name: file.fileName,
        lines: read.value,
        structureId,
        importer: { id: ctx.who.accountId, label: ctx.actor.label },
      },
      (rows) => judge(tx, rows, { closeAbsent }, now),
      now,
    ),
  );
  if (!analysed.ok) return wrong(analysed.refusal);
  return ctx.redirect(sheetOf({ id: analysed.value, structureId }));
}

function structureKindPages(portal: Portal, kind: StructureImport): void {
  const access = { action: kind.action, on: "structure" } as const;
  const start = async (ctx: Context, form: FormState, status = 200) => {
    const { structureId, structure } = ctx.membership;
    const past = await ctx.tx((tx) => listImports(tx, structureId, kind.name));
    const place = {
      structureId,
      structureName: structure.displayName,
      action: `/organisation/structures/${structureId}/imports/${kind.path}`,
    };
    return ctx.html(<StartPage ctx={ctx} kind={kind} place={place} past={past} form={form} />, status);
  };
  modelPage(portal, kind, "account");
  const { present } = kind;
  if (present)
    portal.page({
      method: "GET",
      url: presentOf(kind),
      access,
      writes: "the export is in the journal",
      handler: async (ctx) => {
        const { structureId, serviceIds } = ctx.membership;
        const of = { structureId, serviceIds: ctx.can(kind.action, { serviceId: null }) ? null : serviceIds };
        await ctx.tx((tx) => publish(tx, exportEvent(structureId, present.what, ctx.actor)));
        return sendCsv(
          ctx.reply,
          present.fileName,
          kind.columns.map(
            ({ title }, at): CsvColumn<PresentLine> => [title, (line) => line.cells[at] ?? ""],
          ),
          inBatches<PresentLine>(REPORT_LINES, (after) =>
            ctx.tx((tx, now) => present.read(tx, of, after?.id ?? 0, REPORT_LINES, now)),
          ),
        );
      },
    });
  portal.page({
    method: "GET",
    url: `/organisation/imports/${kind.path}`,
    access,
    handler: (ctx) => start(ctx, noForm),
  });
  portal.page({
    method: "POST",
    url: `/organisation/structures/:structureId/imports/${kind.path}`,
    access,
    upload: { maxBytes: MAX_FILE_BYTES },
    handler: (ctx) => {
      const { membership: member, who } = ctx;
      const target = {
        structureId: member.structureId,
        member,
        email: who.signInEmail,
        invitationDays: ctx.config.INVITATION_DAYS,
      };
      return analyse(ctx, kind, {
        structureId: member.structureId,
        inTransaction: kind.seesEverything
          ? (work, options) => ctx.systemTx("an address may have an account out of sight", work, options)
          : ctx.tx,
        again: (form, status) => start(ctx, form, status),
        judge: (tx, rows, options, now) => kind.judge(tx, rows, target, options, now),
      });
    },
  });
}

function operatorKindPages(portal: Portal, kind: OperatorImport): void {
  const url = `/operateur/imports/${kind.path}`;
  const start = async (ctx: Context, form: FormState, status = 200) => {
    const past = await ctx.systemTx(operatorEyes, (tx) => listImports(tx, null, kind.name));
    const place = { structureId: null, action: url };
    return ctx.html(<StartPage ctx={ctx} kind={kind} place={place} past={past} form={form} />, status);
  };
  modelPage(portal, kind, "operator");
  portal.page({ method: "GET", url, access: "operator", handler: (ctx) => start(ctx, noForm) });
  portal.page({
    method: "POST",
    url,
    access: "operator",
    upload: { maxBytes: MAX_FILE_BYTES },
    handler: (ctx) =>
      analyse(ctx, kind, {
        structureId: null,
        inTransaction: (work, options) => ctx.systemTx(operatorEyes, work, options),
        again: (form, status) => start(ctx, form, status),
        judge: (tx, rows, options, now) =>
          kind.judge(tx, rows, { accountId: ctx.who.accountId }, options, now),
      }),
  });
}
