import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Database, Tx } from "./database/index.ts";
import { MailboxRefused, type Mailer } from "./mailer.ts";

export type OutgoingMail = {
  readonly onceKey: string;
  readonly name: string;
  readonly family: string;
  readonly structureId: number | null;
  readonly recipientAccountId: number | null;
  readonly toAddress: string;
  readonly toName: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly now: Date;
};

/** Puts a mail in the outbox, with the act that causes it; a second one with the same key is the same mail. */
export async function queueMail(tx: Tx, mail: OutgoingMail): Promise<void> {
  const { now, ...row } = mail;
  await tx
    .insertInto("mail")
    .values({
      ...row,
      messageId: `<${createHash("sha256").update(mail.onceKey).digest("hex").slice(0, 32)}@unisson>`,
      nextAttemptAt: now,
      createdAt: now,
    })
    .onConflict((conflict) => conflict.column("onceKey").doNothing())
    .execute();
  await sql`select enqueue_job('deliver-mails', '{}', null, 'deliver-mails')`.execute(tx);
}

const SECOND_MS = 1000;
/** While one process sends a mail, no other takes it; after that long, its sender is taken for dead. */
const LEASE_MS = 120 * SECOND_MS;
const GIVE_UP_AFTER_MS = 24 * 3600 * SECOND_MS;

/** As long as a server may just be restarting, a mail waits a few minutes at most: it leaves soon after (F-08). */
const QUICK_TRIES = 20;
const QUICK_DELAY_MS = 250 * SECOND_MS;
const SLOW_DELAY_MS = 3600 * SECOND_MS;

/** Milliseconds to wait before the next try: 1 s, doubling, spread by ± 20 % so that tries do not bunch. */
export function retryDelayMs(attempts: number, random: number): number {
  const most = attempts <= QUICK_TRIES ? QUICK_DELAY_MS : SLOW_DELAY_MS;
  const base = Math.min(SECOND_MS * 2 ** Math.max(0, attempts - 1), most);
  return Math.round(base * (0.8 + 0.4 * random));
}

export type DeliveryReport = { readonly sent: number; readonly postponed: number; readonly parked: number };

/** What is done, in the transaction that gives a mail up, when its address is refused for good. */
export type OnRefused = (
  tx: Tx,
  mail: { readonly toAddress: string; readonly recipientAccountId: number | null },
  now: Date,
) => Promise<void>;

/**
 * Sends the mails that are due. Can run on many instances at once; a mail may go twice only if the process dies
 * between sending and noting it, and then carries the same Message-ID.
 */
export async function deliverMails(
  database: Database,
  mailer: Mailer,
  random: () => number,
  onRefused: OnRefused,
): Promise<DeliveryReport> {
  const report = { sent: 0, postponed: 0, parked: 0 };
  const lanes = Array.from({ length: mailer.lanes }, async () => {
    for (let mail = await takeMail(database); mail; mail = await takeMail(database)) {
      const outcome = await deliverOne(database, mailer, mail, { random: random(), onRefused });
      report[outcome]++;
    }
  });
  await Promise.all(lanes);
  return report;
}

type TakenMail = {
  readonly id: number;
  readonly messageId: string;
  readonly toAddress: string;
  readonly recipientAccountId: number | null;
  readonly toName: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly attempts: number;
  readonly createdAt: Date;
};

const outboxEyes = { kind: "system", reason: "the outbox holds everybody's mails" } as const;

async function takeMail(database: Database): Promise<TakenMail | undefined> {
  return database.transaction(outboxEyes, async (tx, now) => {
    const { rows } = await sql<TakenMail>`
      update mail set attempts = attempts + 1, next_attempt_at = ${new Date(now.getTime() + LEASE_MS)}
      where id = (select id from mail where state = 'queued' and next_attempt_at <= ${now}
                  order by next_attempt_at limit 1 for update skip locked)
      returning id, message_id, to_address, recipient_account_id, to_name, subject, html, text, attempts, created_at`.execute(
      tx,
    );
    return rows[0];
  });
}

async function deliverOne(
  database: Database,
  mailer: Mailer,
  mail: TakenMail,
  { random, onRefused }: { random: number; onRefused: OnRefused },
): Promise<keyof DeliveryReport> {
  try {
    await mailer.send(mail);
  } catch (cause) {
    return database.transaction(outboxEyes, async (tx, now) => {
      const isRefused = cause instanceof MailboxRefused;
      const isOver = isRefused || now.getTime() - mail.createdAt.getTime() > GIVE_UP_AFTER_MS;
      const next = new Date(now.getTime() + retryDelayMs(mail.attempts, random));
      await tx
        .updateTable("mail")
        .set({
          state: isOver ? "parked" : "queued",
          nextAttemptAt: next,
          lastError: String(cause).slice(0, 500),
        })
        .where("id", "=", mail.id)
        .execute();
      if (isRefused) await onRefused(tx, mail, now);
      if (!isOver)
        await sql`select enqueue_job('deliver-mails', '{}', ${next}, ${`deliver-mails-${mail.id}`})`.execute(
          tx,
        );
      return isOver ? "parked" : "postponed";
    });
  }
  await database.transaction(outboxEyes, async (tx, now) => {
    await tx
      .updateTable("mail")
      // a link that opens an account must not stay readable once it has left
      .set({
        state: "sent",
        sentAt: now,
        lastError: null,
        ...(mailer.keepsBodies ? {} : { html: null, text: null }),
      })
      .where("id", "=", mail.id)
      .execute();
  });
  return "sent";
}
