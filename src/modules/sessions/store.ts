import { createHash, randomBytes } from "node:crypto";
import { type Answering, statement, type Tx } from "../../platform/database/index.ts";
import type { Member } from "../rights/index.ts";
import { awaitsSecondFactor, TRUSTED_BROWSER_MS } from "./domain/session-life.ts";

/** What a cookie holds: 256 bits; the database knows only its SHA-256. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256 of a token, as stored. */
export function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/**
 * Opens a session for an account, in the structure where the last one was (SIG-05); answers the token for the cookie,
 * which is kept nowhere else, and whether the session waits for a second factor.
 */
export async function openSession(
  tx: Tx,
  session: {
    accountId: number;
    now: Date;
    ip: string;
    userAgent: string;
    trustedBrowserId: number | null;
    /** When the person last proved who she is to the portal itself; now, unless said. */
    authenticatedAt?: Date;
  },
): Promise<{ id: number; token: string; awaitsSecondFactor: boolean }> {
  const token = newToken();
  const { id, hasSecondFactor } = await tx
    .insertInto("webSession")
    .values((build) => ({
      tokenHash: hashOf(token),
      accountId: session.accountId,
      createdAt: session.now,
      lastSeenAt: session.now,
      authenticatedAt: session.authenticatedAt ?? session.now,
      expiresAt: new Date(session.now.getTime() + 12 * 3_600_000),
      currentStructureId: build
        .selectFrom("webSession")
        .select("currentStructureId")
        .where("accountId", "=", session.accountId)
        .where("currentStructureId", "is not", null)
        .orderBy("id", "desc")
        .limit(1),
      trustedBrowserId: session.trustedBrowserId,
      ip: session.ip,
      userAgent: session.userAgent.slice(0, 300),
    }))
    .returning((build) => [
      "webSession.id",
      build
        .exists(
          build
            .selectFrom("secondFactor")
            .select("id")
            .where("accountId", "=", session.accountId)
            .where("confirmedAt", "is not", null),
        )
        .$castTo<boolean>()
        .as("hasSecondFactor"),
    ])
    .executeTakeFirstOrThrow();
  return {
    id,
    token,
    awaitsSecondFactor: awaitsSecondFactor({
      hasSecondFactor,
      secondFactorAt: null,
      trustedBrowserId: session.trustedBrowserId,
    }),
  };
}

/** Gives the session a new token (its old one is dead at once) and records a new proof of identity. */
export async function renewSession(
  tx: Tx,
  sessionId: number,
  change: { now: Date; secondFactor?: boolean },
): Promise<string> {
  const token = newToken();
  await tx
    .updateTable("webSession")
    .set({
      tokenHash: hashOf(token),
      authenticatedAt: change.now,
      lastSeenAt: change.now,
      ...(change.secondFactor ? { secondFactorAt: change.now } : {}),
    })
    .where("id", "=", sessionId)
    .execute();
  return token;
}

