import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { applicationsOf, type Member } from "../../rights/index.ts";
import { findStructure, listAllServices, listOpenServices } from "../../structures/index.ts";
import { type MembershipRefusal, NEW_ADDRESSES_A_DAY } from "../domain/decisions.ts";
import {
  copyRights,
  type Difference,
  differences,
  type RightsOf,
  translated,
} from "../domain/rights-changes.ts";
import { findMemberByAddress, type MembershipRow } from "../store.ts";
import { attachWith } from "./attach.ts";
import { changeGrants, mayActOn, rightsOf } from "./changes.ts";

export type CopyAcross = {
  /** Whose rights are copied, in a structure where the giver manages her. */
  readonly source: MembershipRow;
  readonly email: string;
  readonly mode: "add" | "replace";
};

/** What a copy did, or does: rights changed, or somebody attached with them. */
export type Copied =
  | { readonly kind: "changed"; readonly name: string; readonly differences: readonly Difference[] }
  | { readonly kind: "attached" };

/**
 * Gives the rights of somebody to the person of an address, in the giver's structure, which may be another one. Who is
 * not attached there is, with these rights. Neither role nor dates are copied, nor what the giver does not hold.
 */
export async function copyAcross(
  tx: Tx,
  { source, email, mode }: CopyAcross,
  giver: Member & { readonly email: string },
  options: { readonly invitationDays: number },
  actor: Actor,
  now: Date,
): Promise<Result<Copied, MembershipRefusal>> {
  if (source.state !== "active") return refused({ code: "SOURCE_NOT_FOUND" });
  if (source.role === "mainManager") return refused({ code: "MANAGER_RIGHTS_NOT_COPIED" });
  const given = await rightsThere(tx, source, giver.structureId, now);
  if (given.scope === "service" && given.serviceIds.length === 0) return refused({ code: "NO_SAME_SERVICE" });
  const target = await findMemberByAddress(tx, giver.structureId, email);
  if (!target) {
    if (canonicalEmail(email) === canonicalEmail(giver.email)) return refused({ code: "OWN_ADDRESS" });
    const words = await wordsOf(tx, given, giver.structureId, now);
    const done = await attachWith(
      tx,
      { ...given, words },
      {
        email,
        firstName: "",
        lastName: "",
        message: "",
        confirmsWidening: false,
        startsAt: null,
        endsAt: null,
      },
      giver,
      { ...options, origin: "attach", newAddressesADay: NEW_ADDRESSES_A_DAY },
      actor,
      now,
    );
    return done.ok ? accepted({ kind: "attached" }) : done;
  }
  if (target.id === source.id) return refused({ code: "COPY_TO_SELF" });
  if (!mayActOn(giver, target.openServiceIds, target.scope, now))
    return refused({ code: "NOT_YOUR_SERVICES" });
  const before = await rightsOf(tx, target);
  const after = copyRights(given, before, mode);
  const { endsAt } = target;
  const done = await changeGrants(tx, { membershipId: target.id, ...after, endsAt }, giver, actor, now);
  return done.ok
    ? accepted({
        kind: "changed",
        name: done.value.name,
        differences: differences(before.grants, after.grants),
      })
    : done;
}

/** What somebody new is told of rights that were another's, whose name is not hers to read. */
async function wordsOf(
  tx: Tx,
  { scope, serviceIds }: RightsOf,
  structureId: number,
  now: Date,
): Promise<string> {
  if (scope === "structure") return "droits copiés, sur toute la structure";
  const services = await listOpenServices(tx, structureId, now);
  const codes = services.filter((one) => serviceIds.includes(one.id)).map((one) => one.code);
  return `droits copiés, sur ${codes.join(", ")}`;
}

/** The rights of somebody as they are in a structure. */
async function rightsThere(tx: Tx, source: MembershipRow, structureId: number, now: Date): Promise<RightsOf> {
  const rights = await rightsOf(tx, source);
  if (source.structureId === structureId) return rights;
  const there = await listOpenServices(tx, structureId, now);
  const structure = (await findStructure(tx, structureId))!;
  const known = new Set(applicationsOf(structure.kind).map((one) => one.code));
  const serviceFor = new Map(
    (await listAllServices(tx, source.structureId)).flatMap(({ id, code }) => {
      const twin = there.find((one) => one.code.toLowerCase() === code.toLowerCase());
      return twin ? [[id, twin.id] as const] : [];
    }),
  );
  return translated(rights, serviceFor, (application) => known.has(application));
}
