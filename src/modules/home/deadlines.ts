import { formatDate } from "../../web/format.ts";
import type { Context } from "../../web/portal.ts";
import { listUndecidedImports } from "../imports/index.ts";
import { listEndingServices } from "../structures/index.ts";

/** Something that waits for the reader, and where it is done. */
export type Task = { readonly href: string; readonly label: string };

/** Services told one by one; the others are counted. */
const TOLD_ONE_BY_ONE = 3;

/** NAV-04. What has a date, or waits for the operator: services about to close, imports that ask before they go on. */
export async function deadlinesOf(ctx: Context): Promise<Task[]> {
  const { caller, now } = ctx;
  if (!caller) return [];
  const structureIds = caller.memberships
    .filter((membership) => ctx.can("service.update", { membership, serviceId: "any" }))
    .map((one) => one.structureId);
  const ending =
    structureIds.length === 0 ? [] : await ctx.tx((tx) => listEndingServices(tx, structureIds, now));
  const mine = ending.filter(({ structureId, id }) =>
    ctx.can("service.update", {
      membership: caller.memberships.find((one) => one.structureId === structureId),
      serviceId: id,
    }),
  );
  const undecided = caller.isOperator
    ? await ctx.systemTx("an import of the operator belongs to no structure", listUndecidedImports)
    : [];
  const more = mine.length - TOLD_ONE_BY_ONE;
  return [
    ...undecided.map((run) => ({
      href: `/operateur/imports/${run.id}`,
      label: `L'import de ${run.fileName} attend votre décision`,
    })),
    ...mine.slice(0, TOLD_ONE_BY_ONE).map((service) => ({
      href: `/organisation/structures/${service.structureId}/services/${service.id}`,
      label: `Le service ${service.code} de ${service.structureName} ferme le ${formatDate(service.endsAt)}`,
    })),
    ...(more > 0
      ? [
          {
            href: "/organisation/services",
            label: `${more} autre${more > 1 ? "s" : ""} service${more > 1 ? "s" : ""} ${more > 1 ? "ferment" : "ferme"} dans les trente jours`,
          },
        ]
      : []),
  ];
}
