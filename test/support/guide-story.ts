import type { Browser as Chromium, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { PASSWORD } from "./people.ts";
import { startPortal, type TestPortal } from "./portal.ts";

const TOWN = "Ville d'Exemple";
const TOWN_SIRET = "57210489100013";
const people = {
  claire: { email: "claire@ville.fr", firstName: "Claire", lastName: "Morel" },
  odile: { email: "operateur@exemple.fr", firstName: "Odile", lastName: "Régie" },
  paul: { email: "paul@ville.fr", firstName: "Paul", lastName: "Durand" },
  ines: { email: "ines@ville.fr", firstName: "Inès", lastName: "Benali" },
  samuel: { email: "samuel@ville.fr", firstName: "Samuel", lastName: "Roche" },
  zoe: { email: "zoe@ville.fr", firstName: "Zoé", lastName: "Blanc" },
} as const;
type Name = keyof typeof people;

/**
 * The story of the guide, declared as tests: each person in a real browser of her own, doing all by labels, links and
 * buttons, as a hand does. Source: guide, 1 to 3.4.
 */
export function tellTheGuide({ javaScriptEnabled }: { javaScriptEnabled: boolean }): void {
  describe(`Le guide, dans un vrai navigateur ${javaScriptEnabled ? "avec" : "sans"} JavaScript`, () => {
    let chromium: Chromium;
    let portal: TestPortal;
    const pages = new Map<Name, Page>();
    beforeAll(async () => {
      portal = await startPortal({ UNISSON_OPERATORS: people.odile.email });
      chromium = await launchChromium();
    });
    afterAll(async () => {
      await chromium?.close();
      await portal?.close();
    });

    /** A person's own browser, opened at the home of the portal. */
    async function sitDown(name: Name): Promise<Page> {
      const context = await chromium.newContext({ javaScriptEnabled, locale: "fr-FR" });
      const page = await context.newPage();
      page.setDefaultTimeout(8_000);
      pages.set(name, page);
      await page.goto(portal.url);
      return page;
    }
    const main = (page: Page) => page.getByRole("main");
    const at = (name: Name): Page => pages.get(name)!;
    const press = (page: Page, button: string) =>
      page.getByRole("button", { name: button, exact: true }).click();
    const follow = (page: Page, link: string) =>
      page.getByRole("link", { name: link, exact: true }).first().click();
    const read = (page: Page, words: string | RegExp) => main(page).getByText(words).first().waitFor();
    const openMail = async (page: Page, address: string, mail: string) =>
      page.goto(
        portal.url + portal.linkIn((await portal.mailsTo(address)).findLast((one) => one.name === mail)!),
      );

    async function signIn(name: Name): Promise<Page> {
      const page = pages.get(name) ?? (await sitDown(name));
      await page.goto(`${portal.url}/connexion`);
      await main(page).getByLabel("Adresse électronique").fill(people[name].email);
      await main(page).getByLabel("Mot de passe").fill(PASSWORD);
      await press(page, "Se connecter");
      await page.waitForURL((url) => url.pathname !== "/connexion");
      return page;
    }

    /** The first two steps: who one is, and for whom one works; `structure` says what to do of the second. */
    async function createAccount(name: Name, structure: (page: Page) => Promise<void>): Promise<Page> {
      const { email, firstName, lastName } = people[name];
      const page = await sitDown(name);
      await follow(page, "Créer un compte");
      await main(page).getByLabel("Adresse électronique de connexion").fill(email);
      await main(page).getByLabel("Confirmation de l'adresse").fill(email);
      await main(page).getByLabel("Prénom").fill(firstName);
      await main(page)
        .getByLabel(/^Nom\s/)
        .fill(lastName);
      await main(page).getByLabel("J'accepte").check();
      await press(page, "Continuer");
      await structure(page);
      await read(page, "Vérifiez votre demande");
      await press(page, "Créer mon compte");
      await read(page, "Ouvrez le message");
      await openMail(page, email, "activation-link");
      await main(page)
        .getByLabel(/^(Nouveau m|M)ot de passe\s/)
        .fill(PASSWORD);
      await main(page).getByLabel("Confirmation").fill(PASSWORD);
      await press(page, "Activer mon compte");
      await read(page, "Votre compte est activé");
      return page;
    }
    const later = (page: Page) => press(page, "Je le ferai plus tard");

    test("3.1 Quatre étapes : ses informations, sa structure, la validation, le lien d'activation", async () => {
      const page = await createAccount("claire", async (page) => {
        await main(page)
          .getByLabel(/^Identifiant\s/)
          .fill("572 104 891 00013");
        await press(page, "Continuer");
        await main(page).getByLabel("Raison sociale").fill(TOWN);
        await main(page)
          .getByLabel(/^Adresse\s/)
          .fill("1 place de la Mairie");
        await main(page).getByLabel("Code postal").fill("75004");
        await main(page).getByLabel("Ville").fill("Paris");
        await main(page)
          .getByLabel(/^Publique/)
          .check();
        await press(page, "Continuer");
      });
      await read(page, `Vous êtes gestionnaire principal de ${TOWN}.`);
    });

    test("Une structure publique attend d'être vérifiée : l'opérateur la confirme", async () => {
      const page = await createAccount("odile", later);
      await page.goto(`${portal.url}/operateur`);
      await follow(page, "Structures à vérifier");
      await press(page, `Confirmer ${TOWN}`);
      await read(page, "La structure est vérifiée.");
    });

    test("2 Créer le service FI_SGPI", async () => {
      const page = at("claire");
      await page.goto(portal.url);
      await follow(page, "Organisation");
      await follow(page, "Créer un service");
      await read(page, TOWN);
      await main(page).getByLabel("Code de service").fill("FI_SGPI");
      await main(page).getByLabel("Libellé du service").fill("Service financier SGPI");
      await main(page).getByLabel("Date de début d'activation").fill("10/03/2022 15:01:32");
      await main(page).getByLabel("Le numéro d'engagement est obligatoire").check();
      await press(page, "Soumettre");
      await read(page, "L'envoi des données pour « Créer un service » a bien été effectuée");
    });

    test("3.3 Rattacher à la maille structure une personne qui a un compte : elle travaille aussitôt", async () => {
      const paul = await createAccount("paul", later);
      const page = at("claire");
      await page.goto(`${portal.url}/organisation`);
      await follow(page, "Rattacher un utilisateur");
      await main(page)
        .getByLabel("Adresse électronique de l'utilisateur à rattacher")
        .fill(people.paul.email);
      await main(page).getByLabel("Maille structure").check();
      await main(page)
        .getByLabel(/Peut accepter/)
        .check();
      await press(page, "Soumettre");
      await read(page, `${people.paul.email} recevra un message.`);
      await paul.goto(`${portal.url}/organisation`);
      await follow(paul, "Gérer un service");
      await read(paul, "FI_SGPI");
    });

    test("3.3 Rattacher à la maille service une adresse inconnue : invitée, elle arrive dans son service", async () => {
      const page = at("claire");
      await page.goto(`${portal.url}/organisation`);
      await follow(page, "Rattacher un utilisateur");
      await main(page)
        .getByLabel("Adresse électronique de l'utilisateur à rattacher")
        .fill(people.ines.email);
      await main(page).getByLabel("Maille service").check();
      await main(page).getByLabel("FI_SGPI – Service financier SGPI").check();
      await press(page, "Soumettre");
      await read(page, `${people.ines.email} recevra un message.`);
      const ines = await createAccount("ines", later);
      await read(ines, `Vous êtes rattaché à ${TOWN}.`);
    });

    test("Demander, être refusé, corriger, être accepté avec moins que demandé", async () => {
      const samuel = await createAccount("samuel", async (page) => {
        await main(page)
          .getByLabel(/^Identifiant\s/)
          .fill(TOWN_SIRET);
        await press(page, "Continuer");
        await read(page, /existe déjà/);
        await press(page, "Continuer");
      });
      await read(samuel, `Votre demande de rattachement à ${TOWN} est envoyée`);

      const page = at("claire");
      await page.goto(`${portal.url}/organisation`);
      await follow(page, "Demandes de rattachement");
      await follow(page, "Samuel Roche");
      await main(page).getByLabel("Autre motif").check();
      await main(page).getByLabel("Précision").fill("Qui êtes-vous ?");
      await press(page, "Refuser la demande");
      await read(page, "La demande de Samuel Roche est refusée.");

      await samuel.goto(`${portal.url}/mes-demandes`);
      await read(samuel, "Qui êtes-vous ?");
      await follow(samuel, `Corriger et renvoyer ma demande pour ${TOWN}`);
      await main(samuel).getByLabel("Message").fill("Le nouveau comptable, arrivé lundi.");
      await press(samuel, "Envoyer la demande");

      await page.goto(`${portal.url}/organisation/demandes`);
      await follow(page, "Samuel Roche");
      await read(page, "Le nouveau comptable, arrivé lundi.");
      await main(page).getByLabel("Maille structure").check();
      await main(page).getByLabel("Droits", { exact: true }).selectOption("lecture-seule");
      await main(page)
        .getByLabel(/Peut accepter/)
        .uncheck();
      await press(page, "Valider la demande");
      await read(page, "Samuel Roche est rattaché à la structure.");
      await samuel.goto(`${portal.url}/mes-habilitations`);
      await read(samuel, "Consultation");
      expect(await samuel.getByText("Modification,").count()).toBe(0);
    });

    test("3.4 Retirer le droit d'accepter : la réponse suivante est refusée, page ouverte comprise", async () => {
      await createAccount("zoe", async (page) => {
        await main(page)
          .getByLabel(/^Identifiant\s/)
          .fill(TOWN_SIRET);
        await press(page, "Continuer");
        await read(page, /existe déjà/);
        await press(page, "Continuer");
      });
      const paul = at("paul");
      await paul.goto(`${portal.url}/organisation/demandes`);
      await follow(paul, "Zoé Blanc");

      const page = at("claire");
      await page.goto(`${portal.url}/organisation/utilisateurs`);
      await follow(page, "Durand Paul");
      await follow(page, "Modifier ses habilitations");
      await main(page)
        .getByLabel(/Accepter des rattachements/)
        .selectOption("none");
      await press(page, "Soumettre");
      await read(page, "Les droits de Paul Durand sont changés.");

      await press(paul, "Valider la demande");
      await read(paul, /habilitation/i);
      await page.goto(`${portal.url}/organisation/demandes`);
      await read(page, "Zoé Blanc");
    });

    test("Revoir les rattachements : garder l'un, mettre fin à l'autre", async () => {
      const page = at("claire");
      await page.goto(`${portal.url}/organisation`);
      await follow(page, "Revue des rattachements");
      const due = new Date(Date.now() + 20 * 24 * 3_600_000);
      await main(page)
        .getByLabel("Répondre avant le")
        .fill(new Intl.DateTimeFormat("fr-FR", { dateStyle: "short", timeZone: "Europe/Paris" }).format(due));
      await press(page, "Commencer la revue");
      await read(page, "La revue des rattachements est commencée.");
      await main(page).getByLabel("Réponse pour Paul Durand").selectOption("keep");
      await main(page).getByLabel("Réponse pour Inès Benali").selectOption("end");
      await press(page, "Enregistrer les réponses");
      await read(page, "Réponses enregistrées : 2.");
      const ines = at("ines");
      await ines.goto(`${portal.url}/mes-rattachements`);
      expect(await main(ines).getByText(TOWN).count()).toBe(0);
    });

    test("Transmettre son rôle : l'autre accepte, et l'on quitte la structure", async () => {
      const page = at("claire");
      await page.goto(`${portal.url}/organisation`);
      await follow(page, "Gestionnaires principaux");
      await follow(page, "Transmettre mon rôle");
      await main(page).getByLabel("Adresse électronique de la personne").fill(people.paul.email);
      await main(page)
        .getByLabel(/quitte/)
        .check();
      await press(page, "Proposer ma suite");
      await read(page, "La proposition est envoyée à Paul Durand.");
      const paul = at("paul");
      await paul.goto(portal.url);
      await follow(paul, `On vous propose de gérer ${TOWN}`);
      await press(paul, `Accepter de gérer ${TOWN}`);
      await read(paul, `Vous êtes gestionnaire principal de ${TOWN}.`);
      await page.goto(`${portal.url}/mes-rattachements`);
      expect(await main(page).getByText(TOWN).count()).toBe(0);
    });

    test("Reprendre une structure dont le gestionnaire ne répond plus : sept jours, puis l'opérateur", async () => {
      const samuel = at("samuel");
      await samuel.goto(`${portal.url}/organisation`);
      await follow(samuel, "Reprendre une structure");
      await main(samuel).getByLabel("Identifiant de la structure").fill(TOWN_SIRET);
      await main(samuel).getByLabel("Justification").fill("Décision du conseil municipal du 2 mars.");
      await press(samuel, "Envoyer la demande");
      await read(samuel, "Votre demande de reprise est envoyée");
      portal.advance({ days: 7 });
      const operator = await signIn("odile");
      await operator.goto(`${portal.url}/operateur`);
      await follow(operator, "Reprises à décider");
      await press(operator, "Accepter la reprise par Samuel Roche");
      await read(operator, `La reprise de ${TOWN} est acceptée`);
      await signIn("samuel");
      await samuel.goto(`${portal.url}/mes-rattachements`);
      await read(samuel, "Gestionnaire principal");
    });
  });
}
