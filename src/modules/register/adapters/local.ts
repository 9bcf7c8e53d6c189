import { sql } from "kysely";
import type { Database, Tx } from "../../../platform/database/index.ts";
import { type Establishment, LISTED_AT_MOST, type NationalRegister } from "../domain/establishment.ts";

const eyes = { kind: "public" } as const;

/** The register as INSEE's files filled it (`npm run import:sirene`); silent while nothing was imported. */
export function localRegister(database: Database): NationalRegister {
  return {
    find: (siret) =>
      database.transaction(eyes, async (tx) => {
        const [establishment] = await establishments(tx, siret, 1);
        if (establishment) return { kind: "found", establishment };
        const filled = await tx
          .selectFrom("registerEstablishment")
          .select("siret")
          .limit(1)
          .executeTakeFirst();
        return { kind: filled ? "unknown" : "silent" };
      }),
    list: (siren) =>
      database.transaction(eyes, async (tx) =>
        (await establishments(tx, siren, LISTED_AT_MOST)).filter((one) => one.isOpen),
      ),
  };
}

/** Establishments whose number starts with these digits; the open ones first. */
async function establishments(tx: Tx, digits: string, limit: number): Promise<Establishment[]> {
  const { rows } = await sql<Establishment>`
    select e.siret, case when e.is_confidential then '' else coalesce(nullif(c.name, ''), e.trade_name) end as legal_name,
      e.address_line, e.address_extra, e.postcode, e.town, e.activity_code, coalesce(c.legal_category, '') as legal_category,
      coalesce(c.category, '') as company_category,
      e.is_open, case when e.is_open then null else e.since end as closed_on, e.is_confidential
    from register_establishment e left join register_company c on c.siren = left(e.siret, 9)
    where e.siret between ${digits.padEnd(14, "0")} and ${digits.padEnd(14, "9")}
    order by e.is_open desc, e.siret limit ${limit}`.execute(tx);
  return rows;
}
