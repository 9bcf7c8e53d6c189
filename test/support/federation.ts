import type { Browser } from "./browser.ts";
import type { TestPortal } from "./portal.ts";

export const FEDERATION_SETTINGS = "/mon-compte/identite-federee";

/** Presses « S'identifier avec … », and says who one is if the provider asks. */
export async function signInWith(
  portal: TestPortal,
  who: string,
  browser = portal.browser(),
): Promise<Browser> {
  await browser.open("/connexion");
  await browser.send({}, { form: 'form[action="/connexion/federation"]' });
  return sayWho(browser, who);
}

/** Links the identity of `who` to the account that is signed in. */
export async function linkIdentity(browser: Browser, who: string): Promise<Browser> {
  await browser.open(FEDERATION_SETTINGS);
  await browser.send({}, { form: `form[action="${FEDERATION_SETTINGS}/relier"]` });
  return sayWho(browser, who);
}

async function sayWho(browser: Browser, who: string): Promise<Browser> {
  if (browser.answer!.page.querySelector("[name=qui]")) await browser.send({ qui: who });
  return browser;
}

/**
 * Goes to the provider and back, but for the last step: the address that would bring the answer to the portal.
 * @param action the form that leaves
 */
export async function answerOf(
  browser: Browser,
  who: string,
  action = "/connexion/federation",
): Promise<string> {
  const form = browser.form(`form[action="${action}"]`);
  const fields = form
    .querySelectorAll("input")
    .map((one) => [one.getAttribute("name")!, one.getAttribute("value") ?? ""]);
  let response = await browser.request(action, {
    method: "POST",
    body: new URLSearchParams(fields as [string, string][]),
    headers: { "sec-fetch-site": "same-origin", origin: browser.base },
  });
  for (let hops = 0; hops < 10; hops++) {
    const location = response.headers.get("location");
    if (location?.includes("/connexion/federation/retour")) return location;
    response =
      location === null
        ? await browser.request(response.url, { method: "POST", body: new URLSearchParams({ qui: who }) })
        : await browser.request(new URL(location, response.url).href);
  }
  throw new Error("The provider never sent the browser back");
}
