/**
 * npm run api -w packages/einvoice [-- --check]: writes docs/api.md, the reference of what the package exports, from the
 * declarations and their docstrings, or says whether it is up to date. Something exported without a docstring is refused.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ExportedDeclarations,
  type FunctionDeclaration,
  type JSDoc,
  type MethodDeclaration,
  Node,
  Project,
  ts,
} from "ts-morph";
import manifest from "../package.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
const project = new Project({
  compilerOptions: {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: ["node"],
  },
});

/** Something exported, under the name that importers use. */
interface Exported {
  name: string;
  declaration: ExportedDeclarations;
}

const entries = Object.entries(manifest.exports).map(([path, file]) => {
  const source = project.addSourceFileAtPath(join(root, file));
  const exported = [...source.getExportedDeclarations()].flatMap(([name, [declaration]]): Exported[] =>
    declaration ? [{ name, declaration }] : [],
  );
  return { name: `${manifest.name}${path.slice(1)}`, source, exported: exported.sort(inOrder) };
});

/** What one calls first, then what one gets; each by its name. */
function inOrder(a: Exported, b: Exported): number {
  const rank = ({ declaration }: Exported) => (isType(declaration) ? 1 : 0);
  return rank(a) - rank(b) || a.name.localeCompare(b.name, "en");
}

function isType(declaration: Node): boolean {
  return (
    Node.isInterfaceDeclaration(declaration) ||
    Node.isTypeAliasDeclaration(declaration) ||
    Node.isClassDeclaration(declaration)
  );
}

/** The docstrings of a declaration; those of a variable stand on its statement. */
function docsOf(declaration: Node): JSDoc[] {
  if (Node.isVariableDeclaration(declaration)) return declaration.getVariableStatement()?.getJsDocs() ?? [];
  return Node.isJSDocable(declaration) ? declaration.getJsDocs() : [];
}

/** The declaration as TypeScript, without its body, its docstring and the word `export`. */
function signatureOf({ name, declaration }: Exported): string {
  if (Node.isVariableDeclaration(declaration)) {
    const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
    return `const ${name}: ${declaration.getType().getText(declaration, flags)};`;
  }
  if (Node.isClassDeclaration(declaration)) {
    const methods = declaration.getInstanceMethods().map((method) => {
      const docs = method.getJsDocs().map((doc) => `  ${doc.getText()}\n`);
      return `${docs.join("")}  ${withoutBody(method)}\n`;
    });
    return `class ${name} {\n${methods.join("\n")}}`;
  }
  return (Node.isFunctionDeclaration(declaration) ? withoutBody(declaration) : declaration.getText()).replace(
    /^export /,
    "",
  );
}

function withoutBody(declaration: FunctionDeclaration | MethodDeclaration): string {
  const body = declaration.getBody();
  const length = body ? body.getStart() - declaration.getStart() : undefined;
  return `${declaration.getText().slice(0, length).trimEnd()};`;
}

function proseOf(docs: readonly JSDoc[]): string {
  const parts = docs.flatMap((doc) => [
    doc.getDescription().trim(),
    ...doc.getTags().map((tag) => {
      const subject = Node.isJSDocParameterTag(tag) ? ` \`${tag.getName()}\`` : "";
      return `- *${tag.getTagName()}*${subject} ${tag.getCommentText() ?? ""}`.trim();
    }),
  ]);
  return parts
    .filter((part) => part !== "")
    .map((part) => part.replace(/\s*\n\s*/g, " "))
    .join("\n");
}

/** The package's own types that a signature names. */
function typesNamedBy(declaration: Node): string[] {
  const within = Node.isFunctionDeclaration(declaration)
    ? [...declaration.getParameters(), declaration.getReturnTypeNode()]
    : [declaration];
  return within.flatMap((node) =>
    (node?.getDescendantsOfKind(ts.SyntaxKind.TypeReference) ?? []).flatMap((reference) => {
      const symbol = reference.getTypeName().getSymbol();
      const original = symbol?.getAliasedSymbol() ?? symbol;
      const home = original?.getDeclarations()[0];
      const isOurs = home !== undefined && isType(home) && !home.getSourceFile().isInNodeModules();
      return isOurs && original ? [original.getName()] : [];
    }),
  );
}

const everyName = new Set(entries.flatMap(({ exported }) => exported.map(({ name }) => name)));
const problems = entries.flatMap(({ exported }) =>
  exported.flatMap(({ name, declaration }) => [
    ...(Node.isClassDeclaration(declaration) ? declaration.getInstanceMethods() : [])
      .filter((method) => method.getJsDocs().length === 0)
      .map((method) => `${name}.${method.getName()} n'a pas de docstring`),
    ...(docsOf(declaration).length === 0 ? [`${name} n'a pas de docstring`] : []),
    ...typesNamedBy(declaration)
      .filter((each) => !everyName.has(each))
      .map((each) => `${name} nomme ${each}, qui n'est pas exporté`),
  ]),
);

const sections = entries.map(({ name, source, exported }) => {
  const head = source.getStatements()[0]?.getLeadingCommentRanges()[0];
  const intro = head?.getText().startsWith("/**")
    ? `${head
        .getText()
        .replace(/^\/\*\*|\*\/$|^ \* ?/gm, "")
        .trim()}\n\n`
    : "";
  const things = exported.map(
    (each) =>
      `### ${each.name}\n\n${proseOf(docsOf(each.declaration))}\n\n\`\`\`ts\n${signatureOf(each)}\n\`\`\`\n`,
  );
  return `## ${name}\n\n${intro}${things.join("\n")}`;
});

const text = `# API

Écrit par \`npm run api -w packages/einvoice\`, à partir des déclarations et de leurs docstrings (en anglais, comme le code) :
pour chaque porte du paquet, ce qu'on appelle, puis ce qu'on reçoit.

${entries.map(({ name, exported }) => `- \`${name}\` : ${exported.map((each) => `\`${each.name}\``).join(", ")}`).join("\n")}

${sections.join("\n")}`;

const file = join(root, "docs/api.md");
if (problems.length > 0) {
  for (const problem of new Set(problems)) console.error(problem);
  process.exitCode = 1;
} else if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/api.md n'est plus à jour : lancez npm run api -w packages/einvoice.");
  process.exitCode = 1;
}
