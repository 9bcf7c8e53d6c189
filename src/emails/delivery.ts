import { sql } from "kysely";
import { contactEmailsOf } from "../modules/accounts/index.ts";
import { personFacts } from "../modules/memberships/index.ts";
import {
  defaultRhythm,
  goesToContactAddress,
  type MailFamily,
  type Rhythm,
  toldAtLeastOnce,
} from "../modules/notifications/index.ts";
import { elevated, type Tx } from "../platform/database/index.ts";
import type { DomainEvent } from "../platform/events.ts";
import { queueMail } from "../platform/outbox.ts";
import { type Email, type Recipient, renderEmail, type Stationery } from "./email.tsx";

/**
 * Makes the reaction that turns events into mails and bells, in the transaction of the event.
 * @param stationery read at each mail: the public address may be known only once the server listens
 */
export function mailsOfEvents(mails: readonly Email[], stationery: () => Stationery) {
  const byType = Map.groupBy(mails, (mail) => mail.sentWhen);
  return async (tx: Tx, event: DomainEvent, key: string, now: Date): Promise<void> => {
    const due = byType.get(event.type);
    if (!due) return;
    await elevated(tx, "whom to tell is not for the actor to see", async () => {
      for (const mail of due) {
        const recipients = await addressed(tx, mail.family, await mail.recipients(tx, event));
        const rhythms = toldAtLeastOnce(mail.family, await rhythmsOf(tx, mail, event, recipients));
        for (const [at, recipient] of recipients.entries())
          await tell(tx, mail, event, { recipient, rhythm: rhythms[at]! }, key, now, stationery());
      }
    });
  };
}

/** A person, at the address that receives this family. */
export async function readerOf(tx: Tx, family: MailFamily, accountId: number): Promise<Recipient> {
  const [reader] = await addressed(tx, family, [await personFacts(tx, accountId)]);
  return reader!;
}

/** The recipients, each at the address that receives this family (organisation.md 18). */
async function addressed(
  tx: Tx,
  family: MailFamily,
  recipients: readonly Recipient[],
): Promise<readonly Recipient[]> {
  if (!goesToContactAddress(family)) return recipients;
  const ids = recipients.flatMap((one) => one.accountId ?? []);
  const chosen = await contactEmailsOf(tx, ids);
  return recipients.map((one) => ({ ...one, address: chosen.get(one.accountId ?? 0) ?? one.address }));
}

async function tell(
  tx: Tx,
  mail: Email,
  event: DomainEvent,
  { recipient, rhythm }: { recipient: Recipient; rhythm: Rhythm },
  key: string,
  now: Date,
  stationery: Stationery,
): Promise<void> {
  const onceKey = `${key}:${mail.name}:${recipient.accountId ?? recipient.address}`;
  const subject = mail.subject(event, recipient);
  const blocks = mail.body(event, recipient);
  if (recipient.accountId !== null && mail.bell !== false) {
    const link = blocks.find((block) => block.kind === "action");
    await tx
      .insertInto("notification")
      .values({
        onceKey,
        accountId: recipient.accountId,
        structureId: event.structureId,
        family: mail.family,
        title: subject,
        path: link?.kind === "action" ? link.path : "/notifications",
        rhythm,
        createdAt: now,
      })
      .onConflict((conflict) => conflict.column("onceKey").doNothing())
      .execute();
  }
  if (rhythm !== "now") return;
  const rendered = renderEmail(
    { subject, blocks, why: mail.why, firstName: recipient.firstName },
    stationery,
  );
  await queueMail(tx, {
    ...rendered,
    onceKey,
    name: mail.name,
    family: mail.family,
    structureId: event.structureId,
    recipientAccountId: recipient.accountId,
    toAddress: recipient.address,
    toName: recipient.firstName,
    now,
  });
}

async function rhythmsOf(
  tx: Tx,
  mail: Email,
  event: DomainEvent,
  recipients: readonly Recipient[],
): Promise<Rhythm[]> {
  const rhythms: Rhythm[] = [];
  for (const recipient of recipients)
    rhythms.push(
      mail.always || mail.family === "security" ? "now" : await chosenRhythm(tx, mail, event, recipient),
    );
  return rhythms;
}

async function chosenRhythm(tx: Tx, mail: Email, event: DomainEvent, recipient: Recipient): Promise<Rhythm> {
  if (recipient.accountId === null) return "now";
  const { rows } = await sql<{ rhythm: Rhythm }>`
    select rhythm from notification_preference
    where account_id = ${recipient.accountId} and family = ${mail.family}
      and structure_id in (0, ${event.structureId ?? 0}) order by structure_id desc limit 1`.execute(tx);
  return rows[0]?.rhythm ?? defaultRhythm[mail.family];
}
