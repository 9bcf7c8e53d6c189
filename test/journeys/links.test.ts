import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";
import { reachSummary } from "../support/sign-up-form.ts";

let portal: TestPortal;
let chromium: Browser;
beforeAll(async () => {
  portal = await startPortal();
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.close();
  await portal?.close();
});

const linkOf = async (email: string, mail: string) =>
  portal.url + portal.linkIn((await portal.mailsTo(email)).findLast((one) => one.name === mail)!);

/** The pages of links say nowhere where they are, and a browser then sends their forms without an origin. */
describe("Les liens des messages, dans un vrai navigateur", () => {
  for (const javaScriptEnabled of [true, false])
    test(`activer, choisir un mot de passe, changer d'adresse, s'y opposer : ${javaScriptEnabled ? "avec" : "sans"} JavaScript`, async () => {
      const who = javaScriptEnabled ? "avec" : "sans";
      const email = `${who}@exemple.fr`;
      const context = await chromium.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const choose = async (button: string, password: string) => {
        await page.locator("[name=newPassword]").fill(password);
        await page.locator("[name=newPasswordAgain]").fill(password);
        await page.getByRole("button", { name: button }).click();
      };

      const asking = portal.browser();
      await reachSummary(asking, email);
      await asking.send();
      await page.goto(await linkOf(email, "activation-link"));
      await choose("Activer mon compte", PASSWORD);
      await page.getByText("Votre compte est activé.").waitFor();

      await asking.open("/mot-de-passe/oublie");
      await asking.send({ email });
      await page.goto(await linkOf(email, "password-reset"));
      await choose("Changer mon mot de passe", "Pommier-Locomotive-17");
      await page.getByRole("heading", { name: "Votre mot de passe a changé" }).waitFor();

      const owner = await signIn(portal, email, "Pommier-Locomotive-17");
      await owner.open("/mon-compte/adresse");
      await owner.send({ email: `${who}-2@exemple.fr`, emailAgain: `${who}-2@exemple.fr` });
      await page.goto(await linkOf(`${who}-2@exemple.fr`, "sign-in-email-link"));
      await page.getByRole("button", { name: "Confirmer cette adresse" }).click();
      await page.getByRole("heading", { name: "Votre adresse de connexion a changé" }).waitFor();

      await page.goto(await linkOf(email, "sign-in-email-changed"));
      await page.getByRole("button", { name: "Garder mon adresse" }).click();
      await choose("Changer mon mot de passe", PASSWORD);
      await page.getByRole("heading", { name: "Votre mot de passe a changé" }).waitFor();
      expect((await signIn(portal, email)).text).toContain("Pour quelle structure travaillez-vous ?");
      await context.close();
    });

  test("réactiver son compte", async () => {
    const email = "revient@exemple.fr";
    const browser = await signUp(portal, { email });
    await browser.open("/mon-compte/desactiver");
    await browser.send({ confirms: true });
    portal.advance({ minutes: 1 });
    await browser.open("/compte/lien");
    await browser.send({ email });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(await linkOf(email, "reactivation-link"));
    await page.getByRole("main").getByRole("button").click();
    await page.getByText("réactivé").first().waitFor();
    expect((await signIn(portal, email)).text).toContain("Pour quelle structure travaillez-vous ?");
    await page.context().close();
  });
});
