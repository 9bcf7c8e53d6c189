import type { ImportKind, OperatorImport } from "../domain/import.ts";
import { directoryServiceImport } from "./directory-services.ts";
import { directoryStructureImport } from "./directory-structures.ts";
import { membershipImport } from "./memberships.ts";
import { serviceImport } from "./services.ts";

/** What the operator imports, in this order: services belong to structures. */
export const operatorImports: readonly OperatorImport[] = [directoryStructureImport, directoryServiceImport];

/** Everything that can be imported. */
export const importKinds: readonly ImportKind[] = [serviceImport, membershipImport, ...operatorImports];

/** The kind of a name. @throws when there is none: a name comes from the database, never from a person */
export function kindOf(name: string): ImportKind {
  const found = importKinds.find((kind) => kind.name === name);
  if (!found) throw new Error(`There is no import of ${name}`);
  return found;
}
