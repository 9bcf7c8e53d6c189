import { formatDate } from "../../web/format.ts";
import type { Context } from "../../web/portal.ts";
import { listUndecidedImports } from "../imports/index.ts";
import { type EndingService, listDeactivationsToAnswer } from "../structures/index.ts";

/** Something that waits for the reader, and where it is done. */
export type Task = { readonly href: string; readonly label: string };

/** Services told one by one; the others are counted. */
const TOLD_ONE_BY_ONE = 3;

/**
 * NAV-04. What has a date, or waits for the operator: services about to close, imports that ask before they go on, public
 * structures to deactivate.
 * @param ending those that the caller may change
 */
export async function deadlinesOf(ctx: Context, ending: readonly EndingService[]): Promise<Task[]> {
  const { accountId, isOperator } = ctx.who;
  const [undecided, deactivations] = isOperator
    ? await ctx.systemTx("the operator answers for structures she is no member of, or for none", (tx) =>
        Promise.all([listUndecidedImports(tx), listDeactivationsToAnswer(tx, accountId)]),
      )
    : [[], []];
  const more = ending.length - TOLD_ONE_BY_ONE;
  return [
    ...undecided.map((run) => ({
      href: `/operateur/imports/${run.id}`,
      label: `L'import de ${run.fileName} attend votre décision`,
    })),
    ...deactivations
      .filter((one) => !one.isOwn)
      .map((one) => ({
        href: "/operateur/desactivations",
        label: `La désactivation de ${one.structureName} attend votre accord`,
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
