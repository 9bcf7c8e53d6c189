import { expect } from "vitest";
import type { Browser } from "./browser.ts";
import type { TestPortal } from "./portal.ts";

/** A password that suits everybody, main managers and operators included. */
export const PASSWORD = "Cerisier-Vapeur-42";

export type Structure = {
  readonly type?: string;
  readonly siret: string;
  readonly name: string;
  readonly kind?: "public" | "private";
};

type NewPerson = { email: string; firstName?: string; lastName?: string; structure?: Structure };

/** The seed's four steps: a new person, and the structure she creates or joins. Answers her browser, signed in. */
export async function signUp(portal: TestPortal, person: NewPerson): Promise<Browser> {
  const browser = await askForAccount(portal, person);
  await activate(portal, browser, person.email);
  return browser;
}

/** The steps of sign-up before the link is followed. */
export async function askForAccount(portal: TestPortal, person: NewPerson): Promise<Browser> {
  const browser = portal.browser();
  await browser.open("/compte/creer");
  const { email, firstName = "Camille", lastName = "Exemple", structure } = person;
  await browser.send({ email, emailAgain: email, firstName, lastName, acceptsTerms: true });
  if (!structure) await browser.send({}, { button: ["later", "oui"] });
  else {
    await browser.send({ identifierType: structure.type ?? "SIRET", identifierValue: structure.siret });
    if (browser.answer!.page.querySelector('[name="legalName"]:not([type="hidden"])'))
      await browser.send({
        kind: structure.kind ?? "private",
        legalName: structure.name,
        addressLine: "1 rue de la Paix",
        postcode: "75002",
        town: "Paris",
      });
    else if (/Est-ce bien cette structure \?|Cette structure existe déjà/.test(browser.text))
      await browser.send();
  }
  expect(browser.text).toContain("Vérifiez votre demande");
  await browser.send();
  expect(browser.text).toContain("Ouvrez le message");
  return browser;
}

/** Follows the last activation link sent to an address and chooses a password. */
export async function activate(
  portal: TestPortal,
  browser: Browser,
  email: string,
  password = PASSWORD,
): Promise<void> {
  await openLink(portal, browser, email, "activation-link");
  await browser.send({ newPassword: password, newPasswordAgain: password });
  expect(browser.text).toContain("Votre compte est activé");
}

/** Opens the link of the last mail of a kind sent to an address. */
export async function openLink(
  portal: TestPortal,
  browser: Browser,
  email: string,
  kind: "activation-link" | "password-reset",
): Promise<void> {
  const mail = (await portal.mailsTo(email)).findLast((one) => one.name === kind)!;
  await browser.open(portal.linkIn(mail));
}

export async function signIn(portal: TestPortal, email: string, password = PASSWORD): Promise<Browser> {
  const browser = portal.browser();
  await browser.open("/connexion");
  await browser.send({ email, password });
  return browser;
}

/** The number of a structure, by its identifier. */
export async function structureId(portal: TestPortal, siret: string): Promise<number> {
  const [row] = await portal.query<{ id: number }>("select id from structure where identifier_value = $1", [
    siret,
  ]);
  return Number(row!.id);
}

/** Closes a public structure as it takes two: its main manager asks, an operator agrees. */
export async function deactivatePublic(
  manager: Browser,
  operator: Browser,
  structure: { readonly id: number; readonly name: string },
  reason = "Fusion",
): Promise<void> {
  await manager.open(`/organisation/structures/${structure.id}/desactiver`);
  await manager.send({ typedName: structure.name, reason }, { form: "main form" });
  expect(manager.text).toContain("La désactivation est demandée.");
  await operator.open("/operateur/desactivations");
  await operator.send({}, { form: 'main form[action$="/accepter"]' });
  expect(operator.text).toContain(`${structure.name} est désactivée.`);
}

/** Attaches a known or unknown address, as the manager's form does. */
export async function attach(
  manager: Browser,
  structure: number,
  person: { email: string; services?: readonly string[]; profile?: string; mayAccept?: boolean },
): Promise<void> {
  await manager.open(`/organisation/utilisateurs/rattacher?structureId=${structure}`);
  const serviceIds = (person.services ?? []).map(
    (code) =>
      manager
        .form('form[method="post"][action="/organisation/utilisateurs/rattacher"]')
        .querySelectorAll(".govuk-checkboxes__item")
        .find((item) => item.textContent.startsWith(code))!
        .querySelector("input")!
        .getAttribute("value")!,
  );
  await manager.send(
    {
      email: person.email,
      scope: person.services ? "service" : "structure",
      ...(serviceIds.length > 0 ? { serviceIds } : {}),
      profile: person.profile ?? "utilisateur",
      mayAccept: person.mayAccept ?? false,
    },
    { form: 'main form[action="/organisation/utilisateurs/rattacher"][method="post"]' },
  );
}
