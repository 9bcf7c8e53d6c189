/**
 * npm run rules -w packages/einvoice [-- --check]: writes docs/rules-en16931.md and docs/rules-fr.md from the rules
 * themselves, or says whether they are up to date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { en16931Rules } from "../src/checking/check.ts";
import { frenchRuleDescriptions } from "../src/checking/fr-ctc/check.ts";
import { extendedRuleDescriptions, relaxedRules } from "../src/checking/fr-ctc/extended.ts";
import type { RuleDescription } from "../src/checking/rule.ts";
import { lifeCycleRules } from "../src/lifecycle/check.ts";

const scopes = { model: "UBL et CII", ubl: "UBL", cii: "CII" };

type Families = readonly [title: string, pattern: RegExp][];

const unreadableFamily: Families[number] = [
  "Valeurs sur lesquelles les règles publiées s'arrêtent (READ)",
  /^READ-/,
];

/** The families in the order in which people look for them. */
const en16931Families: Families = [
  ["Règles d'intégrité (BR)", /^BR-\d/],
  ["Conditions et calculs (BR-CO)", /^BR-CO-/],
  ["Décimales (BR-DEC)", /^BR-DEC-/],
  ["Catégories de TVA", /^BR-(S|Z|E|AE|IC|G|O|AF|AG|B)-/],
  ["Listes de codes (BR-CL)", /^BR-CL-/],
  ["Syntaxe UBL", /^UBL-/],
  ["Syntaxe CII", /^CII-/],
  unreadableFamily,
];

const frenchFamilies: Families = [
  ["Forme et présence (BR-FR-01 à 32)", /^BR-FR-\d/],
  ["Conditions (BR-FR-CO)", /^BR-FR-CO-/],
  ["Décimales (BR-FR-DEC)", /^BR-FR-DEC-/],
  ["Plusieurs vendeurs, deux sens (BR-FR-MV, BR-FR-BD)", /^BR-FR-(MV|BD)-/],
  unreadableFamily,
];

/** A rule with every syntax that it applies to. */
type ListedRule = RuleDescription & { scopes: Set<string> };

/** Each rule once, in the order of the numbers. */
function listed(descriptions: readonly RuleDescription[]): ListedRule[] {
  const known = new Map<string, ListedRule>();
  for (const rule of descriptions) {
    const same = known.get(rule.id);
    if (same) same.scopes.add(scopes[rule.scope]);
    else known.set(rule.id, { ...rule, scopes: new Set([scopes[rule.scope]]) });
  }
  return [...known.values()].sort((a, b) => a.id.localeCompare(b.id, "fr", { numeric: true }));
}

/** A table of rules for each family. */
function sectionsOf(rules: readonly ListedRule[], families: Families): string {
  const sections = families.map(
    ([title, pattern]) => `## ${title}\n\n${tableOf(rules.filter((rule) => pattern.test(rule.id)))}`,
  );
  return sections.join("\n");
}

function tableOf(rules: readonly ListedRule[]): string {
  return `| Règle | Terme | Syntaxe | Gravité | Que faire | What to do |\n| --- | --- | --- | --- | --- | --- |\n${rules.map(rowOf).join("\n")}\n`;
}

const en16931 = listed(en16931Rules);
const french = listed(frenchRuleDescriptions);
const extended = listed(extendedRuleDescriptions);

/** The ids of rules, in the order of the numbers. */
function sorted(ids: ReadonlySet<string>): string {
  return [...ids].sort((a, b) => a.localeCompare(b, "fr", { numeric: true })).join(", ");
}

const lifeCycle = listed(lifeCycleRules).map((rule) => ({ ...rule, scopes: new Set(["CDAR"]) }));

