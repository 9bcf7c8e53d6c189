import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { IdentifierType } from "./domain/identifier.ts";
import type { BillingRules } from "./domain/service.ts";
import { isInForce } from "./service-store.ts";

export type StructureRow = BillingRules & {
  readonly id: number;
  readonly kind: "public" | "private";
  readonly identifierType: IdentifierType;
  readonly identifierValue: string;
  readonly legalName: string;
  readonly displayName: string;
  readonly tradeRegister: string | null;
  readonly email: string | null;
  readonly emailPublished: boolean;
  readonly phone: string | null;
  readonly vatNumber: string | null;
  readonly addressLine: string;
  readonly addressExtra1: string;
  readonly addressExtra2: string;
  readonly postcode: string;
  readonly town: string;
  readonly country: string;
  readonly legalCategory: string | null;
  readonly companyCategory: string | null;
  readonly activityCode: string | null;
  readonly registryCheck: "none" | "confirmed" | "pending" | "negative";
  readonly registryCheckedAt: Date | null;
  /** « Non diffusible »: its name and address are for its own people. */
  readonly registryConfidential: boolean;
  /** When its name and address were last taken from the national register, which holds them; null: typed by hand. */
  readonly registerDataAt: Date | null;
  readonly closedInRegistryOn: string | null;
  readonly issuesInvoices: boolean;
  readonly receivesInvoices: boolean;
  readonly worksOwner: boolean;
  readonly worksOwnerOnly: boolean;
  readonly worksManager: boolean;
  readonly delegatedValidator: boolean;
  readonly paymentStatusReported: boolean;
  readonly requiresSecondFactor: boolean;
  /** A private structure that chose to be found in the directory; public ones always are. */
  readonly listedInDirectory: boolean;
  readonly state: string;
  readonly deactivatedAt: Date | null;
  readonly deactivationReason: string | null;
  readonly proofState: string;
  readonly withoutManager: boolean;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly version: number;
};

const structureColumns = [
  "id",
  "kind",
  "identifierType",
  "identifierValue",
  "legalName",
  "displayName",
  "tradeRegister",
  "email",
  "emailPublished",
  "phone",
  "vatNumber",
  "addressLine",
  "addressExtra1",
  "addressExtra2",
  "postcode",
  "town",
  "country",
  "legalCategory",
  "companyCategory",
  "activityCode",
  "registryCheck",
  "registryCheckedAt",
  "registryConfidential",
  "registerDataAt",
  "closedInRegistryOn",
  "issuesInvoices",
  "receivesInvoices",
  "worksOwner",
  "worksOwnerOnly",
  "worksManager",
  "delegatedValidator",
  "serviceCodeRequired",
  "commitmentRequired",
  "serviceOrCommitmentRequired",
  "paymentStatusReported",
  "requiresSecondFactor",
  "listedInDirectory",
  "state",
  "deactivatedAt",
  "deactivationReason",
  "proofState",
  "withoutManager",
  "createdAt",
  "changedAt",
  "version",
] as const;

export function findStructure(tx: Tx, id: number): Promise<StructureRow | undefined> {
  return tx
    .selectFrom("structure")
    .select(structureColumns)
    .where("id", "=", id)
    .executeTakeFirst() as Promise<StructureRow | undefined>;
}

/** The number of an archived structure is free. Written as in the index of identifiers, which leaves them out. */
const holdsItsIdentifier = sql<boolean>`state <> 'archived'`;

/** IDN-01. The structure of an identifier, in any state but archived. */
export function findStructureByIdentifier(
  tx: Tx,
  type: string,
  value: string,
): Promise<StructureRow | undefined> {
  return tx
    .selectFrom("structure")
    .select(structureColumns)
    .where("identifierType", "=", type)
    .where("identifierValue", "=", value)
    .where(holdsItsIdentifier)
    .executeTakeFirst() as Promise<StructureRow | undefined>;
}

