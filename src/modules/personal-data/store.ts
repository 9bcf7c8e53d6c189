import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { canonicalEmail } from "../../shared/email-address.ts";
import { daysBefore, ERASED_NAME, erasedAddress, retentionDays } from "./domain/retention.ts";

/** Removes what was kept long enough; answers how many rows of each kind. */
export async function removeOldTraces(tx: Tx, now: Date): Promise<Record<string, number>> {
  const before = (kind: keyof typeof retentionDays) => daysBefore(now, retentionDays[kind]);
  const steps: Record<string, RawBuilder<unknown>> = {
    links: sql`delete from emailed_token where expires_at < ${before("spentLinks")}`,
    codes: sql`delete from proof_code where expires_at < ${before("spentLinks")}`,
    browsers: sql`delete from trusted_browser where expires_at < ${now}`,
    sessions: sql`delete from web_session where last_seen_at < ${before("sessions")}`,
    addresses: sql`
      update web_session
      set ip = case when ip like '%:%' then regexp_replace(ip, '^((?:[^:]*:){3}).*$', '\\1:') else regexp_replace(ip, '\\.\\d+$', '.0') end
      where last_seen_at < ${before("sessionAddress")} and (ip like '%.%' and ip not like '%.0' or ip like '%:%' and ip not like '%::')`,
    mails: sql`delete from mail where state <> 'queued' and created_at < ${before("sentMails")}`,
    notifications: sql`delete from notification where created_at < ${before("notifications")}`,
    importLines: sql`
      delete from import_line l using import i
      where i.id = l.import_id and i.state <> 'applying' and i.moved_at < ${before("importLines")}`,
    invitations: sql`
      delete from invitation
      where state <> 'pending' and coalesce(answered_at, expires_at) < ${before("invitations")}`,
    formerMailboxes: sql`delete from former_mailbox where left_at < ${before("formerMailboxes")}`,
  };
  const report: Record<string, number> = {};
  for (const [kind, step] of Object.entries(steps))
    report[kind] = Number((await step.execute(tx)).numAffectedRows ?? 0n);
  return report;
}

/** One whose account is closed, as she was named. */
export type ForgottenPerson = {
  readonly id: number;
  readonly signInEmail: string;
  readonly firstName: string;
  readonly lastName: string;
};

/**
 * Puts a pseudonym in the place of a closed account's name and address wherever others still read them: mails, bell,
 * invitations, imported files, free texts of and about the person. The journal keeps its label: it is a proof, kept by
 * law. A namesake in a structure where she never was keeps her name.
 */
export async function forgetPerson(tx: Tx, person: ForgottenPerson): Promise<Record<string, number>> {
  const { id, signInEmail, firstName, lastName } = person;
  const canonical = canonicalEmail(signInEmail);
  const name = `${firstName} ${lastName}`;
  const address = erasedAddress(id);
  const erased = (column: string, words: readonly string[] = [name]) =>
    words.reduce(
      (text, word) => sql`replace(${text}, ${word}, ${ERASED_NAME})`,
      sql`replace(replace(${sql.ref(column)}, ${signInEmail}, ${address}), ${canonical}, ${address})`,
    );
  const names = (column: string) =>
    sql`(position(${name} in ${sql.ref(column)}) > 0 or position(${canonical} in lower(${sql.ref(column)})) > 0)`;
  const where = sql`(structure_id is null or structure_id in (
    select structure_id from membership where account_id = ${id}
    union select structure_id from membership_request where account_id = ${id}
    union select structure_id from manager_claim where account_id = ${id}
    union select structure_id from invitation where accepted_by = ${id} or email_canonical = ${canonical}))`;
  const steps: Record<string, RawBuilder<unknown>> = {
    ownMails: sql`delete from mail where recipient_account_id = ${id} or lower(to_address) = ${canonical}`,
    mails: sql`
      update mail set subject = ${erased("subject")}, text = ${erased("text")}, html = ${erased("html", [name, escaped(name)])}
      where ${where} and (${names("subject")} or ${names("text")})`,
    notifications: sql`update notification set title = ${erased("title")} where ${where} and ${names("title")}`,
    confirmations: sql`
      update web_session set confirmation = null
      where confirmation is not null and (position(${name} in confirmation::text) > 0 or position(${canonical} in lower(confirmation::text)) > 0)`,
    importLines: sql`
      update import_line set says = ${erased("says")}, outcome_says = ${erased("outcome_says")},
        cells = (select jsonb_object_agg(column_name, case
            when lower(cell) = ${canonical} then ${address}
            when cell in (${firstName}, ${lastName}, ${name}) then '' else cell end)
          from jsonb_each_text(cells) as one (column_name, cell))
      where ${where} and position(${canonical} in lower(cells::text)) > 0`,
    imports: sql`update import set created_by_label = ${ERASED_NAME} where created_by = ${id}`,
    invitations: sql`
      update invitation set state = case state when 'pending' then 'revoked' else state end, email = ${address},
        email_canonical = ${address}, first_name = '', last_name = '', message = ''
      where email_canonical = ${canonical} or accepted_by = ${id}`,
    memberships: sql`update membership set comment = '' where account_id = ${id} and comment <> ''`,
    requests: sql`update membership_request set message = '', refusal_text = '' where account_id = ${id}`,
    grantRequests: sql`update grant_request set message = '', refusal_reason = null where account_id = ${id}`,
    claims: sql`update manager_claim set justification = 'Effacée.', reason = '' where account_id = ${id}`,
    proposals: sql`update manager_proposal set answer = '' where account_id = ${id}`,
    deactivations: sql`
      update deactivation_request set reason = 'Effacé.', answer = case answer when '' then '' else 'Effacé.' end
      where account_id = ${id}`,
    tries: sql`delete from sign_in_throttle where key in (${`account:${canonical}`}, ${`activation-link:${canonical}`})`,
  };
  const report: Record<string, number> = {};
  for (const [kind, step] of Object.entries(steps))
    report[kind] = Number((await step.execute(tx)).numAffectedRows ?? 0n);
  return report;
}

/** As the pages of mails escape it. */
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
