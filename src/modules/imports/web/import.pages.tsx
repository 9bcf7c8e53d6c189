import { publish } from "../../../platform/events.ts";
import { fileRefusalTexts, MAX_FILE_BYTES, readLines } from "../../../platform/table-file.ts";
import type { Access } from "../../../web/access.ts";
import { assetUrl } from "../../../web/assets.ts";
import { type CsvColumn, inBatches, sendCsv } from "../../../web/csv.ts";
import { formatDateTime } from "../../../web/format.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Card,
  Checkbox,
  FileInput,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { exportEvent } from "../../audit/index.tsx";
import {
  type ImportKind,
  type OperatorImport,
  type PresentLine,
  type StructureImport,
  importPath as sheetOf,
} from "../domain/import.ts";
import { importKinds } from "../kinds/index.ts";
import { enqueueImport, type ImportRow, listImports } from "../store.ts";
import { analyseFile } from "../use-cases/analyse.ts";
import { receiveFile } from "../use-cases/receive.ts";
import { sheetPages } from "./import-sheet.pages.tsx";
import { linesText, listOf, operatorEyes, organisation, states } from "./import-words.ts";

const MEGABYTE = 1_000_000;
/** The official list of structures is about 40 megabytes. */
const MAX_DIRECTORY_FILE_BYTES = 200 * MEGABYTE;

/** Lines of what is held now, read at once. */
const PRESENT_LINES = 500;
const presentOf = (kind: ImportKind) => `/organisation/imports/${kind.path}/actuels.csv`;
/** Where the model of a kind is. */
const modelOf = (kind: ImportKind) =>
  `${kind.of === "operator" ? "/operateur" : "/organisation"}/imports/${kind.path}/modele.csv`;
const maxBytesOf = (kind: ImportKind) => (kind.of === "operator" ? MAX_DIRECTORY_FILE_BYTES : MAX_FILE_BYTES);

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
      crumbs={structureId === null ? [OPERATOR] : [organisation, list]}
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
          hint={`${linesText(kind.maxLines)} et ${maxBytesOf(kind) / MEGABYTE} Mo au plus. La première ligne donne les titres des colonnes.`}
        />
        {kind.closesAbsent && <Checkbox form={form} name="closeAbsent" {...kind.closesAbsent} />}
        <div class="u-progress" data-upload-progress hidden>
          <span id="envoi" role="status" />
          <progress aria-labelledby="envoi" max={1} value={0} />
          <script type="module" src={assetUrl("upload-progress.js")} />
        </div>
        <FormFooter submit="Analyser le fichier" cancel={structureId === null ? OPERATOR.href : list.href} />
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

/** Importing many things from a file: analysis, decision, progress, report. */
export function importPages(portal: Portal): void {
  for (const kind of importKinds) {
    if (kind.of === "structure") structureKindPages(portal, kind);
    else operatorKindPages(portal, kind);
  }
  sheetPages(portal);
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

const NO_FILE = "Choisissez un fichier.";
/** The form again, with what is wrong in the file. */
const wrongFile = (ctx: Context, says: string): FormState => ({
  values: typedValues(ctx.body),
  errors: { file: says },
});

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
          inBatches<PresentLine>(PRESENT_LINES, (after) =>
            ctx.tx((tx, now) => present.read(tx, of, after?.id ?? 0, PRESENT_LINES, now)),
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
    handler: async (ctx) => {
      const { membership: member, who } = ctx;
      const { structureId } = member;
      const again = (says: string) => start(ctx, wrongFile(ctx, says), 422);
      const form = ctx.form({ closeAbsent: box });
      const file = ctx.files.file;
      if (!file || file.content.length === 0) return again(NO_FILE);
      const read = await readLines(file.content);
      if (!read.ok) return again(fileRefusalTexts[read.refusal.code]);
      const closeAbsent = kind.closesAbsent !== undefined && form.ok && form.values.closeAbsent;
      const importer = { id: who.accountId, label: ctx.actor.label };
      const target = {
        structureId,
        member,
        email: who.signInEmail,
        invitationDays: ctx.config.INVITATION_DAYS,
      };
      const inTransaction: Context["tx"] = kind.seesEverything
        ? (work, options) => ctx.systemTx("an address may have an account out of sight", work, options)
        : ctx.tx;
      const analysed = await inTransaction((tx, now) =>
        analyseFile(
          tx,
          kind,
          { name: file.fileName, lines: read.value, structureId, importer },
          (rows) => kind.judge(tx, rows, target, { closeAbsent }, now),
          now,
        ),
      );
      if (!analysed.ok) return again(analysed.refusal);
      return ctx.redirect(sheetOf({ id: analysed.value, structureId }));
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
    upload: { maxBytes: MAX_DIRECTORY_FILE_BYTES, toDisk: true },
    handler: async (ctx) => {
      const again = (says: string) => start(ctx, wrongFile(ctx, says), 422);
      const file = ctx.filesOnDisk.file;
      if (!file) return again(NO_FILE);
      const received = await receiveFile(portal.database, kind, {
        name: file.fileName,
        path: file.path,
        importer: { id: ctx.who.accountId, label: ctx.actor.label },
      });
      if (!received.ok) return again(received.refusal);
      await ctx.systemTx(operatorEyes, (tx) => enqueueImport(tx, "judge-import", received.value));
      return ctx.redirect(sheetOf({ id: received.value, structureId: null }));
    },
  });
}