/** The structures of some SIRETs, in any state but archived. */
export function listStructuresBySiret(tx: Tx, sirets: readonly string[]): Promise<StructureRow[]> {
  return tx
    .selectFrom("structure")
    .select(structureColumns)
    .where("identifierType", "=", "SIRET")
    .where(sql<boolean>`identifier_value = any(${sirets}::text[])`)
    .where(holdsItsIdentifier)
    .execute() as Promise<StructureRow[]>;
}

/** How many public structures are active, and how many services they offer. */
export async function countDirectory(
  tx: Tx,
  now: Date,
): Promise<{ readonly structures: number; readonly services: number }> {
  const { rows } = await sql<{ structures: number; services: number }>`
    select count(*)::int as structures,
      (select count(*)::int from service v join structure s on s.id = v.structure_id
       where s.kind = 'public' and s.state = 'active' and not v.reserved and v.deleted_at is null and ${isInForce(now)})
         as services
    from structure where kind = 'public' and state = 'active'`.execute(tx);
  return rows[0]!;
}

type InsertedStructure = Pick<
  StructureRow,
  | "kind"
  | "identifierType"
  | "identifierValue"
  | "legalName"
  | "addressLine"
  | "addressExtra1"
  | "postcode"
  | "town"
  | "country"
  | "legalCategory"
  | "activityCode"
  | "registryCheck"
  | "proofState"
> &
  Omit<StructureChange, "displayName" | "receivesInvoices"> & { createdBy: number | null; now: Date };

const insertedRow = ({ now, ...values }: InsertedStructure) => ({
  ...values,
  displayName: values.legalName,
  receivesInvoices: values.kind === "public",
  registryCheckedAt: values.registryCheck === "confirmed" ? now : null,
  createdAt: now,
  changedAt: now,
});

/** Inserts those whose identifier nobody has yet; answers their ids by identifier. */
export async function insertNewStructures(
  tx: Tx,
  structures: readonly InsertedStructure[],
): Promise<Map<string, number>> {
  if (structures.length === 0) return new Map();
  const rows = await tx
    .insertInto("structure")
    .values(structures.map(insertedRow))
    .onConflict((conflict) => conflict.doNothing())
    .returning(["id", "identifierValue"])
    .execute();
  return new Map(rows.map((row) => [row.identifierValue, row.id]));
}

export type StructureChange = Partial<
  Pick<
    StructureRow,
    | "identifierType"
    | "identifierValue"
    | "registryCheck"
    | "registryCheckedAt"
    | "registryConfidential"
    | "registerDataAt"
    | "closedInRegistryOn"
    | "legalCategory"
    | "companyCategory"
    | "activityCode"
    | "legalName"
    | "displayName"
    | "tradeRegister"
    | "vatNumber"
    | "email"
    | "emailPublished"
    | "phone"
    | "addressLine"
    | "addressExtra1"
    | "addressExtra2"
    | "postcode"
    | "town"
    | "country"
    | "issuesInvoices"
    | "receivesInvoices"
    | "worksOwner"
    | "worksOwnerOnly"
    | "worksManager"
    | "delegatedValidator"
    | "requiresSecondFactor"
    | "listedInDirectory"
    | "serviceCodeRequired"
    | "commitmentRequired"
    | "serviceOrCommitmentRequired"
    | "paymentStatusReported"
    | "state"
    | "proofState"
    | "withoutManager"
    | "deactivatedAt"
    | "deactivationReason"
  >
>;

