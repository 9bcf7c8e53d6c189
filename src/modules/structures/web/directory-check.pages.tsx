import { z } from "zod";
import { fileRefusalTexts, MAX_FILE_BYTES, readLines } from "../../../platform/table-file.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { type CsvColumn, sendCsv } from "../../../web/csv.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Button,
  Card,
  Code,
  FileInput,
  Form,
  type FormState,
  Link,
  noForm,
  Paragraph,
  SummaryList,
  Table,
  Tag,
  Textarea,
  type Tone,
} from "../../../web/ui/index.ts";
import { knowledgeOf } from "../directory-check-store.ts";
import {
  askedIdentifier,
  CHECKED_AT_ONCE,
  type DirectoryAnswer,
  type DirectoryVerdict,
  directoryAnswer,
  identifiersIn,
  pastedLines,
} from "../domain/directory-check.ts";

const PATH = "/annuaire/verifier";
/** Lists of one network address in a minute: each may cost five thousand searches. */
const LISTS_PER_MINUTE = 10;
/** Lines that the page shows; the file has them all. */
const SHOWN = 200;
const most = CHECKED_AT_ONCE.toLocaleString("fr-FR");

/** What asks for something to be done comes first. */
const verdicts: {
  readonly [V in DirectoryVerdict]: { readonly tone: Tone; readonly one: string; readonly many: string };
} = {
  malformed: { tone: "error", one: "Mal formé", many: "Mal formés" },
  notFound: { tone: "error", one: "Introuvable", many: "Introuvables" },
  replaced: { tone: "warning", one: "Remplacé", many: "Remplacés" },
  inactive: { tone: "warning", one: "Inactif", many: "Inactifs" },
  found: { tone: "success", one: "Trouvé", many: "Trouvés" },
};
const verdictNames = Object.keys(verdicts) as DirectoryVerdict[];

const answerColumns: readonly CsvColumn<DirectoryAnswer>[] = [
  ["Saisi", (answer) => answer.typed],
  ["Identifiant", (answer) => answer.identifier],
  ["Reponse", (answer) => verdicts[answer.verdict].one],
  ["Structure", (answer) => answer.name],
  ["RemplacePar", (answer) => answer.replacedBy],
  ["Regle", (answer) => answer.says],
];

function CheckPage({
  ctx,
  form,
  answers,
}: {
  ctx: Context;
  form: FormState;
  answers: readonly DirectoryAnswer[] | null;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Vérifier une liste"
      lead={`Collez des SIRET ou des SIREN, ${most} au plus : l'annuaire dit lesquels il connaît, et ce que la facture doit porter.`}
      crumbs={[{ label: "Annuaire", href: "/annuaire" }]}
      hasErrors={Object.keys(form.errors).length > 0}
      wide={answers !== null}
    >
      {answers && <Answers answers={answers} />}
      <Form token={ctx.formToken} state={form} action={PATH} upload>
        <Textarea
          form={form}
          name="list"
          label={answers ? "La liste vérifiée" : "Identifiants"}
          hint="Un par ligne, avec ou sans espaces. Un SIREN répond pour tous ses établissements."
          rows={answers ? 6 : 10}
          required={answers !== null}
        />
        {!answers && (
          <FileInput
            form={form}
            name="file"
            label="Ou un fichier CSV ou Excel (.xlsx)"
            accept=".csv,.xlsx,text/csv"
            hint="S'il a plusieurs colonnes, le titre de la bonne contient SIRET ou SIREN, ou commence par Identifiant."
          />
        )}
        <Button name="answer" value="page">
          {answers ? "Vérifier de nouveau" : "Vérifier"}
        </Button>{" "}
        <Button name="answer" value="file" kind="secondary">
          Télécharger la réponse (CSV)
        </Button>
      </Form>
      <Paragraph>
        {answers && (
          <>
            <Link href={PATH}>Vérifier une autre liste</Link>
            {" · "}
          </>
        )}
        <Link href="/annuaire/telecharger">Télécharger tout l'annuaire</Link>
      </Paragraph>
    </Page>
  );
}

