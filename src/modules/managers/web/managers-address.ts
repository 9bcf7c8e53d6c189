/** Who may act on the managers of a structure. */
export const access = { action: "manager.name", on: "structure" } as const;
export const managersUrl = (structureId: number) => `/organisation/gestionnaires?structureId=${structureId}`;
export const crumbsIn = (structureId: number) => [
  { label: "Organisation", href: "/organisation" },
  { label: "Gestionnaires principaux", href: managersUrl(structureId) },
];
