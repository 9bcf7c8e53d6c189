import { Secret, TOTP } from "otpauth";
import type { Browser } from "./browser.ts";
import { PASSWORD } from "./people.ts";
import type { TestPortal } from "./portal.ts";

export const SETTINGS = "/mon-compte/double-authentification";

/** A telephone with an authenticator application, at the portal's time. */
export type Telephone = {
  /** The code shown now, or `seconds` from now. */
  code(seconds?: number): string;
  readonly recoveryCodes: readonly string[];
};

/** Adds an application to the account of a signed-in browser, as its page asks. */
export async function addApplication(
  portal: TestPortal,
  browser: Browser,
  password = PASSWORD,
): Promise<Telephone> {
  await openFresh(browser, `${SETTINGS}/application`, password);
  const key = /tapez cette clé : ((?:[A-Z2-7]{4} ?)+)/.exec(browser.text)![1]!.replaceAll(" ", "");
  const code = (seconds = 0) => codeOf(portal, key, seconds);
  await browser.send({ code: code() });
  const recoveryCodes = browser
    .answer!.page.querySelectorAll(".u-codes .u-code")
    .map((one) => one.textContent);
  return { code, recoveryCodes };
}

/** What an application that has the key shows, `seconds` from now by the portal's clock. */
export function codeOf(portal: TestPortal, key: string, seconds = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(key), algorithm: "SHA1", digits: 6, period: 30 });
  return totp.generate({ timestamp: Date.now() + portal.database.clockOffsetMs + seconds * 1000 });
}

/** Opens a page of a sensitive act, proving who one is if it is asked. */
export async function openFresh(browser: Browser, path: string, password = PASSWORD): Promise<void> {
  await browser.open(path);
  if (browser.answer!.url.includes("/confirmer-identite")) await browser.send({ password });
}
