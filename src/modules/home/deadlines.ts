import { formatDate } from "../../web/format.ts";
import type { EndingService } from "../structures/index.ts";

/** Something that waits for the reader, and where it is done. */
export type Task = { readonly href: string; readonly label: string };

/** Services told one by one; the others are counted. */
const TOLD_ONE_BY_ONE = 3;

/**
 * NAV-04. What has a date: services about to close.
 * @param ending those that the caller may change
 */
export function deadlinesOf(ending: readonly EndingService[]): Task[] {
  const more = ending.length - TOLD_ONE_BY_ONE;
  return [
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
