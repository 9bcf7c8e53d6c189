/**
 * npm run rules -w packages/einvoice [-- --check]: writes docs/rules-en16931.md from the rules themselves, or says
 * whether it is up to date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { en16931Rules } from "../src/checking/check.ts";
import type { RuleDescription } from "../src/checking/rule.ts";

const scopes = { model: "UBL et CII", ubl: "UBL", cii: "CII" };

/** The families in the order in which people look for them. */
const families: readonly [title: string, pattern: RegExp][] = [
  ["Règles d'intégrité (BR)", /^BR-\d/],
  ["Conditions et calculs (BR-CO)", /^BR-CO-/],
  ["Décimales (BR-DEC)", /^BR-DEC-/],
  ["Catégories de TVA", /^BR-(S|Z|E|AE|IC|G|O|AF|AG|B)-/],
  ["Listes de codes (BR-CL)", /^BR-CL-/],
  ["Syntaxe UBL", /^UBL-/],
  ["Syntaxe CII", /^CII-/],
];

/** The document that lists the rules of the set `en16931`. */
function rulesDocument(): string {
  const known = new Map<string, RuleDescription & { scopes: Set<string> }>();
  for (const rule of en16931Rules) {
    const same = known.get(rule.id);
    if (same) same.scopes.add(scopes[rule.scope]);
    else known.set(rule.id, { ...rule, scopes: new Set([scopes[rule.scope]]) });
  }
  const rules = [...known.values()].sort((a, b) => a.id.localeCompare(b.id, "fr", { numeric: true }));
  const sections = families.map(([title, pattern]) => {
    const rows = rules.filter((rule) => pattern.test(rule.id)).map(rowOf);
    return `## ${title}\n\n| Règle | Terme | Syntaxe | Gravité | Que faire | What to do |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return `# Règles EN 16931

Écrit par \`npm run rules -w packages/einvoice\`, à partir des règles elles-mêmes : ${rules.length} règles. Référence : artefacts
européens de validation 1.3.16 (10 avril 2026). Deux règles du texte de la norme n'y sont pas appliquées, et ne le sont
donc pas ici : BR-CO-25, et BR-CO-27 (devenue CII-SR-470 et BR-61). Les règles d'avertissement qui signalent des
éléments hors du modèle (UBL-CR, et les CII-SR et CII-DT d'avertissement) ne sont pas reprises.

${sections.join("\n")}`;
}

function rowOf(rule: RuleDescription & { scopes: Set<string> }): string {
  const severity = rule.severity === "fatal" ? "erreur" : "avertissement";
  const cells = [
    rule.id,
    rule.term ?? "",
    [...rule.scopes].join(", "),
    severity,
    rule.message.fr,
    rule.message.en,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const file = join(import.meta.dirname, "../docs/rules-en16931.md");
const text = rulesDocument();
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/rules-en16931.md n'est plus à jour : lancez npm run rules -w packages/einvoice.");
  process.exitCode = 1;
}
