import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const FORM = `/organisation/utilisateurs/rattacher?structureId=${TOWN}`;
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  await signUp(portal, { email: "connue@exemple.fr" });
});
afterAll(() => portal?.close());
const POST_FORM = 'main form[method="post"][action$="/rattacher"]';
const claire = () => signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
const mailsTo = async (address: string) => (await portal.mailsTo(address)).at(-1)?.subject ?? "";

describe("Rattacher plusieurs personnes en une fois", () => {
  test("une adresse par ligne, les doublons comptés une fois ; chacune reçoit son message", async () => {
    const browser = await claire();
    await browser.open(FORM);
    await browser.send(
      {
        email: "connue@exemple.fr\n neuve@exemple.fr \nconnue@exemple.fr",
        scope: "structure",
        profile: "lecture-seule",
      },
      { form: POST_FORM },
    );
    expect(browser.text).toContain("2 personnes recevront un message.");
    expect(await mailsTo("connue@exemple.fr")).toContain("Sainte-Aurore");
    expect(await mailsTo("neuve@exemple.fr")).toContain("Sainte-Aurore");
  });

  test("ce qui passe est fait, ce qui est refusé reste dans le champ avec sa raison", async () => {
    const browser = await claire();
    await browser.open(FORM);
    await browser.send(
      {
        email: "autre@exemple.fr\nhugo.lemaire@sainte-aurore.example\nclaire.morel@sainte-aurore.example",
        scope: "structure",
        profile: "lecture-seule",
      },
      { form: POST_FORM },
    );
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("C'est fait pour autre@exemple.fr.");
    expect(browser.text).toContain("hugo.lemaire@sainte-aurore.example : Cette personne est déjà rattachée");
    expect(browser.form(POST_FORM).querySelector("textarea")!.text.trim()).toBe(
      "hugo.lemaire@sainte-aurore.example\nclaire.morel@sainte-aurore.example",
    );
  });

  for (const [name, email, says] of [
    ["une adresse fausse", "bonne@exemple.fr\npas-une-adresse", "« pas-une-adresse » n'est pas une adresse"],
    ["rien", " \n ", "Donnez l'adresse"],
    ["trop", Array.from({ length: 51 }, (_, i) => `p${i}@exemple.fr`).join("\n"), "51 adresses : 50 au plus"],
  ] as const)
    test(`${name} : rien n'est fait, tout reste`, async () => {
      const browser = await claire();
      await browser.open(FORM);
      await browser.send({ email, scope: "structure", profile: "lecture-seule" }, { form: POST_FORM });
      expect(browser.answer!.status).toBe(422);
      expect(browser.text).toContain(says);
      expect(await mailsTo("bonne@exemple.fr")).toBe("");
    });
});
