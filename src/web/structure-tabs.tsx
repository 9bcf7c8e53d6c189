import type { Context } from "./portal.ts";
import { SubNav } from "./ui/index.ts";

/** The tabs of a structure's sheet, those that the caller may open. */
export function StructureTabs({
  ctx,
  current,
}: {
  ctx: Context;
  current: "general" | "services" | "users" | "bankAccounts" | "journal";
}) {
  const id = ctx.membership.structureId;
  const tabs = [
    { name: "general", href: `/organisation/structures/${id}`, label: "Général", shown: true },
    {
      name: "services",
      href: `/organisation/services?structureId=${id}`,
      label: "Services",
      shown: ctx.can("service.read"),
    },
    {
      name: "users",
      href: `/organisation/utilisateurs?structureId=${id}`,
      label: "Utilisateurs",
      shown: ctx.can("member.list", { serviceId: "any" }),
    },
    {
      name: "bankAccounts",
      href: `/organisation/coordonnees-bancaires?structureId=${id}`,
      label: "Coordonnées bancaires",
      shown: ctx.can("bankAccount.read"),
    },
    {
      name: "journal",
      href: `/organisation/historique?structureId=${id}`,
      label: "Historique",
      shown: ctx.can("journal.read"),
    },
  ];
  return (
    <SubNav
      label="Fiche de la structure"
      items={tabs
        .filter((tab) => tab.shown)
        .map(({ name, href, label }) => ({ href, label, current: name === current }))}
    />
  );
}
