import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "../support/browser.ts";
import { attach, deactivatePublic, PASSWORD, signIn, signUp, structureId } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = { siret: "57210489100013", name: "Ville d'Exemple", kind: "public" } as const;
const WORKSHOP = { siret: "73282932000074", name: "Atelier Exemple" };

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: "operateur@exemple.fr" });
});
afterAll(() => portal.close());

describe("Du compte à la structure organisée, comme le guide le raconte", () => {
  let claire: Browser;
  let town: number;

  test("J1 Un artisan crée son compte en quatre étapes et devient gestionnaire principal", async () => {
    const emile = await signUp(portal, {
      email: "emile@atelier.fr",
      firstName: "Émile",
      lastName: "Tessier",
      structure: WORKSHOP,
    });
    expect(emile.text).toContain("Vous êtes gestionnaire principal de Atelier Exemple.");
    await emile.open("/organisation/structures");
    expect(emile.text).toContain("Gestionnaire principal");
    expect((await portal.mailsTo("emile@atelier.fr")).map((mail) => mail.name)).toEqual([
      "activation-link",
      "account-activated",
    ]);
  });

  test("Une structure publique reste à vérifier : elle ne rattache personne avant l'opérateur", async () => {
    claire = await signUp(portal, {
      email: "claire@ville.fr",
      firstName: "Claire",
      lastName: "Morel",
      structure: TOWN,
    });
    town = await structureId(portal, TOWN.siret);
    await claire.open("/");
    await claire.click("Prouvez que vous agissez pour");
    expect(claire.answer!.url).toBe(`${portal.url}/organisation/structures/${town}/preuve`);
    await claire.open(`/organisation/structures/${town}`);
    expect(claire.text).toContain("Structure à vérifier");
    await attach(claire, town, { email: "paul@ville.fr" });
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("elle ne peut rattacher personne avant la confirmation de l'opérateur");

    await signUp(portal, { email: "operateur@exemple.fr", firstName: "Odile", lastName: "Régie" });
    const operator = await signIn(portal, "operateur@exemple.fr");
    await operator.open("/");
    await operator.click("Une structure publique attend d'être vérifiée");
    await operator.send();
    expect(operator.text).toContain("La structure est vérifiée.");
  });

  test("J2 La gestionnaire crée le service FI_SGPI du guide, qui paraît dans l'annuaire avec sa règle", async () => {
    await claire.open(`/organisation/services/nouveau?structureId=${town}`);
    const labelOf = (name: string) =>
      claire
        .form()
        .querySelector(`label[for="champ-${name}"]`)!
        .textContent.replace(/ *(\*|\((obligatoire|facultatif)\))/g, "")
        .trim();
    for (const [name, label] of [
      ["structureId", "Choisir la structure"],
      ["code", "Code de service"],
      ["label", "Libellé du service"],
      ["description", "Description"],
      ["startsAt", "Date de début d'activation"],
      ["endsAt", "Date de fin d'activation"],
      ["commitmentRequired", "Le numéro d'engagement est obligatoire"],
    ] as const)
      expect(labelOf(name)).toBe(label);
    expect(claire.text).toMatch(
      /Raison sociale ?Ville d'Exemple.*Informations générales.*Paramètres.*Soumettre/,
    );
    await claire.send({
      code: "FI_SGPI",
      label: "Service financier SGPI",
      startsAt: "10/03/2022 15:01:32",
      commitmentRequired: true,
    });
    expect(claire.text).toContain("L'envoi des données pour « Créer un service » a bien été effectuée");
    expect(claire.text).toContain("Il est actif depuis le 10/03/2022 15:01:32.");
    const visitor = portal.browser();
    await visitor.open("/annuaire?q=ville+exemple");
    await visitor.click("Ville d'Exemple");
    expect(visitor.text).toMatch(/FI_SGPI ?Service financier SGPI.*Obligatoire/);
    expect(visitor.text).not.toContain("FACTURES_PUBLIQUES");
  });

  test("Une fin avant le début, un code pris, un code trop long : un message à côté du champ, rien de perdu", async () => {
    for (const [change, says] of [
      [{ endsAt: "10/03/2022 15:01:32" }, "postérieure à la date de début"],
      [{ code: "fi_sgpi" }, "Le code FI_SGPI est déjà celui de « Service financier SGPI »."],
      [{ code: "x".repeat(101) }, "au plus 100 caractères"],
      [{ startsAt: "bientôt" }, "Saisissez la date de début"],
    ] as const) {
      await claire.open(`/organisation/services/nouveau?structureId=${town}`);
      await claire.send({
        code: "ACHATS",
        label: "Achats de la ville",
        startsAt: "10/03/2022 15:01:32",
        ...change,
      });
      expect(claire.answer!.status).toBe(422);
      expect(claire.text).toContain(says);
      expect(claire.form().querySelector('[name="label"]')!.getAttribute("value")).toBe("Achats de la ville");
    }
  });

  test("J3 Rattachée à la maille structure, une collègue travaille aussitôt", async () => {
    const paul = await signUp(portal, { email: "paul@ville.fr", firstName: "Paul", lastName: "Durand" });
    await attach(claire, town, { email: "paul@ville.fr", mayAccept: true });
    expect(claire.text).toContain("paul@ville.fr recevra un message.");
    await paul.open(`/organisation/structures/${town}`);
    expect(paul.answer!.status).toBe(200);
    expect((await portal.mailsTo("paul@ville.fr")).at(-1)!.name).toBe("user-attached");
  });

  test("J4 Une adresse inconnue rattachée à la maille service est invitée, et rattachée quand son compte vit", async () => {
    await attach(claire, town, { email: "ines@ville.fr", services: ["FI_SGPI"], profile: "comptable" });
    expect(claire.text).toContain("Comptable, sur FI_SGPI");
    const ines = await signUp(portal, { email: "ines@ville.fr", firstName: "Inès", lastName: "Benali" });
    expect(ines.text).toContain("Vous êtes rattaché à Ville d'Exemple.");
    await ines.open("/mes-habilitations");
    expect(ines.text).toMatch(/Factures reçues ?Modification, sur FI_SGPI.*donné par Claire Morel/);
  });

  test("J5 Demander, être refusé, corriger, être accepté avec moins", async () => {
    const samuel = await signUp(portal, {
      email: "samuel@ville.fr",
      firstName: "Samuel",
      lastName: "Roche",
      structure: TOWN,
    });
    expect(samuel.text).toContain("Votre demande de rattachement à Ville d'Exemple est envoyée");
    await claire.open("/notifications");
    expect(claire.text).toContain("Samuel Roche demande à rejoindre");

    await claire.open("/organisation/demandes");
    await claire.click("Samuel Roche");
    await claire.send({ text: "Qui êtes-vous ?" }, { form: 'main form[action$="/refuser"]' });
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("Choisissez un motif");
    await claire.send(
      { reason: "OTHER", text: "Qui êtes-vous ?" },
      { form: 'main form[action$="/refuser"]' },
    );
    expect((await portal.mailsTo("samuel@ville.fr")).at(-1)!.text).toContain("Qui êtes-vous ?");

    await samuel.open("/mes-demandes");
    expect(samuel.text).toContain("Autre motif : Qui êtes-vous ?");
    await samuel.click("Corriger et renvoyer");
    await samuel.send({ message: "" });
    expect(samuel.text).toContain("répondez au motif du refus dans le message");
    await samuel.send({ message: "Le nouveau comptable." });
    expect(samuel.text).toContain("est envoyée");

    await claire.open("/organisation/demandes");
    await claire.click("Samuel Roche");
    await claire.send(
      { scope: "structure", profile: "lecture-seule", mayAccept: false },
      { form: 'main form[action$="/accepter"]' },
    );
    expect(claire.text).toContain("Samuel Roche est rattaché à la structure.");
    await samuel.open("/mes-habilitations");
    expect(samuel.text).toContain("Consultation");
    expect(samuel.text).not.toContain("Modification");
  });

  test("J6 Privé du droit d'accepter, l'utilisateur voit sa réponse suivante refusée", async () => {
    await signUp(portal, { email: "zoe@ville.fr", firstName: "Zoé", lastName: "Blanc", structure: TOWN });
    const paul = await signIn(portal, "paul@ville.fr");
    await paul.open("/organisation/demandes");
    await paul.click("Zoé Blanc");
    const open = paul.answer!;

    await claire.open(`/organisation/utilisateurs?structureId=${town}`);
    await claire.click("Durand Paul");
    await claire.click("Modifier ses habilitations");
    await claire.send({ "droit-memberships.approve": "none" });
    expect(claire.text).toContain("Les droits de Paul Durand sont changés.");

    paul.answer = open;
    await paul.send(
      { scope: "structure", profile: "lecture-seule" },
      { form: 'main form[action$="/accepter"]' },
    );
    expect(paul.answer!.status).toBe(403);
    await claire.open("/organisation/demandes");
    expect(claire.text).toContain("Zoé Blanc");
  });

  test("J7 Détachée, une personne voit son acte suivant refusé", async () => {
    const ines = await signIn(portal, "ines@ville.fr");
    await ines.open(`/organisation/structures/${town}`);
    expect(ines.answer!.status).toBe(200);
    await claire.open(`/organisation/utilisateurs?structureId=${town}`);
    await claire.click("Benali Inès");
    await claire.click("Détacher");
    await claire.send({ reason: "a quitté la ville" });
    expect(claire.text).toContain("Inès Benali n'est plus rattaché");
    await ines.open(`/organisation/structures/${town}`);
    expect(ines.answer!.status).toBe(404);
  });

  test("J8 La seule gestionnaire ne peut partir ; elle en désigne un autre, puis part", async () => {
    const alone =
      "Vous êtes le seul gestionnaire principal de Ville d'Exemple. Désignez d'abord une autre personne.";
    await claire.open(`/mes-rattachements/${town}/quitter`);
    expect(claire.text).toContain(alone);
    for (const act of ["quitter", "renoncer"]) {
      await claire.open("/mon-compte/identite");
      expect((await claire.post(`/mes-rattachements/${town}/${act}`, {})).status).toBe(422);
      expect(claire.text).toContain(alone);
    }
    await claire.click("Transmettre mon rôle et quitter");
    expect(claire.text).toContain("Que deviendrez-vous ?");
    claire = await signIn(portal, "claire@ville.fr");
    await claire.open(`/organisation/utilisateurs?structureId=${town}`);
    await claire.click("Durand Paul");
    await claire.click("Désigner gestionnaire principal");
    await claire.send({}, { form: "main form" });
    expect(claire.text).toContain("La proposition est envoyée à Paul Durand.");
    const paul = await signIn(portal, "paul@ville.fr");
    await paul.open("/");
    await paul.click("On vous propose de gérer Ville d'Exemple");
    await paul.send({}, { form: 'main form[action$="/accepter"]' });
    expect(paul.text).toContain("Vous êtes gestionnaire principal de Ville d'Exemple.");
    await claire.open(`/mes-rattachements/${town}/quitter`);
    await claire.send();
    expect(claire.text).toContain("Vous avez quitté Ville d'Exemple.");
  });

  test("L'historique dit qui a fait quoi à qui, et ne se modifie pas", async () => {
    const paul = await signIn(portal, "paul@ville.fr");
    await paul.open(`/organisation/historique?structureId=${town}`);
    for (const sentence of [
      "a créé le service FI_SGPI",
      "a rattaché Paul Durand",
      "a refusé la demande de Samuel Roche",
      "a détaché Inès Benali",
      "a quitté la structure",
    ])
      expect(paul.text).toContain(sentence);
    await expect(portal.query("update journal_entry set sentence = 'rien'")).rejects.toThrow("append-only");
    await expect(portal.query("delete from journal_entry")).rejects.toThrow("append-only");
  });

  test("Désactiver une structure publique demande d'en saisir le nom et l'accord de l'opérateur, et la retire de l'annuaire", async () => {
    const paul = await signIn(portal, "paul@ville.fr");
    await paul.open(`/organisation/structures/${town}/desactiver`);
    await paul.send({ typedName: "Ville", reason: "Fusion" });
    expect(paul.answer!.status).toBe(422);
    const operator = await signIn(portal, "operateur@exemple.fr");
    await deactivatePublic(paul, operator, { id: town, name: "Ville d'Exemple" });
    const visitor = portal.browser();
    await visitor.open("/annuaire?q=57210489100013");
    expect(visitor.text).toContain("Aucune structure publique active");
    await paul.open(`/organisation/structures/${town}`);
    await paul.send();
    expect(paul.text).toContain("La structure est de nouveau active.");
  });
});

