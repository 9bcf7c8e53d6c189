import { forbidden, notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import type { Context } from "../../../web/portal.ts";
import { Tag } from "../../../web/ui/index.ts";
import { isOpen, type ServiceState, serviceState } from "../domain/service.ts";
import { findService, type PostalAddress, type ServiceRow } from "../service-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { sheetCrumbs } from "./loaded-structure.tsx";

export const organisation = { label: "Organisation", href: "/organisation" };
export const stateTags: {
  readonly [S in ServiceState]: { readonly tone: "success" | "info" | "neutral"; readonly label: string };
} = {
  planned: { tone: "info", label: "À venir" },
  active: { tone: "success", label: "Actif" },
  ended: { tone: "neutral", label: "Terminé" },
  disabled: { tone: "neutral", label: "Désactivé" },
};

export function ServiceTag({ service, now }: { service: Parameters<typeof serviceState>[0]; now: Date }) {
  const { tone, label } = stateTags[serviceState(service, now)];
  return <Tag tone={tone}>{label}</Tag>;
}

type Replaced = Pick<ServiceRow, "successorCode" | "startsAt" | "endsAt" | "disabledAt">;

/** What is said of a service that another replaces, or is to: « Remplacé par FIN ». */
export const successorText = (service: Replaced, now: Date): string =>
  `${isOpen(service, now) ? "Sera remplacé" : "Remplacé"} par ${service.successorCode}`;

/** The same with its date, where the end of the service is not beside it. */
export function successionText(service: Replaced, now: Date): string {
  const { endsAt } = service;
  const when = endsAt ? `${isOpen(service, now) ? " le" : " depuis le"} ${formatDateTime(endsAt)}` : "";
  return `${successorText(service, now)}${when}`;
}

/** The address of a service of its own; null when it is its structure's. */
export const addressText = ({ addressLine, postcode, town }: PostalAddress): string | null =>
  [addressLine, `${postcode} ${town}`.trim()].filter(Boolean).join(", ") || null;

export const servicesPath = (structureId: number) => `/organisation/services?structureId=${structureId}`;
export const sheetOf = (service: Pick<ServiceRow, "id" | "structureId">) =>
  `/organisation/structures/${service.structureId}/services/${service.id}`;
export const crumbsOf = (structure: StructureRow) => [
  ...sheetCrumbs(structure),
  { label: "Services", href: servicesPath(structure.id) },
];

export async function loadService(ctx: Context): Promise<{ structure: StructureRow; service: ServiceRow }> {
  return ctx.tx(async (tx) => {
    const structure = await findStructure(tx, ctx.membership.structureId);
    const service = await findService(tx, ctx.membership.structureId, ctx.id("serviceId"));
    if (!structure || !service) throw notFound();
    return { structure, service };
  });
}

export const mayChange = (ctx: Context, service: ServiceRow) => {
  if (!ctx.can("service.update", { serviceId: service.id })) throw forbidden();
};
