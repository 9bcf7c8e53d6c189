import { Secret, TOTP } from "otpauth";

const STEP_SECONDS = 30;
/** A clock may be one step early or late. */
const DRIFT_STEPS = 1;

/** Bytes of a new shared secret: 160 bits, as RFC 4226 recommends. */
export const TOTP_SECRET_BYTES = 20;

/** The secret as an application takes it: base 32. */
export function totpKey(random: Uint8Array): string {
  return new Secret({ buffer: new Uint8Array(random).buffer }).base32;
}

/**
 * SIG-03. The step (30 s each, since 1970) whose code was typed; null when it is the code of none that counts now.
 * Each step opens once: the caller keeps the last one. Source: RFC 6238; quality 2.2, A-15.
 */
export function stepOfCode(key: string, code: string, now: Date): number | null {
  const delta = totp(key).validate({ token: code, timestamp: now.getTime(), window: DRIFT_STEPS });
  return delta === null ? null : Math.floor(now.getTime() / 1000 / STEP_SECONDS) + delta;
}

/** What the QR code says: whose key this is, and the key. */
export function enrolmentUri(key: string, who: { portalName: string; email: string }): string {
  return totp(key, who).toString();
}

function totp(key: string, who?: { portalName: string; email: string }): TOTP {
  return new TOTP({
    secret: Secret.fromBase32(key),
    algorithm: "SHA1",
    digits: 6,
    period: STEP_SECONDS,
    ...(who ? { issuer: who.portalName, label: who.email } : {}),
  });
}
