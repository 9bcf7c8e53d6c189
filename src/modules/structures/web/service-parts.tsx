import { forbidden, notFound } from "../../../web/access.ts";
import type { Context } from "../../../web/portal.ts";
import { Tag } from "../../../web/ui/index.ts";
import { type ServiceState, serviceState } from "../domain/service.ts";
import { findService, type ServiceRow } from "../service-store.ts";
import { findStructure, type StructureRow } from "../store.ts";

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

export const sheetOf = (service: Pick<ServiceRow, "id" | "structureId">) =>
  `/organisation/structures/${service.structureId}/services/${service.id}`;
export const crumbsOf = (structure: StructureRow) => [
  organisation,
  { label: structure.displayName, href: `/organisation/structures/${structure.id}` },
  { label: "Services", href: `/organisation/services?structureId=${structure.id}` },
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
