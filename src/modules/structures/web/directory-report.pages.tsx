import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  Radios,
  Textarea,
} from "../../../web/ui/index.ts";
import { type ReportSubject, reportSubjects } from "../domain/directory-report.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { reportError } from "../use-cases/report-error.ts";

const eyes = "who reports an error is no member of the structure";
const subjects = Object.keys(reportSubjects) as ReportSubject[];

function ReportPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  const sheet = `/annuaire/${structure.id}`;
  return (
    <Page
      chrome={ctx.chrome}
      title="Signaler une erreur"
      caption={`${structure.displayName}, ${formatIdentifier(structure.identifierValue)}`}
      crumbs={[
        { label: "Annuaire", href: "/annuaire" },
        { label: structure.displayName, href: sheet },
      ]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Paragraph>
        Votre message va à ceux qui gèrent cette structure, ou à l'opérateur du portail si elle n'a pas de
        gestionnaire, avec votre nom et votre adresse pour vous répondre.
      </Paragraph>
      <Form token={ctx.formToken} action={`${sheet}/signaler`} state={form}>
        <Radios
          form={form}
          name="subject"
          label="Qu'est-ce qui est faux ?"
          required
          options={subjects.map((subject) => ({ value: subject, label: reportSubjects[subject] }))}
        />
        <Textarea
          form={form}
          name="message"
          label="Ce qu'il faudrait y lire"
          required
          rows={4}
          maxlength={1000}
        />
        <FormFooter cancel={sheet} />
      </Form>
    </Page>
  );
}

/** An active public structure of the directory. @throws 404 when there is none of that number */
async function structureOf(ctx: Context): Promise<StructureRow> {
  const structure = await ctx.systemTx(eyes, (tx) => findStructure(tx, ctx.id("id")));
  if (structure?.kind !== "public" || structure.state !== "active") throw notFound();
  return structure;
}

/** « Signaler une erreur » on a sheet of the directory. */
export function directoryReportPages(portal: Portal): void {
  const url = "/annuaire/:id/signaler";
  portal.page({
    method: "GET",
    url,
    access: "account",
    handler: async (ctx) =>
      ctx.html(<ReportPage ctx={ctx} structure={await structureOf(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access: "account",
    handler: async (ctx) => {
      const structure = await structureOf(ctx);
      const again = (errors: Record<string, string>) =>
        ctx.html(
          <ReportPage ctx={ctx} structure={structure} form={{ values: typedValues(ctx.body), errors }} />,
          422,
        );
      const form = ctx.form({
        subject: z.enum(subjects, { error: "Choisissez ce qui est faux." }),
        message: text.required("Ce qu'il faudrait y lire", 1000),
      });
      if (!form.ok) return again(form.state.errors);
      const { accountId, signInEmail } = ctx.who;
      const reported = await ctx.systemTx(eyes, (tx, now) =>
        reportError(
          tx,
          structure,
          {
            ...form.values,
            reporterAddress: signInEmail,
            operators: ctx.config.UNISSON_OPERATORS,
          },
          { ...ctx.actor, accountId },
          now,
        ),
      );
      if (!reported.ok)
        return again({ message: "Vous avez signalé cinq erreurs aujourd'hui. Réessayez demain." });
      return ctx.redirect(`/annuaire/${structure.id}`, {
        confirmation: { title: "L'erreur est signalée", text: "Ceux qui peuvent la corriger sont prévenus." },
      });
    },
  });
}
