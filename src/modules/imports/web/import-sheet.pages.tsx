import type { ComponentChildren } from "preact";
import type { Tx } from "../../../platform/database/index.ts";
import { type Access, forbidden, notFound } from "../../../web/access.ts";
import { assetUrl } from "../../../web/assets.ts";
import { type CsvColumn, inBatches, sendCsv } from "../../../web/csv.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  Form,
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
import { type ImportKind, importPath as sheetOf, type Verdict } from "../domain/import.ts";
import { kindOf } from "../kinds/index.ts";
import {
  abandonImport,
  countVerdicts,
  enqueueImport,
  findImport,
  type ImportLine,
  type ImportRow,
  listLines,
  startApplying,
  type VerdictCounts,
} from "../store.ts";
import {
  homeOf,
  linesText,
  listOf,
  operatorEyes,
  organisation,
  toDo,
  verdictNames,
  verdicts,
} from "./import-words.ts";

const LINES_SHOWN = 50;
const REPORT_LINES = 500;
/** Above, what is done could not be undone as one: the good lines alone are proposed. */
const MAX_ALL_OR_NOTHING = 20_000;

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
        run.structureId === null ? OPERATOR : organisation,
        { label: `Importer des ${kind.title}`, href: homeOf(kind, run.structureId) },
      ]}
      wide
      hasErrors={Object.keys(form.errors).length > 0}
      actions={
        run.state !== "analysing" && (
          <ButtonLink kind="secondary" href={`${sheetOf(run)}/rapport.csv`}>
            Télécharger le rapport (CSV)
          </ButtonLink>
        )
      }
    >
      {run.state === "analysed" && <Decision ctx={ctx} sheet={sheet} form={form} />}
      {run.state === "analysing" && (
        <Progress run={run} title="Analyse en cours" total={run.lineCount ?? 0}>
          Chaque ligne est comparée à ce que contient le portail. Rien ne change. Vous pouvez quitter cette
          page et y revenir.
        </Progress>
      )}
      {run.state === "applying" && (
        <Progress run={run} title="Import en cours" total={toDo(counts)}>
          Vous pouvez quitter cette page : l'import continue, et un message vous dira qu'il est fini.
        </Progress>
      )}
      {run.state === "applied" && (
        <Banner
          tone="success"
          title={`${linesText(run.doneCount)} importée${run.doneCount > 1 ? "s" : ""} sur ${toDo(counts)}.`}
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
      {run.state !== "analysing" && <Lines ctx={ctx} sheet={sheet} />}
    </Page>
  );
}

/** The lines of the file, by verdict. */
function Lines({ ctx, sheet }: { ctx: Context; sheet: Sheet }) {
  const { run, kind, counts } = sheet;
  return (
    <>
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
    </>
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
          .map((verdict) => ({ label: verdicts[verdict].many, value: linesText(counts[verdict]) }))}
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
          {counts.refused === 0 && count > MAX_ALL_OR_NOTHING && (
            <Button name="mode" value="valid">
              Appliquer les {linesText(count)}
            </Button>
          )}
          {counts.refused > 0 && (
            <>
              <Paragraph>
                {linesText(counts.refused)} {counts.refused > 1 ? "seront laissées" : "sera laissée"} de côté.
                Pour que tout soit fait ou rien, corrigez votre fichier et importez-le de nouveau.
              </Paragraph>
              <Button name="mode" value="valid">
                Appliquer les {linesText(count)} valides
              </Button>
            </>
          )}
          {counts.refused === 0 && count <= MAX_ALL_OR_NOTHING && (
            <>
              <Button name="mode" value="all">
                Appliquer {count > 1 ? `les ${linesText(count)}` : "la ligne"}, tout ou rien
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

/** How far a job is: the page says how to look again; a script does it by itself. */
function Progress({
  run,
  title,
  total,
  children,
}: {
  run: ImportRow;
  title: string;
  total: number;
  children: ComponentChildren;
}) {
  return (
    <Card title={title}>
      <div class="u-progress" data-import-state={`${sheetOf(run)}/etat`} data-import-shown={run.state}>
        <span role="status">
          {run.doneCount} sur {total}
        </span>
        <progress aria-label={title} value={run.doneCount} max={total} />
      </div>
      <Paragraph>
        {children} <Link href={sheetOf(run)}>Actualiser</Link>
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

/** The import of the address and its kind, when the caller may see it. */
async function findSheet(
  tx: Tx,
  ctx: Context,
  structureId: number | null,
): Promise<Pick<Sheet, "run" | "kind">> {
  const run = await findImport(tx, structureId, ctx.id("importId"));
  if (!run) throw notFound();
  const kind = kindOf(run.kind);
  if (kind.of === "structure" && !ctx.can(kind.action, { serviceId: "any" })) throw forbidden();
  return { run, kind };
}

async function load(ctx: Context, structureId: number | null): Promise<Sheet> {
  const verdict = verdictNames.includes(ctx.one("verdict") as Verdict) ? ctx.one("verdict") : "";
  const after = Number(ctx.one("apres")) || 0;
  return inPlace(
    ctx,
    structureId,
  )(async (tx, now) => {
    const { run, kind } = await findSheet(tx, ctx, structureId);
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

/** What an import would do, its decision, its progress and its report. */
export function sheetPages(portal: Portal): void {
  for (const place of sheetPlaces) sheetPagesIn(portal, place);
}

function sheetPagesIn(portal: Portal, { url, access, structureIdOf }: SheetPlace): void {
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
      const structureId = structureIdOf(ctx);
      const { run } = await inPlace(ctx, structureId)((tx) => findSheet(tx, ctx, structureId));
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
      const mayBeOne = refused === 0 && toDo(sheet.counts) <= MAX_ALL_OR_NOTHING;
      const mode = ctx.body.mode === "all" && mayBeOne ? "all" : "valid";
      const started = await inPlace(
        ctx,
        structureId,
      )(async (tx, now) => {
        const { id } = sheet.run;
        if (!(await startApplying(tx, { id, structureId, mode }, now))) return false;
        await enqueueImport(tx, "apply-import", id);
        return true;
      });
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
      const transaction = inPlace(ctx, structureId);
      const kind = await transaction(async (tx) => {
        const sheet = await findSheet(tx, ctx, structureId);
        await abandonImport(tx, structureId, sheet.run.id);
        return sheet.kind;
      });
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
      const read = inPlace(ctx, structureId);
      const { run, kind } = await read((tx) => findSheet(tx, ctx, structureId));
      // its lines say nothing yet
      if (run.state === "analysing") throw notFound();
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
