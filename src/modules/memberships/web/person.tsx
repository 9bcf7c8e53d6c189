import { Tag } from "../../../web/ui/index.ts";
import type { MembershipRow } from "../store.ts";

export const organisation = { label: "Organisation", href: "/organisation" };
export const users = (structureId: number) => ({
  label: "Utilisateurs",
  href: `/organisation/utilisateurs?structureId=${structureId}`,
});

export const memberUrl = (member: Pick<MembershipRow, "structureId" | "id">) =>
  `/organisation/structures/${member.structureId}/utilisateurs/${member.id}`;
/** Where her rights are changed. */
export const rightsUrl = (member: Pick<MembershipRow, "structureId" | "id">) =>
  `${memberUrl(member)}/habilitations`;
export const fullName = (member: Pick<MembershipRow, "firstName" | "lastName">) =>
  `${member.firstName} ${member.lastName}`;

/** The state of a person in the structure, as the lists and her sheet show it. */
export const stateTag = (member: Pick<MembershipRow, "state" | "accountState" | "startsAt">, now: Date) =>
  member.state === "ended" ? (
    <Tag tone="neutral">Parti</Tag>
  ) : member.state === "suspended" ? (
    <Tag tone="warning">Suspendu</Tag>
  ) : member.startsAt > now ? (
    <Tag tone="info">À venir</Tag>
  ) : member.accountState === "active" ? (
    <Tag tone="success">Actif</Tag>
  ) : (
    <Tag tone="neutral">Compte inactif</Tag>
  );
