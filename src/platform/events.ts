import { sql } from "kysely";
import type { Tx } from "./database/index.ts";

/** Who acts, as the journal will name her for years: the label is kept, whatever becomes of the account. */
export type Actor = {
  readonly accountId: number | null;
  readonly label: string;
  readonly means: "page" | "api" | "import" | "job" | "operator" | "system";
  readonly ip?: string;
};

/** What the clock does by itself. */
export const theClock: Actor = { accountId: null, label: "Portail", means: "job" };

/** What the portal answers by itself, by a rule that somebody switched on. */
export const thePortal: Actor = { accountId: null, label: "Portail", means: "system" };

/**
 * Something that happened. It becomes one journal entry and the mails that wait for its type, in the transaction of
 * the act. `sentence` completes the actor's name: « Claire M. » + « a créé le service FI_SGPI ».
 */
export type DomainEvent = {
  readonly type: string;
  /** The structure in whose journal it is kept; null: what belongs to no structure. */
  readonly structureId: number | null;
  readonly actor: Actor;
  readonly sentence: string;
  readonly object: { readonly kind: string; readonly id: number | null; readonly label: string };
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string;
  readonly onBehalfOf?: string;
  /** What the mails need beyond the above. */
  readonly facts?: unknown;
  /** Secrets for one mail (a link): never journaled, never in the bell. */
  readonly transient?: unknown;
};

type Listener = (tx: Tx, event: DomainEvent, key: string, now: Date) => Promise<void>;
const listeners: Listener[] = [];

/** Adds a reaction to every event, inside its transaction (mails and bell are one). */
export function onEveryEvent(listener: Listener): void {
  listeners.push(listener);
}

/**
 * Keeps the event in the journal and lets the listeners react, all in the caller's transaction: no act without its
 * entry, no entry without its act.
 * @throws when the journal cannot be written; the act is then undone with it
 */
export const publish = (tx: Tx, event: DomainEvent): Promise<void> => publishAll(tx, [event]);

/** The same for what happened together, journaled in one exchange, in that order. */
export async function publishAll(tx: Tx, events: readonly DomainEvent[]): Promise<void> {
  if (rehearsals.has(tx) || events.length === 0) return;
  const entries = events.map(({ type, structureId, actor, onBehalfOf, object, sentence, ...event }) => ({
    ...{ type, structureId, accountId: actor.accountId, label: actor.label, onBehalfOf, means: actor.means },
    ...{
      ip: shortened(actor.ip),
      kind: object.kind,
      objectId: object.id,
      objectLabel: object.label,
      sentence,
    },
    ...{ before: event.before, after: event.after, reason: event.reason },
  }));
  const { rows } = await sql<{ seq: number; now: Date; turn: number }>`
    select journal_append(unisson_now(), e.type, e."structureId", e."accountId", e.label, e."onBehalfOf", e.means, e.ip,
      e.kind, e."objectId", e."objectLabel", e.sentence, e.before, e.after, e.reason, null) as seq,
      unisson_now() as now, e.turn
    from rows from (jsonb_to_recordset(${JSON.stringify(entries, wellFormed)}::jsonb) as (type text, "structureId" bigint,
      "accountId" bigint, label text, "onBehalfOf" text, means text, ip text, kind text, "objectId" bigint,
      "objectLabel" text, sentence text, before jsonb, after jsonb, reason text)) with ordinality
      as e (type, "structureId", "accountId", label, "onBehalfOf", means, ip, kind, "objectId", "objectLabel", sentence,
        before, after, reason, turn)`.execute(tx);
  for (const { seq, now, turn } of rows) {
    const event = events[turn - 1]!;
    const key = `${event.structureId ?? 0}-${seq}`;
    for (const listener of listeners) await listener(tx, event, key, now);
  }
}

/** Half a sign, where a long text was cut, becomes « � »: the database refuses it in JSON. */
const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? value.toWellFormed() : value;

const rehearsals = new WeakSet<Tx>();

/**
 * Does something to see what becomes of it, then undoes it: what happens in there is neither journaled nor told, for it
 * will not have happened.
 */
export async function rehearse<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint rehearsal`.execute(tx);
  rehearsals.add(tx);
  try {
    return await work();
  } finally {
    rehearsals.delete(tx);
    await sql`rollback to savepoint rehearsal`.execute(tx);
  }
}

/** An address of the network, cut so that it no longer names one person's machine (quality 2.9). */
function shortened(ip: string | undefined): string | null {
  if (ip === undefined) return null;
  if (ip.includes(":")) return `${ip.split(":").slice(0, 3).join(":")}::`;
  return ip.replace(/\.\d+$/, ".0");
}
