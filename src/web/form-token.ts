import { createHmac, timingSafeEqual } from "node:crypto";

/** Name of the hidden field that proves that a form came from our own page. */
export const FORM_TOKEN_FIELD = "_jeton";

/** The token of the forms of one browser session: bound to its cookie, never the cookie itself. */
export function formToken(secret: string, cookie: string): string {
  return createHmac("sha256", secret).update(`form:${cookie}`).digest("base64url");
}

export function isFormToken(secret: string, cookie: string, given: unknown): boolean {
  if (typeof given !== "string") return false;
  const expected = Buffer.from(formToken(secret, cookie));
  const received = Buffer.from(given);
  return expected.length === received.length && timingSafeEqual(expected, received);
}

/**
 * Whether the browser says that a request comes from our own pages (quality 2.6): by Sec-Fetch-Site, and by Origin. A
 * page that says nowhere where it is (the pages of links, `no-referrer`) sends the origin « null »: Sec-Fetch-Site then
 * has to say that it is ours. A program that sends neither is left to the form token.
 */
export function comesFromOurPages(
  { origin, "sec-fetch-site": site }: { origin?: string; "sec-fetch-site"?: string },
  publicOrigins: readonly string[],
): boolean {
  if (origin === "null") return site === "same-origin";
  if (origin !== undefined && !publicOrigins.includes(origin)) return false;
  return site === undefined || site === "same-origin" || site === "none";
}