describe("Les liens envoyés", () => {
  test("Mot de passe oublié : le lien sert une fois et ferme les sessions ouvertes", async () => {
    const before = await signIn(portal, "emile@atelier.fr");
    const browser = portal.browser();
    await browser.open("/mot-de-passe/oublie");
    await browser.send({ email: "emile@atelier.fr" });
    const mail = (await portal.mailsTo("emile@atelier.fr")).findLast((one) => one.name === "password-reset")!;
    await browser.open(portal.linkIn(mail));
    await browser.send({ newPassword: "Tambour-Nuage-17-Lilas", newPasswordAgain: "Tambour-Nuage-17-Lilas" });
    expect(browser.text).toContain("Votre mot de passe a changé");
    await before.open("/mon-compte");
    expect(before.answer!.url).toContain("/connexion");
    await browser.open(portal.linkIn(mail));
    expect(browser.answer!.status).toBe(410);
    expect((await signIn(portal, "emile@atelier.fr", PASSWORD)).text).toContain(
      "Adresse ou mot de passe incorrect",
    );
    expect((await signIn(portal, "emile@atelier.fr", "Tambour-Nuage-17-Lilas")).text).toContain("À faire");
  });

  test("Un lien d'activation expiré mène à un nouveau lien en un geste", async () => {
    const browser = portal.browser();
    await browser.open("/compte/creer");
    await browser.send({
      email: "tard@exemple.fr",
      emailAgain: "tard@exemple.fr",
      firstName: "Tard",
      lastName: "Venu",
      acceptsTerms: true,
    });
    await browser.send({}, { button: ["later", "oui"] });
    await browser.send();
    const first = (await portal.mailsTo("tard@exemple.fr")).at(-1)!;
    portal.advance({ hours: 25 });
    await browser.open(portal.linkIn(first));
    expect(browser.answer!.status).toBe(410);
    await browser.send({ email: "tard@exemple.fr" });
    const second = (await portal.mailsTo("tard@exemple.fr")).at(-1)!;
    expect(portal.linkIn(second)).not.toBe(portal.linkIn(first));
    await browser.open(portal.linkIn(second));
    expect(browser.answer!.status).toBe(200);
  });

  test("Un compte jamais activé disparaît après trente jours", async () => {
    portal.advance({ days: 31 });
    expect(await portal.runJob("remove-pending-accounts")).toEqual({ removed: 1 });
  });
});
