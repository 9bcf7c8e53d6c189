import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const PAGE = "/operateur/comptes";
let portal: TestPortal;
let operator: Browser;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  operator = await signIn(portal, OPERATOR, DEMO_PASSWORD);
});
afterAll(() => portal?.close());

const isIn = async (browser: Browser) => (await browser.request("/mon-compte")).status === 200;

describe("Mettre un compte à l'abri", () => {
  test("ferme toutes les sessions de la personne, et le lui dit ; le mot de passe ne change pas", async () => {
    const email = "inquiete@exemple.fr";
    const [here, there] = [await signUp(portal, { email }), await signIn(portal, email)];
    await operator.open(PAGE);
    await operator.send({ email: "Inquiete@Exemple.fr" });
    expect(operator.text).toContain("Toutes les sessions de ce compte sont fermées.");
    expect([await isIn(here), await isIn(there)]).toEqual([false, false]);
    const names = (await portal.mailsTo(email)).map((mail) => mail.name);
    expect(names.at(-1)).toBe("sessions-ended");
    expect(names).not.toContain("password-reset");
    expect(await isIn(await signIn(portal, email))).toBe(true);
    expect(
      await portal.query(
        "select means, sentence from journal_entry where type = 'SessionsEnded' order by seq desc limit 1",
      ),
    ).toEqual([{ means: "operator", sentence: "a fermé toutes les sessions du compte" }]);
  });

  test("envoie à la personne seule un lien pour un nouveau mot de passe", async () => {
    const email = "volee@exemple.fr";
    await signUp(portal, { email });
    await operator.open(PAGE);
    await operator.send({ email, sendsLink: true });
    const mail = (await portal.mailsTo(email)).at(-1)!;
    expect(mail.name).toBe("password-reset");
    expect(operator.answer!.text).not.toContain(portal.linkIn(mail));
    expect((await portal.browser().open(portal.linkIn(mail))).status).toBe(200);
  });

  test("une adresse sans compte actif est dite, et gardée à l'écran", async () => {
    await operator.open(PAGE);
    await operator.send({ email: "personne@exemple.fr" });
    expect(operator.answer!.status).toBe(422);
    expect(operator.text).toContain("Aucun compte actif n'a cette adresse");
    expect(operator.form().querySelector("[name=email]")!.getAttribute("value")).toBe("personne@exemple.fr");
  });

  test("A-21 à qui n'est pas opérateur, la page n'existe pas, et rien ne se ferme", async () => {
    const email = "visee@exemple.fr";
    const target = await signUp(portal, { email });
    const manager = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
    expect((await manager.request(PAGE)).status).toBe(404);
    await manager.open("/mon-compte/identite");
    expect((await manager.post(PAGE, { email })).status).toBe(404);
    expect(await isIn(target)).toBe(true);
  });

  test("A-20 six minutes après la connexion, le mot de passe est redemandé", async () => {
    portal.advance({ minutes: 6 });
    expect((await operator.request(PAGE)).headers.get("location")).toContain("/confirmer-identite");
  });
});