function Answers({ answers }: { answers: readonly DirectoryAnswer[] }) {
  const byVerdict = verdictNames.map((verdict) => ({
    verdict,
    found: answers.filter((answer) => answer.verdict === verdict),
  }));
  const shown = byVerdict.flatMap(({ found }) => found).slice(0, SHOWN);
  return (
    <>
      <Card title="La réponse de l'annuaire">
        <SummaryList
          rows={byVerdict
            .filter(({ found }) => found.length > 0)
            .map(({ verdict, found }) => ({
              label: found.length > 1 ? verdicts[verdict].many : verdicts[verdict].one,
              value: `${found.length.toLocaleString("fr-FR")} sur ${answers.length.toLocaleString("fr-FR")}`,
            }))}
        />
      </Card>
      <Table
        caption={
          answers.length > SHOWN
            ? `${SHOWN} premières lignes, ce qui reste à corriger d'abord ; le fichier les a toutes`
            : "Ce qui reste à corriger d'abord"
        }
        rows={shown.map((answer, index) => ({ ...answer, index }))}
        keyOf={(answer) => answer.index}
        columns={[
          {
            title: "Identifiant",
            heads: true,
            cell: (answer) => (
              <Code>{answer.identifier ? formatIdentifier(answer.identifier) : answer.typed}</Code>
            ),
          },
          {
            title: "Réponse",
            cell: (answer) => <Tag tone={verdicts[answer.verdict].tone}>{verdicts[answer.verdict].one}</Tag>,
          },
          { title: "Structure", cell: structureCell },
          { title: "À savoir", cell: (answer) => answer.says },
        ]}
      />
    </>
  );
}

function structureCell({ name, structureId, verdict, identifier }: DirectoryAnswer) {
  if (name === "") return "—";
  if (structureId !== null) return <Link href={`/annuaire/${structureId}`}>{name}</Link>;
  return verdict === "found" ? <Link href={`/annuaire?q=${identifier}`}>{name}</Link> : name;
}

/** The identifiers that were sent, or the field to correct and why. */
async function readList(
  ctx: Context,
  list: string,
): Promise<Result<string[], { readonly field: "list" | "file"; readonly says: string }>> {
  const file = ctx.files.file;
  const field = file && file.content.length > 0 ? "file" : "list";
  const lines = field === "file" ? await readLines(file!.content) : accepted(pastedLines(list));
  if (!lines.ok) return refused({ field, says: fileRefusalTexts[lines.refusal.code] });
  const identifiers = identifiersIn(lines.value);
  if (identifiers.ok) return identifiers;
  const says = {
    LIST_EMPTY:
      field === "file"
        ? "Ce fichier n'a aucun identifiant. Mettez-les dans sa première feuille, un par ligne."
        : "Collez au moins un identifiant, ou choisissez un fichier.",
    LIST_TOO_LONG: `Cette liste compte plus de ${most} identifiants. Coupez-la en plusieurs.`,
  }[identifiers.refusal.code];
  return refused({ field, says });
}

/** DIR-06. Checking a list of identifiers against the directory, without an account. */
export function directoryCheckPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: PATH,
    access: "public",
    handler: (ctx) => ctx.html(<CheckPage ctx={ctx} form={noForm} answers={null} />),
  });
  portal.page({
    method: "POST",
    url: PATH,
    access: "public",
    upload: { maxBytes: MAX_FILE_BYTES },
    perMinute: LISTS_PER_MINUTE,
    handler: async (ctx) => {
      const again = (state: FormState) => ctx.html(<CheckPage ctx={ctx} form={state} answers={null} />, 422);
      const form = ctx.form({
        list: z.string().default(""),
        answer: z.enum(["page", "file"]).default("page"),
      });
      if (!form.ok) return again(form.state);
      const list = await readList(ctx, form.values.list);
      if (!list.ok)
        return again({
          values: typedValues(ctx.body),
          errors: { [list.refusal.field]: list.refusal.says },
        });
      const asked = list.value.map(askedIdentifier);
      const known = await ctx.database.read({ kind: "public" }, (tx) =>
        knowledgeOf(
          tx,
          asked.flatMap((one) => (one.kind === "malformed" ? [] : [one.value])),
        ),
      );
      const answers = asked.map((one) =>
        directoryAnswer(one, one.kind === "malformed" ? undefined : known.get(one.value)),
      );
      if (form.values.answer === "file")
        return sendCsv(ctx.reply, "verification.csv", answerColumns, answers);
      const values = { list: answers.map((answer) => answer.typed).join("\n") };
      return ctx.html(<CheckPage ctx={ctx} form={{ values, errors: {} }} answers={answers} />);
    },
  });
}
