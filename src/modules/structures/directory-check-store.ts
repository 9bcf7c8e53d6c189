import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { DirectoryKnowledge } from "./domain/directory-check.ts";

/**
 * DIR-06. What the directory knows of SIRETs and SIRENs, public structures only: by identifier, without those that it
 * does not hold. A SIREN stands for all its establishments, read by one range of the index on identifiers.
 */
export async function knowledgeOf(
  tx: Tx,
  identifiers: readonly string[],
): Promise<Map<string, DirectoryKnowledge>> {
  const asked = [...new Set(identifiers)];
  const { rows } = await sql<
    Omit<DirectoryKnowledge, "replacedBy"> & {
      readonly asked: string;
      readonly replacedById: number | null;
      readonly replacedByValue: string | null;
    }
  >`
    with best as (
      select asked.value as asked,
        count(*) filter (where s.state = 'active')::int as active_count,
        count(distinct (s.service_code_required, s.commitment_required, s.service_or_commitment_required))
          filter (where s.state = 'active') <= 1 as has_one_rule,
        (array_agg(s.id order by s.state = 'active' desc, s.id desc))[1] as structure_id
      from unnest(${asked}::text[], ${asked.map((one) => one.padEnd(14, "0"))}::text[],
        ${asked.map((one) => one.padEnd(14, "9"))}::text[]) as asked(value, first, last)
      join structure s on s.identifier_type = 'SIRET' and s.identifier_value between asked.first and asked.last
      where s.kind = 'public' and s.state <> 'draft' and s.state <> 'archived'
      group by asked.value)
    select best.*, s.display_name, s.identifier_value, s.service_code_required, s.commitment_required,
      s.service_or_commitment_required, r.id as replaced_by_id, r.identifier_value as replaced_by_value
    from best join structure s on s.id = best.structure_id
    left join structure r on r.id = s.replaced_by_id and r.kind = 'public' and r.state = 'active'`.execute(
    tx,
  );
  return new Map(
    rows.map(({ asked, replacedById, replacedByValue, ...known }) => [
      asked,
      {
        ...known,
        replacedBy:
          replacedById === null ? null : { structureId: replacedById, identifierValue: replacedByValue! },
      },
    ]),
  );
}
