import { fileRefusalTexts, MAX_FILE_BYTES, readLines } from "../../../platform/table-file.ts";
import { forbidden, notFound } from "../../../web/access.ts";
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
import type { ImportKind, Verdict } from "../domain/import.ts";
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
const homeOf = (kind: ImportKind, structureId: number) =>
  `/organisation/imports/${kind.path}?structureId=${structureId}`;
const listOf = (kind: ImportKind, structureId: number) => `${kind.list.path}?structureId=${structureId}`;
const sheetOf = (run: Pick<ImportRow, "id" | "structureId">) =>
  `/organisation/structures/${run.structureId}/imports/${run.id}`;

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

function StartPage({
  ctx,
  kind,
  past,
  form,
}: {
  ctx: Context;
  kind: ImportKind;
  past: readonly ImportRow[];
  form: FormState;
}) {
  const { structureId, structure } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title={`Importer des ${kind.title}`}
      caption={structure.displayName}
      crumbs={[organisation, { label: kind.list.label, href: listOf(kind, structureId) }]}
      lead="Le fichier est d'abord analysé, ligne par ligne : rien ne change avant que vous l'ayez décidé."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form
        token={ctx.formToken}
        state={form}
        action={`/organisation/structures/${structureId}/imports/${kind.path}`}
        upload
      >
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
        <FormFooter submit="Analyser le fichier" cancel={listOf(kind, structureId)} />
      </Form>
      <Card title="Les colonnes">
        <Paragraph>
          <Link href={`/organisation/imports/${kind.path}/modele.csv`}>Télécharger le modèle (CSV)</Link>
        </Paragraph>
        <Bullets items={kind.help} />
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
      caption={run.structureName}
      crumbs={[organisation, { label: `Importer des ${kind.title}`, href: homeOf(kind, run.structureId) }]}
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
              cell: (line) => (line.verdict === "close" ? "—" : line.lineNumber),
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
          {counts.close > 0 && kind.closesAbsent && (
            <TextInput
              form={form}
              name="closeCount"
              label={kind.closesAbsent.confirm}
              hint={`Ceux de l'onglet « ${verdicts.close.many} ». Saisissez leur nombre pour confirmer.`}
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

async function load(ctx: Context): Promise<Sheet> {
  const { structureId } = ctx.membership;
  const verdict = verdictNames.includes(ctx.one("verdict") as Verdict) ? ctx.one("verdict") : "";
  const after = Number(ctx.one("apres")) || 0;
  return ctx.tx(async (tx) => {
    const run = await findImport(tx, structureId, ctx.id("importId"));
    if (!run) throw notFound();
    if (!ctx.can(kindOf(run.kind).action, { serviceId: "any" })) throw forbidden();
    const found = await listLines(tx, run.id, { verdict, after, limit: LINES_SHOWN + 1 });
    const shown = found.slice(0, LINES_SHOWN);
    return {
      run,
      kind: kindOf(run.kind),
      counts: await countVerdicts(tx, run.id),
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
  for (const kind of importKinds) kindPages(portal, kind);
  // what the import's own kind asks is asked once it is known
  const access = { action: "service.read", on: "structure" } as const;
  const url = "/organisation/structures/:structureId/imports/:importId";
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => ctx.html(<SheetPage ctx={ctx} sheet={await load(ctx)} form={noForm} />),
  });
  portal.page({
    method: "GET",
    url: `${url}/etat`,
    access,
    handler: async (ctx) => {
      const { run } = await load(ctx);
      return ctx.reply.send({ state: run.state, done: run.doneCount });
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/appliquer`,
    access,
    handler: async (ctx) => {
      const sheet = await load(ctx);
      const again = (errors: Record<string, string>) =>
        ctx.html(<SheetPage ctx={ctx} sheet={sheet} form={{ values: typedValues(ctx.body), errors }} />, 422);
      const { close, refused } = sheet.counts;
      if (sheet.kind.closesAbsent && close > 0 && Number(ctx.body.closeCount) !== close)
        return again({
          closeCount: `Saisissez ${close} pour confirmer que ces services seront désactivés.`,
        });
      const mode = ctx.body.mode === "all" && refused === 0 ? "all" : "valid";
      const { id, structureId } = sheet.run;
      const started = await ctx.tx((tx, now) => startApplying(tx, { id, structureId, mode }, now));
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
      const { run, kind } = await load(ctx);
      await ctx.tx((tx) => abandonImport(tx, run.structureId, run.id));
      return ctx.redirect(homeOf(kind, run.structureId), {
        confirmation: { title: "L'import est abandonné", text: "Rien n'a changé." },
      });
    },
  });
  portal.page({
    method: "GET",
    url: `${url}/rapport.csv`,
    access,
    handler: async (ctx) => {
      const { run, kind } = await load(ctx);
      return sendCsv(
        ctx.reply,
        `import-${run.id}.csv`,
        reportColumns(kind),
        inBatches<ImportLine>(REPORT_LINES, (after) =>
          ctx.tx((tx) =>
            listLines(tx, run.id, { verdict: "", after: after?.lineNumber ?? 0, limit: REPORT_LINES }),
          ),
        ),
      );
    },
  });
}

function kindPages(portal: Portal, kind: ImportKind): void {
  const access = { action: kind.action, on: "structure" } as const;
  const start = async (ctx: Context, form: FormState, status = 200) => {
    const past = await ctx.tx((tx) => listImports(tx, ctx.membership.structureId, kind.name));
    return ctx.html(<StartPage ctx={ctx} kind={kind} past={past} form={form} />, status);
  };
  portal.page({
    method: "GET",
    url: `/organisation/imports/${kind.path}`,
    access,
    handler: (ctx) => start(ctx, noForm),
  });
  portal.page({
    method: "GET",
    url: `/organisation/imports/${kind.path}/modele.csv`,
    access: "account",
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
  portal.page({
    method: "POST",
    url: `/organisation/structures/:structureId/imports/${kind.path}`,
    access,
    upload: { maxBytes: MAX_FILE_BYTES },
    handler: async (ctx) => {
      const again = (says: string) =>
        start(ctx, { values: typedValues(ctx.body), errors: { file: says } }, 422);
      const form = ctx.form({ closeAbsent: box });
      const file = ctx.files.file;
      if (!file || file.content.length === 0) return again("Choisissez un fichier.");
      const read = await readLines(file.content);
      if (!read.ok) return again(fileRefusalTexts[read.refusal.code]);
      const { membership: member, who, actor } = ctx;
      const inTransaction: Context["tx"] = kind.seesEverything
        ? (work, options) => ctx.systemTx("an address may have an account out of sight", work, options)
        : ctx.tx;
      const analysed = await inTransaction((tx, now) =>
        analyseFile(
          tx,
          kind,
          {
            name: file.fileName,
            lines: read.value,
            closeAbsent: kind.closesAbsent !== undefined && form.ok && form.values.closeAbsent,
          },
          {
            structureId: member.structureId,
            member,
            email: who.signInEmail,
            invitationDays: ctx.config.INVITATION_DAYS,
            importer: { id: who.accountId, label: actor.label },
          },
          now,
        ),
      );
      if (!analysed.ok) return again(analysed.refusal);
      return ctx.redirect(sheetOf({ id: analysed.value, structureId: member.structureId }));
    },
  });
}
