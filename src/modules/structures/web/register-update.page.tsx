import { z } from "zod";
import { frenchDay } from "../../../shared/french-date-time.ts";
import { notFound } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Banner, Form, FormFooter, Paragraph, Table } from "../../../web/ui/index.ts";
import {
  activityText,
  companyCategoryText,
  type Establishment,
  isPublicCategory,
  legalCategoryText,
} from "../../register/index.ts";
import { type RegisterLine, registerUpdate } from "../domain/register-update.ts";
import type { StructureRow } from "../store.ts";
import { updateFromRegister } from "../use-cases/register.ts";
import { CHANGED, loadToChange, sheetCrumbs, sheetOf, version } from "./loaded-structure.tsx";

const url = "/organisation/structures/:structureId/repertoire";
const access = { action: "structure.update", on: "structure" } as const;

/** What « Mettre à jour depuis le répertoire » has to show. */
type Comparison =
  | { readonly kind: "none"; readonly says: string }
  | { readonly kind: "compared"; readonly found: Establishment; readonly lines: readonly RegisterLine[] };

const words: {
  readonly [F in RegisterLine["field"]]: { readonly label: string; readonly say: (value: string) => string };
} = {
  name: { label: "Raison sociale", say: (value) => value },
  address: { label: "Adresse", say: (value) => value },
  activity: { label: "Activité", say: activityText },
  legalCategory: { label: "Catégorie juridique", say: legalCategoryText },
  companyCategory: { label: "Catégorie d'entreprise", say: companyCategoryText },
  published: {
    label: "Nom et adresse",
    say: (value) => (value === "yes" ? "Publiés" : "Non publiés, à la demande de l'entreprise"),
  },
  listed: {
    label: "Annuaire public",
    say: (value) => (value === "yes" ? "Elle y figure" : "Elle n'y figure pas"),
  },
  state: {
    label: "Établissement",
    say: (value) => {
      const [state, since] = value.split(" ");
      const day = since ? ` depuis le ${frenchDay(since)}` : "";
      return state === "open" ? "Ouvert" : `Fermé${day}`;
    },
  },
};
const shown = (line: RegisterLine, value: string) => (value === "" ? "—" : words[line.field].say(value));

async function compare(portal: Portal, structure: StructureRow): Promise<Comparison> {
  const answer = await portal.register.find(structure.identifierValue);
  if (answer.kind === "silent")
    return {
      kind: "none",
      says: "Le répertoire national ne répond pas. Rien n'est changé : réessayez plus tard.",
    };
  if (answer.kind === "unknown")
    return {
      kind: "none",
      says: "Ce SIRET ne figure pas dans le répertoire national. Vérifiez-le ; s'il vient d'être attribué, réessayez dans quelques jours.",
    };
  const found = answer.establishment;
  const update = registerUpdate(structure, { ...found, isPublic: isPublicCategory(found.legalCategory) });
  return update
    ? { kind: "compared", found, lines: update.lines }
    : {
        kind: "none",
        says: "Le répertoire dit cet établissement d'une autre nature, publique ou privée. Adressez-vous à l'opérateur du portail.",
      };
}

function UpdatePage({
  ctx,
  structure,
  comparison,
  says = null,
}: {
  ctx: Context;
  structure: StructureRow;
  comparison: Comparison;
  says?: string | null;
}) {
  const sheet = sheetOf(structure);
  return (
    <Page
      chrome={ctx.chrome}
      title="Mettre à jour depuis le répertoire"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      hasErrors={says !== null}
      lead={
        structure.registryCheckedAt
          ? `Dernière vérification : ${formatDate(structure.registryCheckedAt)}.`
          : undefined
      }
    >
      {says && <Banner tone="error" title={says} />}
      {comparison.kind === "none" ? (
        <Banner tone="warning" title={comparison.says} />
      ) : (
        <>
          {comparison.lines.length === 0 ? (
            <Paragraph>La fiche dit déjà ce que dit le répertoire national.</Paragraph>
          ) : (
            <Table
              caption="Ce que le répertoire changerait"
              rows={comparison.lines}
              keyOf={(line) => line.field}
              columns={[
                { title: "Champ", heads: true, cell: (line) => words[line.field].label },
                { title: "Avant", cell: (line) => shown(line, line.before) },
                { title: "Après", cell: (line) => shown(line, line.after) },
              ]}
            />
          )}
          <Form token={ctx.formToken}>
            <input type="hidden" name="version" value={structure.version} />
            <input type="hidden" name="lu" value={asRead(comparison.lines)} />
            <FormFooter
              submit={comparison.lines.length === 0 ? "Noter cette vérification" : "Appliquer"}
              cancel={sheet}
            />
          </Form>
        </>
      )}
    </Page>
  );
}

/** The lines as they were read: what the register changed since is read again before it is applied. */
const asRead = (lines: readonly RegisterLine[]) =>
  lines.map((line) => `${line.field}=${line.after}`).join(" | ");

/** « Mettre à jour depuis le répertoire »: what would change, line by line, then « Appliquer ». */
export function registerUpdatePage(portal: Portal): void {
  const load = async (ctx: Context) => {
    const structure = await loadToChange(ctx);
    if (structure.identifierType !== "SIRET") throw notFound();
    return structure;
  };
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const comparison = await compare(portal, structure);
      return ctx.html(<UpdatePage ctx={ctx} structure={structure} comparison={comparison} />);
    },
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const comparison = await compare(portal, structure);
      const again = (says: string | null, status: number) =>
        ctx.html(<UpdatePage ctx={ctx} structure={structure} comparison={comparison} says={says} />, status);
      if (comparison.kind === "none") return again(null, 422);
      const form = ctx.form({ version, lu: z.string().default("") });
      if (!form.ok) return again("Ce formulaire est incomplet. Vérifiez les lignes, puis appliquez.", 422);
      const { found, lines } = comparison;
      if (asRead(lines) !== form.values.lu)
        return again(
          "La fiche ou le répertoire ont changé depuis. Vérifiez les lignes, puis appliquez.",
          409,
        );
      const done = await ctx.tx((tx, now) =>
        updateFromRegister(
          tx,
          { structureId: structure.id, version: form.values.version, found },
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) return again(CHANGED, 409);
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: {
          title:
            lines.length === 0
              ? "La vérification est notée."
              : "La structure est à jour du répertoire national.",
        },
      });
    },
  });
}
