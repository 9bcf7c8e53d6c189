/**
 * npx tsx scripts/factur-x-structure.ts FOLDER VERSION: reads the XML schemas of the Factur-X profiles
 * (`Factur-X_VERSION_PROFILE*.xsd`, as FNFE-MPE and FeRD publish them) and writes what each profile allows, in which
 * order and how often, to src/checking/facturx/structure.generated.ts.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childrenOf, parseXml, type XmlElement } from "../src/xml/tree.ts";

const xs = "{http://www.w3.org/2001/XMLSchema}";
const profiles = ["MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"];

/** The types that have children, by name, each with its children as `prefix:Name:Type` and `?`, `*`, `+` or `{0,9}`. */
function typesOf(folder: string, version: string, profile: string): Map<string, string> {
  const types = new Map<string, string>();
  const files = readdirSync(folder).filter(
    (file) =>
      file === `Factur-X_${version}_${profile}.xsd` || file.startsWith(`Factur-X_${version}_${profile}_urn`),
  );
  for (const file of files) {
    const parsed = parseXml(readFileSync(join(folder, file), "utf8"));
    if (!parsed.ok) throw new Error(`${file}: ${parsed.detail}`);
    const prefix = prefixOf(parsed.root.attributes["targetNamespace"] ?? "");
    for (const type of childrenOf(parsed.root, `${xs}complexType`)) {
      const name = type.attributes["name"]?.replace(/Type$/, "");
      const group = [...childrenOf(type, `${xs}sequence`), ...childrenOf(type, `${xs}choice`)][0];
      const children = childrenOf(group, `${xs}element`).map((element) => childOf(element, prefix));
      const isLeaf = type.children.some((each) => each.name === `${xs}simpleContent`);
      if (name && !isLeaf) types.set(name, children.join(" "));
    }
  }
  return types;
}

function prefixOf(namespace: string): string {
  if (namespace.includes("CrossIndustryInvoice")) return "rsm";
  if (namespace.includes("UnqualifiedDataType")) return "udt";
  return namespace.includes("QualifiedDataType") ? "qdt" : "ram";
}

function childOf(element: XmlElement, prefix: string): string {
  const { name = "", type = "", minOccurs = "1", maxOccurs = "1" } = element.attributes;
  const local = type.replace(/^\w+:/, "").replace(/Type$/, "");
  return `${prefix}:${name}${local === "" ? "" : `:${local}`}${occursText(minOccurs, maxOccurs)}`;
}

function occursText(least: string, most: string): string {
  if (most === "unbounded") return least === "0" ? "*" : "+";
  if (most === "1") return least === "0" ? "?" : "";
  return `{${least},${most}}`;
}

/** A child of a type without children is a mere value: its type is left out. */
function withoutUnknownType(child: string, known: ReadonlySet<string>): string {
  const parts = /^(\w+:\w+):(\w+)(.*)$/.exec(child);
  return parts && !known.has(parts[2] ?? "") ? `${parts[1]}${parts[3]}` : child;
}

const [folder, version] = process.argv.slice(2);
if (!folder || !version) throw new Error("usage: factur-x-structure.ts FOLDER VERSION");
const bodies = profiles.map((profile) => {
  const types = typesOf(folder, version, profile.replace(" ", ""));
  const known = new Set(types.keys());
  const rows = [...types].map(([name, children]) => {
    const short = children.split(" ").map((child) => withoutUnknownType(child, known).replace(/^ram:/, ""));
    return `    ${name}: "${short.join(" ")}",`;
  });
  return `  "${profile}": {\n${rows.join("\n")}\n  },`;
});
writeFileSync(
  join(import.meta.dirname, "../src/checking/facturx/structure.generated.ts"),
  `/**
 * What each Factur-X profile allows: the children of each type, in their order, by \`prefix:Name:Type\` (\`ram\` unless
 * said, no type for a mere value) and how often (once; \`?\` at most once; \`*\` any number; \`+\` at least once).
 * Source: the XML schemas of Factur-X ${version} (FNFE-MPE, FeRD), read by scripts/factur-x-structure.ts.
 */
export const structures: Record<string, Record<string, string>> = {
${bodies.join("\n")}
};
`,
);
