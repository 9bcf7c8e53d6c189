import { formatDate } from "../../web/format.ts";
import type { Context } from "../../web/portal.ts";
import { listUndecidedImports } from "../imports/index.ts";
import type { EndingService } from "../structures/index.ts";

/** Something that waits for the reader, and where it is done. */
export type Task = { readonly href: string; readonly label: string };

/** Services told one by one; the others are counted. */
const TOLD_ONE_BY_ONE = 3;

/**
 * NAV-04. What has a date, or waits for the operator: services about to close, imports that ask before they go on.
 * @param ending those that the caller may change
 */
export async function deadlinesOf(ctx: Context, ending: readonly EndingService[]): Promise<Task[]> {
  const undecided = ctx.who.isOperator
    ? await ctx.systemTx("an import of the operator belongs to no structure", listUndecidedImports)
    : [];
  const more = ending.length - TOLD_ONE_BY_ONE;
  return [
    ...undecided.map((run) => ({
      href: `/operateur/imports/${run.id}`,
      label: `L'import de ${run.fileName} attend votre décision`,
    })),
    ...ending.slice(0, TOLD_ONE_BY_ONE).map((service) => ({
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
