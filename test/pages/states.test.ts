import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/modules/demo/index.ts";
import { codeOf } from "../support/authenticator.ts";
import { inspect, type LookedAt, OPERATOR, startLooking } from "../support/pages.ts";

let looked: LookedAt;
let portal: LookedAt["portal"];
let chromium: LookedAt["chromium"];
let signedIn: LookedAt["signedIn"];
beforeAll(async () => {
  looked = await startLooking();
  ({ portal, chromium, signedIn } = looked);
});
afterAll(() => looked?.close());

describe("Chaque page est accessible, valide, et tient dans son écran", () => {
  test("pages de l'opérateur du portail, et un refus", { timeout: 90_000 }, async () => {
    const { context, page } = await signedIn(OPERATOR);
    for (const path of [
      "/",
      "/operateur",
      "/plan-du-site",
      "/operateur/structures",
      "/operateur/structures/4/adresse",
      "/operateur/reprises",
      "/operateur/coordonnees-bancaires",
      "/operateur/comptes",
      "/operateur/actualites",
      "/operateur/actualites/nouvelle",
      "/operateur/imports/structures",
      "/operateur/imports/services-publics",
    ]) {
      const answer = await page.goto(`${portal.url}${path}`);
      expect(answer!.status(), path).toBe(200);
      await inspect(page, path);
    }
    await context.close();
    const paul = await signedIn("paul.durand@sainte-aurore.example");
    for (const path of ["/", "/organisation"]) {
      await paul.page.goto(`${portal.url}${path}`);
      await inspect(paul.page, `${path}, en consultation`);
    }
    const refused = await paul.page.goto(`${portal.url}/organisation/structures/1/desactiver`);
    expect(refused!.status()).toBe(403);
    await inspect(paul.page, "accès refusé");
    await paul.context.close();
  });

  test("une désactivation demandée, puis refusée", { timeout: 120_000 }, async () => {
    const claire = await signedIn("claire.morel@sainte-aurore.example");
    const sheet = `${portal.url}/organisation/structures/1`;
    await claire.page.goto(`${sheet}/desactiver`);
    await claire.page.getByLabel("Pour confirmer").fill("Commune");
    await claire.page.getByRole("button", { name: "Demander la désactivation" }).click();
    await inspect(claire.page, "désactivation, nom faux");
    await claire.page.getByLabel("Motif").fill("Fusion avec la commune voisine au 1er janvier.");
    await claire.page.getByLabel("Pour confirmer").fill("Commune de Sainte-Aurore");
    await claire.page.getByRole("button", { name: "Demander la désactivation" }).click();
    await inspect(claire.page, "désactivation demandée");
    const operator = await signedIn(OPERATOR);
    await inspect(operator.page, "accueil de l'opérateur, désactivation à décider");
    await operator.page.goto(`${portal.url}/operateur/desactivations`);
    await inspect(operator.page, "désactivations à décider");
    await operator.page.getByRole("button", { name: "Refuser" }).click();
    await inspect(operator.page, "désactivation, refus sans motif");
    await operator.page.getByLabel("Motif du refus").fill("Attendez la fin de l'exercice.");
    await operator.page.getByRole("button", { name: "Refuser" }).click();
    await inspect(operator.page, "désactivation refusée");
    await operator.context.close();
    await claire.page.goto(sheet);
    await inspect(claire.page, "fiche, désactivation refusée");
    await claire.context.close();
  });

  test("les structures archivées, telles que l'opérateur les cherche et les lit", {
    timeout: 60_000,
  }, async () => {
    await portal.query(
      "update structure set deactivated_at = unisson_now() - interval '3 years' where state = 'inactive'",
    );
    expect(await portal.runJob("archive-structures")).toEqual({ archived: 1 });
    const { context, page } = await signedIn(OPERATOR);
    await page.goto(`${portal.url}/operateur/archives?q=introuvable`);
    await inspect(page, "archives, rien de trouvé");
    await page.goto(`${portal.url}/operateur/archives`);
    await inspect(page, "archives");
    await page.locator("main table a").click();
    await inspect(page, "structure archivée");
    await context.close();
  });

  test("un mot de passe à renforcer, avant toute autre page", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    const claire = "where sign_in_email = 'claire.morel@sainte-aurore.example'";
    await portal.query(`update account set password_rule = 'ordinary' ${claire}`);
    await page.goto(`${portal.url}/organisation/services?structureId=1`);
    expect(new URL(page.url()).pathname).toBe("/mon-compte/mot-de-passe");
    await inspect(page, "mot de passe à renforcer");
    await page.getByLabel("Mot de passe actuel").fill(DEMO_PASSWORD);
    for (const field of ["newPassword", "newPasswordAgain"])
      await page.locator(`[name=${field}]`).fill("kfzqwmtrbvxl");
    await page.getByRole("button", { name: "Changer mon mot de passe" }).click();
    await inspect(page, "mot de passe encore trop simple");
    await portal.query(`update account set password_rule = 'operator' ${claire}`);
    await context.close();
  });

  test("un service remplacé, de la question à l'annulation", { timeout: 120_000 }, async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/structures/1/services/remplacer?service=2`);
    await page.getByRole("button", { name: "Continuer" }).click();
    await inspect(page, "remplacement refusé");
    await page
      .getByLabel("Service qui prend leur place")
      .selectOption({ label: "URBANISME – Urbanisme et voirie" });
    for (const [at, done] of [
      ["01/01/2090", "Renoncer à ce remplacement"],
      ["", "Annuler ce remplacement"],
    ] as const) {
      await page.goto(`${portal.url}/organisation/structures/1/services/remplacer?service=2`);
      await page
        .getByLabel("Service qui prend leur place")
        .selectOption({ label: "URBANISME – Urbanisme et voirie" });
      await page.getByLabel("Date du remplacement").fill(at);
      await page.getByRole("button", { name: "Continuer" }).click();
      await inspect(page, `remplacement à confirmer ${at}`);
      await page
        .getByRole("button", { name: at ? "Prévoir ce remplacement" : "Remplacer maintenant" })
        .click();
      await inspect(page, `remplacement ${at ? "prévu" : "fait"}`);
      const sheet = page.url();
      const seen = ["/organisation/structures/1/services/2", "/annuaire/1"];
      if (!at) seen.push("/organisation/structures/1/services/3", "/organisation/services?structureId=1");
      for (const path of seen) {
        await page.goto(`${portal.url}${path}`);
        await inspect(page, `remplacement ${at ? "prévu" : "fait"} ${path}`);
      }
      await page.goto(sheet);
      await page.getByRole("button", { name: done }).click();
      await inspect(page, `remplacement ${at ? "abandonné" : "annulé"}`);
    }
    await context.close();
  });

  test("une revue des rattachements en cours", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/revue?structureId=1`);
    if (await page.getByLabel("Répondre avant le").isVisible()) {
      await page
        .getByLabel("Répondre avant le")
        .fill(new Date(Date.now() + 20 * 24 * 3_600_000).toLocaleDateString("fr-FR"));
      await page.getByRole("button", { name: "Commencer la revue" }).click();
    }
    await page.getByLabel("Réponse pour Hugo Lemaire").waitFor();
    await inspect(page, "revue en cours");
    await context.close();
  });

  test("une structure à vérifier, le code envoyé", async () => {
    const { context, page } = await signedIn("odile.marchand@eaux-val-fleuri.example");
    await page.goto(`${portal.url}/organisation/structures/4`);
    await page.getByRole("link", { name: "Prouver que j'agis pour cette structure" }).click();
    await inspect(page, "preuve à demander");
    await page.getByRole("button", { name: /^Envoyer/ }).click();
    await page.getByLabel("Code reçu").fill("00000-00000");
    await page.getByRole("button", { name: "Vérifier la structure" }).click();
    await page.getByRole("link", { name: /^Ce n'est pas le code reçu/ }).waitFor();
    await inspect(page, "preuve refusée");
    await context.close();
  });

  test("une structure du répertoire, à choisir puis à vérifier", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/structures/nouvelle`);
    await page.getByRole("textbox", { name: /^Identifiant/ }).fill("999 500 101");
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Quel établissement ?").waitFor();
    await inspect(page, "établissements");
    await page.getByLabel("999 500 101 00020").check();
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Est-ce bien cette structure ?").waitFor();
    await inspect(page, "structure à vérifier");
    await context.close();
  });

  test("un changement d'identifiant, de la demande à l'annuaire", { timeout: 120_000 }, async () => {
    const [network] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Clair Réseau SAS'",
    );
    const sheet = `${portal.url}/organisation/structures/${network!.id}`;
    const { context, page } = await signedIn("jeanne.caron@clair-reseau.example");
    await page.goto(`${sheet}/changer-identifiant`);
    await inspect(page, "identifiant à changer");
    const ask = async (date: string) => {
      await page.goto(`${sheet}/changer-identifiant`);
      await page.getByLabel("Nouvel identifiant").fill("99920022300025");
      await page.getByLabel("Date d'effet").fill(date);
      await page.getByRole("button", { name: "Continuer" }).click();
    };
    await ask(new Date(Date.now() + 30 * 24 * 3_600_000).toLocaleDateString("fr-FR"));
    await page.getByText("Ce qui est copié").waitFor();
    await inspect(page, "identifiant à confirmer");
    await page.getByRole("button", { name: "Prévoir le changement" }).click();
    await page.getByText("Changement d'identifiant prévu").waitFor();
    await inspect(page, "identifiant prévu");
    await page.getByRole("button", { name: "Annuler le changement prévu" }).click();
    await ask("");
    await page.getByRole("button", { name: "Changer l'identifiant" }).click();
    await page.getByRole("link", { name: "Défaire le changement" }).click();
    await inspect(page, "identifiant à défaire");
    await page.getByRole("button", { name: "Défaire le changement" }).click();
    await page.getByText("est défait").waitFor();
    await context.close();
  });

  test("une coordonnée bancaire à confirmer, puis bloquée", { timeout: 120_000 }, async () => {
    await portal.query(
      `update membership set role = 'mainManager' where structure_id = 1
         and account_id = (select id from account where sign_in_email = 'paul.durand@sainte-aurore.example')`,
    );
    const claire = await signedIn("claire.morel@sainte-aurore.example");
    await claire.page.goto(
      `${portal.url}/organisation/coordonnees-bancaires/nouvelle?structureId=1&remplace=1`,
    );
    await claire.page.getByLabel("Nom de la coordonnée bancaire").fill("Compte à confirmer");
    await claire.page.getByLabel("Titulaire du compte").fill("Jean Fourbe");
    await claire.page.getByLabel("IBAN").fill("FR14 2004 1010 0505 0001 3M02 606");
    await claire.page.getByRole("button", { name: "Soumettre" }).click();
    await claire.page.getByText("En attente de confirmation").waitFor();
    await inspect(claire.page, "coordonnée en attente");
    await claire.page.getByRole("link", { name: "Vérifier, puis confirmer ou bloquer" }).click();
    await inspect(claire.page, "coordonnée à confirmer par une autre");
    const address = claire.page.url();
    await claire.context.close();
    const paul = await signedIn("paul.durand@sainte-aurore.example");
    await paul.page.goto(address);
    await inspect(paul.page, "coordonnée à confirmer");
    await paul.page.getByRole("link", { name: "Ce n'est pas nous : bloquer" }).click();
    await paul.page.getByRole("button", { name: "Bloquer cette coordonnée" }).click();
    await paul.page.getByText("Bloquée par Paul Durand").waitFor();
    await inspect(paul.page, "coordonnée bloquée");
    await paul.page.goto(`${portal.url}/organisation/coordonnees-bancaires?structureId=1`);
    await inspect(paul.page, "coordonnées dans tous les états");
    await paul.context.close();
    await portal.query(
      `update membership set role = 'member' where structure_id = 1
         and account_id = (select id from account where sign_in_email = 'paul.durand@sainte-aurore.example')`,
    );
    const operator = await signedIn(OPERATOR);
    await operator.page.goto(`${portal.url}/operateur/coordonnees-bancaires`);
    await inspect(operator.page, "coordonnées à surveiller");
    await operator.context.close();
  });

  test("une fiche modifiée entre-temps par une autre, les deux versions côte à côte", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/structures/1/modifier`);
    await portal.query(
      "update structure set version = version + 1, town = 'Sainte-Aurore-le-Haut' where id = 1",
    );
    await page.getByLabel("Téléphone").fill("02 38 00 00 01");
    await page.getByRole("button", { name: "Soumettre" }).click();
    await page.getByText("Ce qui diffère").waitFor();
    await inspect(page, "fiche modifiée entre-temps");
    await context.close();
    await portal.query("update structure set town = 'Sainte-Aurore' where id = 1");
  });

  test("une structure du répertoire, à mettre à jour ligne par ligne", async () => {
    const { context, page } = await signedIn("emile.tessier@atelier-demo.example");
    const [workshop] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Atelier Démo'",
    );
    const sheet = `${portal.url}/organisation/structures/${workshop!.id}`;
    await page.goto(`${sheet}/repertoire`);
    await page.getByText("Ce que le répertoire changerait").waitFor();
    await inspect(page, "répertoire à appliquer");
    await page.getByRole("button", { name: "Appliquer" }).click();
    await page.goto(`${sheet}/modifier`);
    await inspect(page, "fiche tenue par le répertoire");
    await context.close();
  });

  test("la réponse à une liste d'identifiants", async () => {
    const [town] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where id = 1",
    );
    const page = await chromium.newPage();
    await page.goto(`${portal.url}/annuaire/verifier`);
    await page.getByLabel("Identifiants").fill(`${town!.siret}\n57210489100013\n12345\n5,72E+13`);
    await page.getByRole("button", { name: "Vérifier" }).click();
    await page.getByText("La réponse de l'annuaire").waitFor();
    await inspect(page, "liste vérifiée");
    await page.close();
  });

  test("un import analysé, puis en cours", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/imports/services?structureId=1`);
    const lines = ["code;libelle;debut;fin", "IMP_1;Voirie;01/01/2026;", ";Sans code;;", "ECOLES;Écoles;;"];
    await page.getByLabel("Fichier CSV ou Excel").setInputFiles({
      name: "services.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(lines.join("\n")),
    });
    await page.getByRole("button", { name: "Analyser le fichier" }).click();
    await page.getByText("Indiquez le code du service.").waitFor();
    await inspect(page, "import analysé");
    await page.getByRole("button", { name: "Appliquer" }).click();
    await page.getByText("Import en cours").waitFor();
    await inspect(page, "import en cours");
    await context.close();
  });

  test("l'annuaire importé par l'opérateur : le départ, puis ce qui sera fait", async () => {
    const [town] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where id = 1",
    );
    const { context, page } = await signedIn(OPERATOR);
    await page.goto(`${portal.url}/operateur`);
    await inspect(page, "opérateur");
    await page.getByRole("link", { name: "Importer des structures" }).click();
    await inspect(page, "import de structures");
    const lines = [
      "Identifiant;RaisonSociale;StructureActive;Ville",
      `${town!.siret};Sainte-Aurore;0;Aurore`,
      "73282932000074;Syndicat d'Exemple;1;Nantes",
      "12345;Trop court;1;Nantes",
    ];
    await page.getByLabel("Fichier CSV ou Excel").setInputFiles({
      name: "structures.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(lines.join("\n")),
    });
    await page.getByRole("button", { name: "Analyser le fichier" }).click();
    await page.getByText("Analyse en cours").first().waitFor();
    await inspect(page, "import de structures en cours d'analyse");
    await portal.runJob("judge-import", { importId: Number(/(\d+)$/.exec(page.url())![1]) });
    await page.reload();
    await page.getByLabel("Ce fichier ferme plus de 5 %").waitFor();
    await inspect(page, "import de structures analysé");
    await context.close();
  });

  test("la double authentification, de sa mise en place à la connexion", async () => {
    const { context, page } = await signedIn("jeanne.caron@clair-reseau.example");
    const settings = `${portal.url}/mon-compte/double-authentification`;
    await page.goto(`${settings}/application`);
    const key = (await page.locator("main .u-code").textContent())!.replaceAll(" ", "");
    await page.getByLabel("Code à six chiffres").fill(codeOf(portal, key));
    await page.getByRole("button", { name: "Confirmer" }).click();
    await page.getByRole("link", { name: "Je les ai gardés" }).waitFor();
    await inspect(page, "codes-de-secours");
    await page.getByRole("link", { name: "Je les ai gardés" }).click();
    await inspect(page, "double-authentification-en-place");
    await page.getByRole("link", { name: "Retirer Application d'authentification" }).click();
    await inspect(page, "double-authentification-retirer");
    await context.clearCookies();
    await page.goto(`${portal.url}/connexion`);
    await page.getByLabel("Adresse électronique").fill("jeanne.caron@clair-reseau.example");
    await page.getByLabel("Mot de passe").fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByLabel("Ne plus demander de code").check();
    await inspect(page, "seconde-etape");
    await context.close();
  });

  test("l'inscription, étape par étape, jusqu'au choix du mot de passe", async () => {
    const page = await chromium.newPage();
    await page.goto(`${portal.url}/compte/creer`);
    await page.getByRole("button", { name: "Continuer" }).click();
    await inspect(page, "inscription refusée");
    await page.getByLabel("Adresse électronique de connexion").fill("accueil@exemple.example");
    await page.getByLabel("Confirmation de l'adresse").fill("accueil@exemple.example");
    await page.getByLabel("Prénom").fill("Camille");
    await page.getByRole("textbox", { name: /^Nom/ }).fill("Exemple");
    await page.getByLabel("J'accepte").check();
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Étape 2 sur 4").waitFor();
    await inspect(page, "inscription, structure");
    const [town] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where id = 1",
    );
    await page.getByRole("textbox", { name: /^Identifiant/ }).fill(town!.siret);
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Cette structure existe déjà").waitFor();
    await inspect(page, "inscription, structure connue");
    await page.getByRole("button", { name: "Changer d'identifiant" }).click();
    await page.getByRole("button", { name: "Je le ferai plus tard" }).click();
    await inspect(page, "inscription, vérification");
    await page.getByRole("button", { name: "Créer mon compte" }).click();
    await page.getByText("Étape 4 sur 4").waitFor();
    await page.getByRole("button", { name: "Renvoyer le message" }).click();
    await page.getByText("Message déjà envoyé").waitFor();
    await inspect(page, "inscription, message envoyé");
    const [mail] = await portal.mailsTo("accueil@exemple.example");
    await page.goto(new URL(portal.linkIn(mail!), portal.url).href);
    await page.getByRole("button", { name: "Activer mon compte" }).click();
    await page.getByText("trop court").first().waitFor();
    await inspect(page, "activation refusée");
    for (const name of ["newPassword", "newPasswordAgain"])
      await page.locator(`[name=${name}]`).fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Activer mon compte" }).click();
    await page.getByText("Votre compte est activé.").waitFor();
    await inspect(page, "compte activé");
    await page.close();
  });

  test("une demande en attente, à relancer", async () => {
    const { context, page } = await signedIn("samuel.roche@mairie-voisine.example");
    await inspect(page, "bienvenue, demande en attente");
    await page.goto(`${portal.url}/mes-rattachements`);
    await inspect(page, "mes rattachements, demande en attente");
    await page
      .getByRole("link", { name: /^Leur écrire/ })
      .first()
      .click();
    await inspect(page, "relancer");
    await context.close();
  });

  test("un formulaire refusé reste accessible, et son titre dit l'erreur", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/services/nouveau`);
    await page.getByRole("button", { name: "Soumettre" }).click();
    expect(await page.title()).toMatch(/^Erreur : /);
    await inspect(page, "erreur");
    await page.getByRole("link", { name: "Renseignez « Code de service »." }).click();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("code");
    await context.close();
  });
});
