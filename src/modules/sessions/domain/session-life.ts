const MINUTE_MS = 60_000;

/** How long a session lives; operators' are shorter. Source: quality 2.5. */
export const sessionLife = {
  person: { idleMs: 30 * MINUTE_MS, absoluteMs: 12 * 60 * MINUTE_MS },
  operator: { idleMs: 15 * MINUTE_MS, absoluteMs: 8 * 60 * MINUTE_MS },
} as const;

/** How long the proof of identity of a session is good enough for a sensitive act. */
export const FRESH_AUTHENTICATION_MS = 5 * MINUTE_MS;

/** How long a browser is trusted: a password is then enough to sign in from it. */
export const TRUSTED_BROWSER_MS = 30 * 24 * 60 * MINUTE_MS;

/** How long one may look for one's code after the first step of a sign-in. */
const SECOND_STEP_MS = 10 * MINUTE_MS;

/** SIG-03. Whether a session opened by a password, or by an identity provider, still waits for the second factor that the account has. */
export function awaitsSecondFactor(session: {
  readonly hasSecondFactor: boolean;
  readonly secondFactorAt: Date | null;
  readonly trustedBrowserId: number | null;
}): boolean {
  return session.hasSecondFactor && session.secondFactorAt === null && session.trustedBrowserId === null;
}

/** Whether the second step of a sign-in may still be taken. */
export function isSecondStepOpen(session: SessionDates, now: Date): boolean {
  return session.endedAt === null && now.getTime() - session.createdAt.getTime() < SECOND_STEP_MS;
}

export type SessionDates = {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly endedAt: Date | null;
};

/** When a session ends by itself if nobody acts until then: idle for too long, or too old. */
export function sessionEnd(
  session: Pick<SessionDates, "createdAt" | "lastSeenAt">,
  who: "person" | "operator",
): Date {
  const life = sessionLife[who];
  return new Date(
    Math.min(session.lastSeenAt.getTime() + life.idleMs, session.createdAt.getTime() + life.absoluteMs),
  );
}

/** Whether a session may still act: not ended, seen recently, not older than its absolute life. */
export function isSessionAlive(session: SessionDates, who: "person" | "operator", now: Date): boolean {
  return session.endedAt === null && now < sessionEnd(session, who);
}

/** Whether the person proved who she is at most five minutes ago. */
export function isFreshlyAuthenticated(authenticatedAt: Date, now: Date): boolean {
  return now.getTime() - authenticatedAt.getTime() <= FRESH_AUTHENTICATION_MS;
}
