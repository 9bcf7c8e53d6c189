import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime } from "../../../web/format.ts";
import type { Context } from "../../../web/portal.ts";
import { Tag } from "../../../web/ui/index.ts";
import { listJournalOf } from "../../audit/index.tsx";
import { findStructure, type StructureRow } from "../store.ts";

export const organisation = { label: "Organisation", href: "/organisation" };
export const list = { label: "Structures", href: "/organisation/structures" };

export const sheetOf = ({ id }: Pick<StructureRow, "id">) => `/organisation/structures/${id}`;
/** The trail of the pages that start from the sheet of a structure. */
export const sheetCrumbs = (structure: Pick<StructureRow, "id" | "displayName">) => [
  organisation,
  { label: structure.displayName, href: sheetOf(structure) },
];

export function StateTag({ structure }: { structure: Pick<StructureRow, "state" | "proofState"> }) {
  if (structure.state === "replaced") return <Tag tone="neutral">Remplacée</Tag>;
  if (structure.state !== "active") return <Tag tone="neutral">Désactivée</Tag>;
  return structure.proofState === "toVerify" ? (
    <Tag tone="warning">À vérifier</Tag>
  ) : (
    <Tag tone="success">Active</Tag>
  );
}

export const isUnregistered = (structure: StructureRow) =>
  structure.identifierType === "EN_COURS_D_IMMATRICULATION" && structure.state === "active";

/** The structure of a page that shows it. */
export async function load(ctx: Context): Promise<StructureRow> {
  const structure = await ctx.tx((tx) => findStructure(tx, ctx.membership.structureId));
  if (!structure) throw notFound();
  return structure;
}

/** The structure of a page that changes it; one that another replaces is only read. */
export async function loadToChange(ctx: Context): Promise<StructureRow> {
  const structure = await load(ctx);
  if (structure.state === "replaced")
    throw forbidden("Cette structure a changé d'identifiant : modifiez celle qui la remplace.");
  return structure;
}

/** Who changed a structure last, or something in it, and when. */
export async function lastChangeOf(
  ctx: Context,
  structureId: number,
  object: { readonly kind: string; readonly id: number } = { kind: "structure", id: structureId },
): Promise<{ by: string; at: Date }> {
  const [last] = await ctx.tx((tx) => listJournalOf(tx, structureId, object, 1));
  return last ? { by: last.actorLabel, at: last.at } : { by: "Quelqu'un", at: ctx.now };
}

/** An instant that somebody chose, its hour left out when it is the beginning of the day. */
export const chosenInstant = (instant: Date): string =>
  formatDateTime(instant).endsWith(" 00:00:00") ? formatDate(instant) : formatDateTime(instant);

export const version = z.coerce.number().int().positive();
export const CHANGED =
  "Quelqu'un a modifié cette fiche entre-temps. Rechargez la page, comparez, puis enregistrez.";