const documents = {
  "rules-en16931.md": `# Règles EN 16931

Écrit par \`npm run rules -w packages/einvoice\`, à partir des règles elles-mêmes : ${en16931.length} règles. Référence : artefacts
européens de validation 1.3.16 (10 avril 2026). Deux règles du texte de la norme n'y sont pas appliquées, et ne le sont
donc pas ici : BR-CO-25, et BR-CO-27 (devenue CII-SR-470 et BR-61). Les UBL-CR et la
plupart des CII-SR d'avertissement signalent les éléments et attributs pour lesquels EN 16931 n'a pas de terme. Les READ sont
les nôtres : là où les artefacts s'arrêtent sur une erreur sans rendre de verdict, elles disent quelle valeur corriger.

${sectionsOf(en16931, en16931Families)}`,
  "rules-fr.md": `# Règles françaises (XP Z12-012)

Écrit par \`npm run rules -w packages/einvoice\`, à partir des règles elles-mêmes : ${french.length} règles. Référence : jeu de règles
BR-FR Flux 2 de la FNFE-MPE, version 1.4.0.03 (4 août 2026). Une règle peut porter un numéro différent en UBL et en CII :
celui de sa forme publiée. READ-REPEATED est la nôtre : là où la forme publiée s'arrête sur un élément répété sans rendre de
verdict, quoi que dise le reste de la facture, elle dit lequel retirer.

Là où la forme publiée s'écarte du texte de la norme, le constat suit la forme publiée, que les plateformes appliquent :

- en UBL, BR-FR-27 ne s'applique à rien, et BR-FR-29_BT-18 compte dans chaque référence à part ; en CII, BR-FR-30 ne
  s'applique à rien : ces règles sont vérifiées dans l'autre syntaxe seulement ;
- BR-FR-23 et 24 acceptent le signe +, que le texte ne cite pas ;
- BR-FR-16_BT-152 ne regarde pas les lignes des avoirs UBL, BR-FR-10_BT-30 un vendeur UBL sans entité légale ;
- BR-FR-22 s'applique en UBL quel que soit le traitement de la note BAR ;
- BR-FR-MV-03_BT-128 et BR-FR-MV-01 ne jugent en CII que ce qui est écrit ;
- les tolérances de BR-FR-MV-05, 09 et 10 (en CII) se comparent en virgule flottante : un écart qui vaut exactement la tolérance
  passe ou non selon les montants.

${sectionsOf(french, frenchFamilies)}
## Messages de cycle de vie (BR-FR-CDV)

Jeu publié avec la même version. Les règles 01, 04, 05, 06 et 10, dont la forme publiée ne peut être enfreinte, demandent ici
ce que dit leur texte ; CDV-07 n'est reprise que pour la phase de traitement, seule que sa forme publiée juge.

${tableOf(lifeCycle)}
## Profil EXTENDED-CTC-FR

\`extended-ctc-fr\` vérifie EN 16931 comme l'assouplit le profil (version 1.4.0.03) : les lignes GROUP et INFORMATION ne
comptent pas, les totaux ont un centime de tolérance par élément, plusieurs ventilations peuvent partager une catégorie.

Règles d'EN 16931 que le profil écarte :

- en UBL, toutes les règles de syntaxe (UBL-SR, UBL-DT), et ${sorted(relaxedRules.ubl)} ;
- en CII, ${sorted(relaxedRules.cii)}.

Règles que le profil ajoute :

${tableOf(extended)}
Ne sont pas reprises : les règles d'avertissement BR-FREXT-08ini et 08rev, la liste des incoterms (BR-FREXT-CL-27), la liste des codes
d'attributs (BR-FREXT-04, BR-FXEXT-04), CII-FREXT-SR-106, et le motif d'exonération d'une remise ou de frais. Aucun
verdict publié n'a servi à mesurer ce jeu : il suit le texte des règles publiées.`,
};

function rowOf(rule: ListedRule): string {
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

for (const [name, text] of Object.entries(documents)) {
  const file = join(import.meta.dirname, "../docs", name);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`docs/${name} n'est plus à jour : lancez npm run rules -w packages/einvoice.`);
    process.exitCode = 1;
  }
}
