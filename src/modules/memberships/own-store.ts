import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { type MembershipRow, memberships } from "./store.ts";

export type OwnMembershipRow = MembershipRow & {
  readonly structureName: string;
  readonly identifierValue: string;
  readonly structureState: string;
  /** The names of its active main managers. */
  readonly managers: readonly string[];
};

/** Where a person works, suspended or not. Sees everything: the managers of a structure are told to its people. */
export function listOwnMemberships(tx: Tx, accountId: number): Promise<OwnMembershipRow[]> {
  return memberships(tx)
    .innerJoin("structure as o", "o.id", "m.structureId")
    .select([
      "o.displayName as structureName",
      "o.identifierValue",
      "o.state as structureState",
      sql<
        string[]
      >`array(select b.first_name || ' ' || b.last_name from membership n join account b on b.id = n.account_id
        where n.structure_id = m.structure_id and n.role = 'mainManager' and n.state = 'active' and b.state = 'active'
        order by n.manager_since nulls first, n.id)`.as("managers"),
    ])
    .where("m.accountId", "=", accountId)
    .where("m.state", "<>", "ended")
    .where("o.state", "<>", "archived")
    .orderBy("o.displayName")
    .orderBy("m.id")
    .execute() as Promise<OwnMembershipRow[]>;
}
