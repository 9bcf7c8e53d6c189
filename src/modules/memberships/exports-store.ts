import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

/** An attachment as a file tells it, whole. */
export type ExportedMember = {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
  readonly accountState: string;
  readonly role: "mainManager" | "member";
  readonly scope: "structure" | "service";
  readonly state: string;
  readonly serviceCodes: readonly string[];
  /** Those of her services that have not closed. */
  readonly openServices: readonly { readonly id: number; readonly code: string }[];
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly createdAt: Date;
  readonly attachedBy: string | null;
  readonly lastSignInAt: Date | null;
  readonly hasSecondFactor: boolean;
  readonly grants: readonly {
    readonly application: string;
    readonly level: "read" | "write";
    readonly serviceId: number | null;
    readonly serviceCode: string | null;
    /** Whether what it gives a right on has not closed. */
    readonly isOpen: boolean;
  }[];
};

/**
 * Attachments of a structure by number, after one.
 * @param serviceIds those that the reader may see; null: all
 */
export async function listMembersToExport(
  tx: Tx,
  structureId: number,
  serviceIds: readonly number[] | null,
  after: number,
  limit: number,
  now: Date,
): Promise<ExportedMember[]> {
  const isOpen = sql`(v.id is null or (v.disabled_at is null and (v.ends_at is null or v.ends_at > ${now})))`;
  const { rows } = await sql<ExportedMember>`
    select m.id, a.first_name, a.last_name, a.sign_in_email, a.state as account_state, m.role, m.scope, m.state,
      array(select v.code from membership_service ms join service v on v.id = ms.service_id
            where ms.membership_id = m.id order by lower(v.code)) as service_codes,
      coalesce((select jsonb_agg(jsonb_build_object('id', v.id, 'code', v.code) order by lower(v.code))
                from membership_service ms join service v on v.id = ms.service_id
                where ms.membership_id = m.id and ${isOpen}), '[]') as open_services,
      m.starts_at, m.ends_at, m.created_at, b.first_name || ' ' || b.last_name as attached_by, a.last_sign_in_at,
      exists (select from second_factor f where f.account_id = a.id and f.confirmed_at is not null) as has_second_factor,
      coalesce((select jsonb_agg(jsonb_build_object('application', g.application, 'level', g.level, 'serviceId', g.service_id,
                                   'serviceCode', v.code, 'isOpen', ${isOpen})
                                 order by v.code nulls first)
                from membership_grant g left join service v on v.id = g.service_id where g.membership_id = m.id), '[]') as grants
    from membership m join account a on a.id = m.account_id left join account b on b.id = m.attached_by
    where m.structure_id = ${structureId} and m.state <> 'ended' and m.id > ${after}
      and (${serviceIds === null} or exists (
        select from membership_service ms where ms.membership_id = m.id and ms.service_id = any(${serviceIds ?? []}::bigint[])))
    order by m.id limit ${limit}`.execute(tx);
  return rows;
}