/** Ends one session of an account; answers whether there was one to end. */
export async function endSession(
  tx: Tx,
  sessionId: number,
  accountId: number,
  reason: string,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("webSession")
    .set({ endedAt: now, endReason: reason })
    .where("id", "=", sessionId)
    .where("accountId", "=", accountId)
    .where("endedAt", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends all sessions of an account, but one if it is named. */
export async function endSessionsOf(
  tx: Tx,
  accountId: number,
  reason: string,
  now: Date,
  but?: number,
): Promise<void> {
  await tx
    .updateTable("webSession")
    .set({ endedAt: now, endReason: reason })
    .where("accountId", "=", accountId)
    .where("endedAt", "is", null)
    .$if(but !== undefined, (query) => query.where("id", "<>", but!))
    .execute();
}

/** The trusted browser behind a cookie, if it is this address's and its thirty days are not over. */
export async function findTrustedBrowser(
  tx: Tx,
  token: string,
  signInEmailCanonical: string,
  now: Date,
): Promise<number | null> {
  const row = await tx
    .updateTable("trustedBrowser")
    .from("account")
    .set({ lastUsedAt: now })
    .whereRef("account.id", "=", "trustedBrowser.accountId")
    .where("account.signInEmailCanonical", "=", signInEmailCanonical)
    .where("trustedBrowser.tokenHash", "=", hashOf(token))
    .where("trustedBrowser.expiresAt", ">", now)
    .returning("trustedBrowser.id")
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Trusts a browser; answers the token for its cookie. */
export async function trustBrowser(
  tx: Tx,
  browser: { accountId: number; userAgent: string; now: Date },
): Promise<string> {
  const token = newToken();
  await tx
    .insertInto("trustedBrowser")
    .values({
      tokenHash: hashOf(token),
      accountId: browser.accountId,
      userAgent: browser.userAgent.slice(0, 300),
      createdAt: browser.now,
      lastUsedAt: browser.now,
      expiresAt: new Date(browser.now.getTime() + TRUSTED_BROWSER_MS),
    })
    .execute();
  return token;
}

/** Trusts a browser no longer, and ends the sessions that it opened without a code; answers whether there was one. */
export async function forgetBrowser(tx: Tx, id: number, accountId: number, now: Date): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("trustedBrowser")
    .where("id", "=", id)
    .where("accountId", "=", accountId)
    .executeTakeFirst();
  await tx
    .updateTable("webSession")
    .set({ endedAt: now, endReason: "browserForgotten" })
    .where("trustedBrowserId", "=", id)
    .where("accountId", "=", accountId)
    .where("endedAt", "is", null)
    .execute();
  return numDeletedRows > 0n;
}

/** Trusts no browser of an account any longer. */
export async function forgetBrowsersOf(tx: Tx, accountId: number): Promise<void> {
  await tx.deleteFrom("trustedBrowser").where("accountId", "=", accountId).execute();
}

export async function touchSession(tx: Tx, sessionId: number, now: Date): Promise<void> {
  await tx.updateTable("webSession").set({ lastSeenAt: now }).where("id", "=", sessionId).execute();
}

/** Works in another structure from now on, under a new token: the old one is dead at once (quality 2.5). */
export async function chooseStructure(tx: Tx, sessionId: number, structureId: number): Promise<string> {
  const token = newToken();
  await tx
    .updateTable("webSession")
    .set({ currentStructureId: structureId, tokenHash: hashOf(token) })
    .where("id", "=", sessionId)
    .execute();
  return token;
}

/** What the next page says once after a redirect. */
export async function leaveConfirmation(tx: Tx, sessionId: number, confirmation: unknown): Promise<void> {
  await tx
    .updateTable("webSession")
    .set({ confirmation: JSON.stringify(confirmation) })
    .where("id", "=", sessionId)
    .execute();
}

export async function clearConfirmation(tx: Tx, sessionId: number): Promise<void> {
  await tx.updateTable("webSession").set({ confirmation: null }).where("id", "=", sessionId).execute();
}

export type SessionRow = {
  readonly sessionId: number;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly authenticatedAt: Date;
  readonly secondFactorAt: Date | null;
  readonly endedAt: Date | null;
  readonly currentStructureId: number | null;
  readonly trustedBrowserId: number | null;
  readonly confirmation: unknown;
  readonly accountId: number;
  readonly accountState: string;
  readonly signInEmail: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly hasSecondFactor: boolean;
  /** The strictest rule that the password meets; null when it was never weighed. */
  readonly passwordRule: "ordinary" | "strong" | "operator" | null;
  readonly unreadCount: number;
  readonly memberships: readonly MembershipRow[] | null;
  /** Her structures where rights were to follow from a service to another by now, and have not yet. */
  readonly dueStructureIds: readonly number[];
};

/** What the decision asks of an attachment, as the database writes it. */
type MemberRow = {
  readonly structureId: number;
  readonly role: "mainManager" | "member";
  readonly scope: "structure" | "service";
  readonly grants:
    | readonly {
        readonly application: string;
        readonly level: "read" | "write";
        readonly serviceId: number | null;
        readonly startsAt: string | null;
        readonly endsAt: string | null;
      }[]
    | null;
};

export type MembershipRow = MemberRow & {
  readonly id: number;
  readonly serviceIds: readonly number[];
  readonly structure: {
    readonly displayName: string;
    readonly identifierType: string;
    readonly identifierValue: string;
    readonly kind: "public" | "private";
    readonly state: string;
    readonly proofState: string;
    readonly requiresSecondFactor: boolean;
    readonly openApplications: readonly string[];
  };
};

/** Whether the attachment `m` to the structure `st` counts at this instant. */
const counts = `m.state = 'active' and m.starts_at <= unisson_now()
          and (m.ends_at is null or m.ends_at > unisson_now()) and st.state <> 'archived'`;

/** The rights of the attachment `m`; one on a service out of force has no effect (MEM-17, RIG-08). As text: read once, never searched. */
const grants = `(
          select json_agg(g) from (
            select g.application, g.level, g.service_id as "serviceId", g.starts_at as "startsAt", g.ends_at as "endsAt"
            from membership_grant g left join service v on v.id = g.service_id
            where g.membership_id = m.id and v.disabled_at is null
              and (v.starts_at is null or v.starts_at <= unisson_now())
              and (v.ends_at is null or v.ends_at > unisson_now())) g)`;

/**
 * Reads, in one query, all that a request needs to know of who calls: the instant, and for the token of a session its
 * account, the attachments that count, and their rights (read at each request, so that what is withdrawn stops at the
 * next one; quality 2.5).
 */
export async function readSession(
  door: Answering,
  token: string | null,
): Promise<{ readonly now: Date; readonly session: SessionRow | null }> {
  const { rows } = await door.executeQuery(
    statement<SessionRow & { readonly now: Date }>(sessionOfToken, [token && hashOf(token)]),
  );
  const row = rows[0]!;
  return { now: row.now, session: row.sessionId === null ? null : row };
}

const sessionOfToken = `
    select unisson_now() as now,
      s.id as "sessionId", s.created_at as "createdAt", s.last_seen_at as "lastSeenAt",
      s.authenticated_at as "authenticatedAt", s.second_factor_at as "secondFactorAt", s.ended_at as "endedAt",
      s.current_structure_id as "currentStructureId", s.trusted_browser_id as "trustedBrowserId", s.confirmation,
      a.id as "accountId", a.state as "accountState", a.sign_in_email as "signInEmail",
      a.first_name as "firstName", a.last_name as "lastName", a.password_rule as "passwordRule",
      exists (select from second_factor f where f.account_id = a.id and f.confirmed_at is not null) as "hasSecondFactor",
      (select count(*) from (select from notification n where n.account_id = a.id and n.read_at is null limit 100) n) as "unreadCount",
      (select json_agg(m) from (
         select m.id, m.structure_id as "structureId", m.role, m.scope,
           array(select ms.service_id from membership_service ms where ms.membership_id = m.id) as "serviceIds",
           ${grants} as grants,
           json_build_object('displayName', st.display_name, 'identifierType', st.identifier_type,
             'identifierValue', st.identifier_value, 'kind', st.kind, 'state', st.state, 'proofState', st.proof_state,
             'requiresSecondFactor', st.requires_second_factor, 'openApplications', st.open_applications) as structure
         from membership m join structure st on st.id = m.structure_id
         where m.account_id = a.id and ${counts}
         order by st.display_name, m.id) m) as memberships,
      array(select distinct n.structure_id from succession n join membership m on m.structure_id = n.structure_id
        join structure st on st.id = n.structure_id and st.state = 'active'
        where n.state = 'planned' and n.takes_effect_at <= unisson_now() and m.account_id = a.id
          and m.state <> 'ended') as "dueStructureIds"
    from (values ($1::bytea)) given (token_hash)
    left join web_session s on s.token_hash = given.token_hash
    left join account a on a.id = s.account_id`;

/** What an account may do in a structure, if its attachment counts now: for what goes on after the request is over. */
export async function readMember(
  from: Answering,
  accountId: number,
  structureId: number,
): Promise<Member | undefined> {
  const { rows } = await from.executeQuery(statement<MemberRow>(memberOfStructure, [accountId, structureId]));
  return rows[0] && toMember(accountId, rows[0]);
}

const memberOfStructure = `
    select m.structure_id as "structureId", m.role, m.scope, ${grants} as grants
    from membership m join account a on a.id = m.account_id join structure st on st.id = m.structure_id
    where m.account_id = $1 and m.structure_id = $2 and a.state = 'active' and ${counts}`;

/** An attachment as the permission table asks for it. */
export function toMember(accountId: number, row: MemberRow): Member {
  return {
    accountId,
    structureId: row.structureId,
    role: row.role,
    scope: row.scope,
    grants: (row.grants ?? []).map((grant) => ({
      ...grant,
      startsAt: grant.startsAt === null ? null : new Date(grant.startsAt),
      endsAt: grant.endsAt === null ? null : new Date(grant.endsAt),
    })),
  };
}
