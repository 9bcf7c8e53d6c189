import type { Context } from "../../web/portal.ts";
import { ClosedTile, Tile, Tiles } from "../../web/ui/index.ts";
import { applications, permissionTable } from "../rights/index.ts";
import type { DomainApplication } from "./organisation-applications.ts";

/** Why an application is closed to the caller, and the gesture that opens it. */
export type Closure = {
  readonly reason: string;
  readonly gesture: { readonly label: string; readonly href: string };
};

/**
 * NAV-02. What keeps the caller out of an application in the structure that she works in; null: nothing. Who has not signed
 * in is asked to at the door.
 */
export function closureOf(ctx: Context, { needs, href }: DomainApplication): Closure | null {
  const { caller } = ctx;
  if (!caller || needs === undefined) return null;
  const membership = caller.current;
  if (!membership)
    return {
      reason: "Vous n'êtes rattaché à aucune structure.",
      gesture: { label: "Choisir ma structure", href: "/bienvenue" },
    };
  if (ctx.can(needs, { membership, serviceId: "any" })) return null;
  const { structureId, structure } = membership;
  const need = permissionTable[needs];
  const other = caller.memberships.find((one) => ctx.can(needs, { membership: one, serviceId: "any" }));
  if (other)
    return {
      reason: `Vous n'y avez pas accès sur ${structure.displayName}.`,
      gesture: {
        label: `Ouvrir pour ${other.structure.displayName}`,
        href: `${href}?structureId=${other.structureId}`,
      },
    };
  if (typeof need === "string")
    return {
      reason: `Réservé aux gestionnaires principaux de ${structure.displayName}.`,
      gesture: { label: "Voir qui ils sont", href: `/organisation/gestionnaires?structureId=${structureId}` },
    };
  const { label } = applications.find((one) => one.code === need.application)!;
  const level = need.level === "write" ? " en modification" : "";
  return {
    reason: `Vous n'avez pas l'habilitation « ${label} »${level} sur ${structure.displayName}.`,
    gesture: {
      label: "Demander cette habilitation",
      href: `/mes-habilitations/demander?structureId=${structureId}&application=${need.application}&niveau=${need.level}`,
    },
  };
}

/** The applications of a sub-domain: those that are closed to the caller say why, and what to do. */
export function ApplicationTiles({
  ctx,
  applications: shown,
}: {
  ctx: Context;
  applications: readonly DomainApplication[];
}) {
  return (
    <Tiles>
      {shown.map((one) => {
        const closure = closureOf(ctx, one);
        return closure ? (
          <ClosedTile title={one.title} icon={one.icon} says={one.says} {...closure} key={one.href} />
        ) : (
          <Tile href={one.href} title={one.title} icon={one.icon} key={one.href}>
            {one.says}
          </Tile>
        );
      })}
    </Tiles>
  );
}
