import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspect, type LookedAt, startLooking } from "../support/pages.ts";

let looked: LookedAt;
let portal: LookedAt["portal"];
let signedIn: LookedAt["signedIn"];
beforeAll(async () => {
  looked = await startLooking();
  ({ portal, signedIn } = looked);
});
afterAll(() => looked?.close());

const managerPages = [
  "/",
  "/bienvenue",
  "/bienvenue/invitation",
  "/bienvenue/adresse",
  "/mon-compte",
  "/mon-compte/identite",
  "/mon-compte/coordonnees",
  "/mon-compte/contact",
  "/mon-compte/mot-de-passe",
  "/mon-compte/adresse",
  "/mon-compte/desactiver",
  "/mon-compte/fermer",
  "/mon-compte/identite-federee",
  "/mon-compte/double-authentification",
  "/mon-compte/double-authentification/application",
  "/mon-compte/double-authentification/cle",
  "/mes-rattachements",
  "/mes-rattachements/demander",
  "/mes-demandes",
  "/mon-historique",
  "/mes-habilitations",
  "/mes-habilitations?structureId=1",
  "/mes-habilitations/demander?structureId=1",
  "/mes-habilitations/demandes",
  "/notifications",
  "/mon-compte/notifications",
  "/organisation/structures",
  "/organisation/structures/nouvelle",
  "/organisation/structures/1",
  "/organisation/structures/1/modifier",
  "/organisation/structures/1/facturation",
  "/organisation/structures/1/desactiver",
  "/organisation/structures/1/repertoire",
  "/organisation/structures/1/securite",
  "/organisation/structures/1/domaines",
  "/organisation/structures/1/domaines/1",
  "/organisation/structures/1/exporter",
  "/organisation/services",
  "/organisation/services/nouveau",
  "/organisation/imports?structureId=1",
  "/organisation/imports/services?structureId=1",
  "/organisation/imports/rattachements?structureId=1",
  "/organisation/structures/1/services/2",
  "/organisation/structures/1/services/2/modifier",
  "/organisation/structures/1/services/5",
  "/organisation/structures/1/services/5/modifier",
  "/organisation/structures/1/services/5/supprimer",
  "/organisation/structures/1/services/6",
  "/organisation/structures/1/services/6/activer",
  "/organisation/structures/1/services/remplacer",
  "/organisation/coordonnees-bancaires",
  "/organisation/coordonnees-bancaires?structureId=1",
  "/organisation/coordonnees-bancaires/nouvelle",
  "/organisation/structures/1/coordonnees-bancaires/1",
  "/organisation/structures/1/coordonnees-bancaires/1/modifier",
  "/organisation/structures/1/coordonnees-bancaires/1/desactiver",
  "/organisation/structures/1/coordonnees-bancaires/1/bloquer",
  "/organisation/coordonnees-bancaires/nouvelle?structureId=1&remplace=1",
  "/organisation/utilisateurs",
  "/organisation/utilisateurs?structureId=1",
  "/organisation/utilisateurs?structureId=1&etat=parti",
  "/organisation/utilisateurs/rattacher",
  "/organisation/utilisateurs/selection?structureId=1&acte=suspendre&qui=3&qui=4",
  "/organisation/utilisateurs/selection?structureId=1&acte=fin&qui=3&qui=4",
  "/organisation/utilisateurs/selection?structureId=1&acte=copier&qui=3&de=hugo.lemaire@sainte-aurore.example&mode=replace",
  "/organisation/structures/1/utilisateurs/3",
  "/organisation/utilisateurs/copier?structureId=1&de=3",
  "/organisation/structures/1/utilisateurs/4",
  "/organisation/structures/1/utilisateurs/3/habilitations?service=2",
  "/organisation/habilitations?structureId=1",
  "/organisation/habilitations?structureId=1&vue=personne",
  "/organisation/habilitations?structureId=1&vue=service&service=2",
  "/organisation/gestionnaires?structureId=1",
  "/organisation/gestionnaires/designer?structureId=1&qui=3",
  "/organisation/gestionnaires/transmettre?structureId=1",
  "/organisation/structures/1/utilisateurs/3/detacher",
  "/organisation/ensembles-de-droits?structureId=1",
  "/organisation/structures/1/ensembles-de-droits/nouveau",
  "/organisation/structures/1/ensembles-de-droits/comptable",
  "/organisation/revue?structureId=1",
  "/organisation/demandes",
  "/organisation/demandes/1?structureId=1",
  "/organisation/demandes/repondre?demande=1&reponse=valider",
  "/organisation/demandes/repondre?demande=1&reponse=refuser",
  "/mes-rattachements/1/je-ne-la-connais-pas",
  "/organisation/demandes/habilitations",
  "/organisation/demandes/habilitations/repondre?demande=1&reponse=valider",
  "/organisation/demandes/habilitations/repondre?demande=1&reponse=refuser",
  "/organisation/structures/1/demandes-d-habilitation/1",
  "/organisation/historique",
  "/organisation/historique?structureId=1&famille=rattachement",
  "/mes-rattachements/1/quitter",
  "/organisation/reprise",
  "/organisation/structures/1/reprise",
  "/annuaire/1/signaler",
];

describe("Chaque page est accessible, valide, et tient dans son écran", () => {
  test("pages d'une gestionnaire", { timeout: 360_000 }, async () => {
    await portal.query(
      `insert into email_domain (structure_id, domain, dns_token, added_at, proved_at, proved_by) values
         (1, 'ville-aurore.fr', '0f4c1d9b2a7e4c5d8b6a3f2e1d0c9b8a', now(), null, null), (1, 'sainte-aurore.example', 'x', now(), now(), 'dns')`,
    );
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    for (const path of managerPages) {
      const answer = await page.goto(`${portal.url}${path}`);
      expect(answer!.status(), path).toBe(200);
      await inspect(page, path);
    }
    await context.close();
  });
});
