import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApplication, SETTINGS } from "../support/authenticator.ts";
import { PASSWORD, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal({ MANAGERS_NEED_SECOND_FACTOR: "on" });
});
afterAll(() => portal?.close());

describe("SIG-03 Quand le portail exige la double authentification des gestionnaires", () => {
  test("une gestionnaire principale la met en place avant tout autre chose", async () => {
    const manager = await signUp(portal, {
      email: "gestion@exemple.fr",
      structure: { siret: "55208131766522", name: "Atelier d'Exemple" },
    });
    for (const path of ["/organisation/structures", "/mon-compte", "/notifications"]) {
      await manager.open(path);
      expect(manager.answer!.url, path).toContain(SETTINGS);
    }
    expect(manager.text).toContain("mettez-la en place pour continuer");
    await addApplication(portal, manager);
    await manager.open("/organisation/structures");
    expect(manager.answer!.url).toContain("/organisation/structures");
  });

  test("elle peut confirmer son identité pour le faire, ou se déconnecter", async () => {
    const manager = await signUp(portal, {
      email: "gestion2@exemple.fr",
      structure: { siret: "73282932000074", name: "Atelier Second" },
    });
    portal.advance({ minutes: 6 });
    await manager.open("/mon-compte");
    await addApplication(portal, manager);
    expect(manager.text).toContain("La double authentification est en place");
    await manager.send({}, { form: 'form[action="/deconnexion"]' });
    expect(manager.text).toContain("Se connecter");
  });

  test("avec un mot de passe trop faible aussi : le mot de passe d'abord, puis elle", async () => {
    const email = "gestion3@exemple.fr";
    const manager = await signUp(portal, {
      email,
      structure: { siret: "44306184100047", name: "Atelier Troisième" },
    });
    await portal.query("update account set password_rule = 'ordinary' where sign_in_email = $1", [email]);
    await manager.open("/organisation/structures");
    expect(manager.answer!.url).toContain("/mon-compte/mot-de-passe");
    const password = "Pommier-Locomotive-17";
    await manager.send({ currentPassword: PASSWORD, newPassword: password, newPasswordAgain: password });
    expect(manager.answer!.url).toContain(SETTINGS);
    await addApplication(portal, manager, password);
    await manager.open("/organisation/structures");
    expect(manager.answer!.url).toContain("/organisation/structures");
  });

  test("une personne sans rattachement reste libre", async () => {
    const free = await signUp(portal, { email: "libre@exemple.fr" });
    await free.open("/organisation/structures");
    expect(free.answer!.url).toContain("/organisation/structures");
  });
});