/** STR-06. Changes a structure if nobody did meanwhile; answers whether it was done. */
export async function updateStructure(
  tx: Tx,
  id: number,
  version: number,
  change: StructureChange,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("structure")
    .set({ ...change, version: version + 1, changedAt: now })
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export type DirectoryHit = Pick<
  StructureRow,
  "id" | "displayName" | "identifierValue" | "postcode" | "town"
> & { readonly rank: number; readonly isOpen: boolean };

/** Among which structures one searches. */
export type DirectoryFilters = {
  /** Beginnings of postcodes; null: anywhere. */
  readonly postcodes: readonly string[] | null;
  readonly openOnly: boolean;
  readonly withServices: boolean;
};

const everyOpenOne: DirectoryFilters = { postcodes: null, openOnly: true, withServices: false };

const hitColumns = sql`d.structure_id as id, d.display_name, d.identifier_value, d.postcode, d.town, d.is_open`;

/** Whether an entry `d` is among those searched; a service counts while it can be given. */
function isAmong({ postcodes, openOnly, withServices }: DirectoryFilters): RawBuilder<boolean> {
  const conditions = [
    sql`true`,
    ...(openOnly ? [sql`d.is_open`] : []),
    ...(postcodes ? [sql`d.postcode like any(${postcodes.map((one) => `${one}%`)}::text[])`] : []),
    ...(withServices
      ? [
          sql`exists (select from service v where v.structure_id = d.structure_id and v.deleted_at is null
            and not v.reserved and ${isInForce(sql`unisson_now()`)})`,
        ]
      : []),
  ];
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

/** Words that so many names hold that they find nothing; the ranking still counts them. */
const SMALL_WORDS = ["", ..."a au aux d de des du en et l la le les sur".split(" ")];

/** How close words must be to a name, tried from the strictest: the first that finds anything answers. */
const CLOSENESS = [0.85, 0.6, 0.4] as const;

/** Words of the directory that one misspelt word may stand for, the closest first. */
const MEANINGS_OF_A_WORD = 8;

/**
 * Public structures that match the words: by identifier, by service code, then by words and beginnings of words, a
 * misspelt one taken for those of the directory that are close to it, then by names and towns close to the whole. Accents
 * are forgiven; no word at all: by name. At most 20, of at most 1,000 candidates.
 */
export async function searchDirectory(
  tx: Tx,
  words: string,
  filters: DirectoryFilters = everyOpenOne,
): Promise<DirectoryHit[]> {
  const among = isAmong(filters);
  if (words === "") {
    const { rows } = await sql<DirectoryHit>`
      select ${hitColumns}, 1 as rank from directory_entry d where ${among}
      order by d.display_name, d.structure_id limit 20`.execute(tx);
    return rows;
  }
  const digits = words.replace(/[\s.]/g, "");
  if (/^\d{9,14}$/.test(digits)) {
    const { rows } = await sql<DirectoryHit>`
      select ${hitColumns}, 1 as rank from directory_entry d
      where d.identifier_value like ${`${digits}%`} and ${among} order by d.identifier_value limit 20`.execute(
      tx,
    );
    return rows;
  }
  const [byCode, byWords] = await Promise.all([
    findByServiceCode(tx, words, among),
    findByWords(tx, words, among),
  ]);
  const found = new Set(byCode.map((row) => row.id));
  const withCodes = (rows: readonly DirectoryHit[]) =>
    [...byCode, ...rows.filter((row) => !found.has(row.id))].slice(0, 20);
  if (byWords.length > 0) return withCodes(byWords);
  const byMeaning = await findByMeaning(tx, words, among);
  if (byMeaning.length > 0) return withCodes(byMeaning);
  for (const closeness of CLOSENESS) {
    // one message, and so one transaction: the threshold holds for what leaves with it
    const [, { rows }] = await Promise.all([
      sql`select set_config('pg_trgm.word_similarity_threshold', ${String(closeness)}, true)`.execute(tx),
      sql<DirectoryHit>`
      select * from (
        select ${hitColumns},
          word_similarity(asked, d.search_text) + similarity(asked, d.search_text) as rank
        from directory_entry d, directory_text(${words}) as asked
        where asked <% d.search_text and ${among} limit 1000) candidates
      order by rank desc, display_name limit 20`.execute(tx),
    ]);
    if (rows.length > 0) return withCodes(rows);
  }
  return byCode;
}

type Among = RawBuilder<boolean>;

async function findByServiceCode(tx: Tx, words: string, among: Among): Promise<DirectoryHit[]> {
  const { rows } = await sql<DirectoryHit>`
    select ${hitColumns}, 2 as rank
    from service coded join directory_entry d on d.structure_id = coded.structure_id
    where lower(coded.code) = lower(${words}) and coded.deleted_at is null and ${among}
    order by d.display_name limit 20`.execute(tx);
  return rows;
}

const askedWords = (words: string) => sql`
  regexp_split_to_table(directory_text(${words}), '[^[:alnum:]]+') word where word <> all(${SMALL_WORDS}::text[])`;

const findByWords = (tx: Tx, words: string, among: Among) =>
  findByQuery(tx, words, among, sql`select string_agg(word || ':*', ' & ') from ${askedWords(words)}`);

/**
 * Each word as it is, if the directory has it, or its beginning; otherwise as any of those close to it. A letter alone is
 * what a slip left of a small word.
 */
const findByMeaning = (tx: Tx, words: string, among: Among) =>
  findByQuery(
    tx,
    words,
    among,
    sql`
      select string_agg('(' || case
        when exists (select from directory_word known where known.word = asked.word) then asked.word
        when exists (select from directory_word known where known.word like asked.word || '%') then asked.word || ':*'
        else coalesce((select string_agg(close.word, ' | ') from (
          select known.word from directory_word known where known.word % asked.word
          order by similarity(known.word, asked.word) desc limit ${MEANINGS_OF_A_WORD}) close), asked.word)
        end || ')', ' & ')
      from (select word from ${askedWords(words)} and length(word) > 1) asked`,
  );

async function findByQuery(
  tx: Tx,
  words: string,
  among: Among,
  query: RawBuilder<unknown>,
): Promise<DirectoryHit[]> {
  const { rows } = await sql<DirectoryHit>`
    with asked as materialized (select directory_text(${words}) as text, to_tsquery('simple', (${query})) as query)
    select * from (
      select ${hitColumns},
        word_similarity(asked.text, d.search_text) + similarity(asked.text, d.search_text) as rank
      from asked, directory_entry d where d.search_words @@ asked.query and ${among} limit 1000) candidates
    order by rank desc, display_name limit 20`.execute(tx);
  return rows;
}

export type StructureToVerify = StructureRow & {
  readonly managerName: string;
  readonly managerEmail: string;
  readonly officialAddress: string | null;
  /** Whether the operator who looks is attached to it, in whatever role: another one answers. */
  readonly isOwn: boolean;
};

/** What closing a structure touches, beside what waits in it. */
export async function countTouchedByClosing(
  tx: Tx,
  structureId: number,
  now: Date,
): Promise<{ readonly people: number; readonly services: number }> {
  const { rows } = await sql<{ people: number; services: number }>`
    select (select count(*) from membership where structure_id = ${structureId} and state <> 'ended')::int as people,
      (select count(*) from service v where v.structure_id = ${structureId} and not v.reserved and v.deleted_at is null
        and ${isInForce(now)})::int as services`.execute(tx);
  return rows[0]!;
}

/** Structures whose first manager has to prove that she acts for them, as an operator sees them. */
export function listStructuresToVerify(tx: Tx, operatorId: number): Promise<StructureToVerify[]> {
  return tx
    .selectFrom("structure as s")
    .innerJoin("membership as m", (join) =>
      join.onRef("m.structureId", "=", "s.id").on("m.role", "=", "mainManager").on("m.state", "=", "active"),
    )
    .innerJoin("account as a", "a.id", "m.accountId")
    .leftJoin("officialContact as o", "o.structureId", "s.id")
    .select(structureColumns.map((column) => `s.${column}` as const))
    .select([
      "o.address as officialAddress",
      "a.signInEmail as managerEmail",
      sql<string>`a.first_name || ' ' || a.last_name`.as("managerName"),
      sql<boolean>`exists (select from membership own
        where own.structure_id = s.id and own.account_id = ${operatorId} and own.state <> 'ended')`.as(
        "isOwn",
      ),
    ])
    .where("s.proofState", "=", "toVerify")
    .orderBy("s.createdAt")
    .limit(200)
    .execute() as never;
}
