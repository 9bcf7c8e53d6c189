import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { attach, signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());
const signIn = (email: string): Promise<Browser> => signInWith(portal, email, DEMO_PASSWORD);
const claire = () => signIn("claire.morel@sainte-aurore.example");
const lines = async (browser: Browser, path: string) =>
  (await (await browser.request(path)).text()).replace("\ufeff", "").trim().split("\r\n");

describe("Gérer un service : chercher, filtrer, exporter", () => {
  test("par mots sans accents, par état ; les filtres restent dans l'adresse et dans le fichier", async () => {
    const browser = await claire();
    await browser.open(`/organisation/services?structureId=${TOWN}&q=mediatheque`);
    expect(browser.text).toContain("Culture et médiathèque");
    expect(browser.text).not.toContain("Urbanisme");
    await browser.open(`/organisation/services?structureId=${TOWN}&etat=ended`);
    expect(browser.text).toContain("SPORTS");
    expect(browser.text).not.toContain("URBANISME");
    const file = browser.answer!.page.querySelector('a[href*="services.csv"]')!.getAttribute("href")!;
    const [titles, ...rows] = await lines(browser, file.replaceAll("&amp;", "&"));
    expect(titles).toBe(
      "Code;Libellé;Description;Début;Fin;Engagement obligatoire;État;Personnes;Service successeur",
    );
    expect(rows.map((row) => row.split(";")[0])).toEqual(["SPORTS"]);
  });

  test("le fichier exporté se réimporte tel quel : rien à faire", async () => {
    const browser = await claire();
    const file = await (
      await browser.request(`/organisation/services.csv?structureId=${TOWN}`)
    ).arrayBuffer();
    await browser.open(`/organisation/imports/services?structureId=${TOWN}`);
    await browser.send(
      { file: new File([file], "services.csv") },
      { form: 'main form[enctype="multipart/form-data"]' },
    );
    expect(browser.text).toContain("Il n'y a rien à faire.");
    expect(browser.text).not.toContain("Refusées");
  });

  test("la fiche d'un service dit qui y travaille et ce qui lui est arrivé", async () => {
    const browser = await claire();
    const [{ id }] = (await portal.query<{ id: number }>(
      `select v.id from service v join membership_service ms on ms.service_id = v.id
       where v.structure_id = $1 and v.code = 'URBANISME' union all
       select ms.service_id from membership_service ms where ms.structure_id = $1 limit 1`,
      [TOWN],
    )) as [{ id: number }];
    await browser.open(`/organisation/structures/${TOWN}/services/${id}/modifier`);
    await browser.send({ label: "Un autre libellé" });
    await browser.open(`/organisation/structures/${TOWN}/services/${id}`);
    expect(browser.text).toContain("Personnes rattachées à ce service");
    expect(browser.text).toContain("Claire Morel a modifié le service");
  });
});

/** The heads of the rows of the list shown. */
const heads = (browser: Browser) =>
  browser.answer!.page.querySelectorAll("main tbody th").map((one) => one.textContent.trim());
const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

describe("Trier une liste", () => {
  test("les services par chaque colonne, dans les deux sens ; le titre de la colonne le dit et retourne l'ordre", async () => {
    const browser = await claire();
    await browser.open(`/organisation/services?structureId=${TOWN}`);
    const byCode = heads(browser);
    expect(byCode).toEqual(
      [...byCode].sort((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1)),
    );
    const title = (name: string) => browser.answer!.page.querySelector(`main thead th[abbr="${name}"]`)!;
    expect(title("Code").getAttribute("aria-sort")).toBe("ascending");
    await browser.click("Code");
    expect(heads(browser)).toEqual([...byCode].reverse());
    expect(title("Code").getAttribute("aria-sort")).toBe("descending");
    await browser.click("Libellé");
    const labels = browser
      .answer!.page.querySelectorAll('main td[data-label="Libellé"]')
      .map((one) => folded(one.textContent));
    expect(labels).toEqual([...labels].sort());
    await browser.open(`/organisation/services?structureId=${TOWN}&tri=-fin`);
    const ends = browser
      .answer!.page.querySelectorAll('main td[data-label="Fin"]')
      .map((one) => one.textContent.trim());
    const closed = ends.findIndex((one) => one !== "—");
    expect(closed).toBeGreaterThan(0);
    expect(ends.slice(closed)).not.toContain("—");
    await browser.open(`/organisation/services?structureId=${TOWN}&tri=-libelle`);
    const file = browser.answer!.page.querySelector('a[href*="services.csv"]')!.getAttribute("href")!;
    const rows = await lines(browser, file.replaceAll("&amp;", "&"));
    expect(rows.slice(1).map((row) => row.split(";")[0])).toEqual(heads(browser));
  });

  test("page après page, chaque service et chaque personne passe une fois, dans tous les tris", async () => {
    await portal.query(
      `insert into service (structure_id, code, label, starts_at)
       select $1, 'TRI_' || n, 'Libellé ' || n % 7, now() - (n % 5) * interval '1 day' from generate_series(1, 130) n`,
      [HOSPITAL],
    );
    await portal.query(
      `with people as (
         insert into account (sign_in_email, sign_in_email_canonical, first_name, last_name, state, activated_at, terms_accepted_at, terms_version)
         select 'tri-' || n || '@exemple.fr', 'tri-' || n || '@exemple.fr', 'Camille', 'Même' || n % 3, 'active', now(), now(), '1'
         from generate_series(1, 130) n returning id)
       insert into membership (account_id, structure_id, role, scope, state, starts_at, origin)
       select id, $1, 'member', 'structure', 'active', now() - (id % 4) * interval '1 day', 'demo' from people`,
      [HOSPITAL],
    );
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    const all = async (path: string) => {
      const seen: string[] = [];
      for (await agathe.open(path); ; await agathe.click("Page suivante")) {
        seen.push(
          ...agathe.answer!.page.querySelectorAll("main tbody th a").map((one) => one.getAttribute("href")!),
        );
        if (!agathe.text.includes("Page suivante")) return seen;
      }
    };
    for (const [path, orders, table] of [
      [
        "services",
        ["code", "libelle", "debut", "fin"],
        "service where structure_id = 3 and deleted_at is null",
      ],
      [
        "utilisateurs",
        ["nom", "depuis", "fin", "connexion"],
        "membership where structure_id = 3 and state <> 'ended'",
      ],
    ] as const) {
      const [{ count }] = (await portal.query<{ count: number }>(
        `select count(*)::int as count from ${table}`,
      )) as [{ count: number }];
      for (const order of orders)
        for (const tri of [order, `-${order}`]) {
          const seen = await all(`/organisation/${path}?structureId=${HOSPITAL}&tri=${tri}`);
          expect(seen, tri).toHaveLength(count);
          expect(new Set(seen).size, tri).toBe(count);
        }
    }
  });

  test("un tri, une place ou un filtre que personne n'a écrits ne font rien de mal", async () => {
    const browser = await claire();
    for (const query of [
      "tri=mot_de_passe",
      "tri=code;drop table service",
      "apres=1",
      "apres=1~",
      "apres=999999999999999~zzz",
      "etat=inconnu&role=roi&service=999",
    ])
      for (const path of ["services", "utilisateurs", "historique"]) {
        const answer = await browser.open(`/organisation/${path}?structureId=${TOWN}&${encodeURI(query)}`);
        expect(answer.status, `${path} ${query}`).toBe(200);
      }
  });
});

describe("Gérer les utilisateurs : filtrer", () => {
  test("par rôle, par état, par service ; le tri garde les filtres", async () => {
    const browser = await claire();
    const base = `/organisation/utilisateurs?structureId=${TOWN}`;
    await browser.open(`${base}&role=gestionnaire`);
    expect(heads(browser).map((one) => one.split(" ")[0])).toEqual(["Morel"]);
    await browser.open(`${base}&etat=suspendu`);
    expect(browser.text).toContain("Petit Nora");
    expect(browser.text).not.toContain("Durand Paul");
    await browser.click("Depuis le");
    expect(browser.text).not.toContain("Durand Paul");
    const [{ id }] = (await portal.query<{ id: number }>(
      "select id from service where structure_id = $1 and code = 'FI_SGPI'",
      [TOWN],
    )) as [{ id: number }];
    await browser.open(`${base}&service=${id}`);
    expect(browser.text).toContain("Benali Inès");
    expect(browser.text).not.toContain("Durand Paul");
  });

  test("les invitations restent sous une liste triée, et s'effacent d'une liste filtrée", async () => {
    const browser = await claire();
    await attach(browser, TOWN, { email: "invitee@exemple.fr" });
    const base = `/organisation/utilisateurs?structureId=${TOWN}`;
    for (const [address, isShown] of [
      [base, true],
      [`${base}&q=&role=&etat=&tri=nom`, true],
      [`${base}&tri=-depuis`, true],
      [`${base}&q=durand`, false],
      [`${base}&role=utilisateur`, false],
    ] as const) {
      await browser.open(address);
      expect(browser.text.includes("Invitations en attente"), address).toBe(isShown);
    }
  });

  test("RIG-07 qui ne voit que les personnes de son service ne filtre pas sur un autre", async () => {
    const [other] = await portal.query<{ id: number }>(
      "select id from service where structure_id = $1 and code = 'URBANISME'",
      [TOWN],
    );
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, service_id, granted_at)
       select m.id, m.structure_id, 'users', 'read', ms.service_id, now() from membership m
         join account a on a.id = m.account_id join membership_service ms on ms.membership_id = m.id
       where a.sign_in_email like 'ines.benali@%' and m.structure_id = $1
       on conflict (membership_id, application, service_id) do nothing`,
      [TOWN],
    );
    const ines = await signIn("ines.benali@sainte-aurore.example");
    await ines.open(`/organisation/utilisateurs?structureId=${TOWN}`);
    const mine = heads(ines);
    expect(ines.text).not.toContain("URBANISME");
    await ines.open(`/organisation/utilisateurs?structureId=${TOWN}&service=${other!.id}`);
    expect(heads(ines)).toEqual(mine);
  });
});

describe("L'historique d'une structure", () => {
  test("se filtre par famille et par période ; une date fausse est dite", async () => {
    const browser = await claire();
    const base = `/organisation/historique?structureId=${TOWN}`;
    await browser.open(`${base}&famille=service`);
    expect(browser.text).toContain("a modifié le service");
    expect(browser.text).not.toContain("a exporté");
    await browser.open(`${base}&au=01/01/2020`);
    expect(browser.text).toContain("Aucune action ne correspond");
    await browser.open(`${base}&du=demain`);
    expect(browser.text).toContain("Cette date n'a pas été comprise");
    await browser.open(`${base}&q=modifié&famille=service`);
    expect(browser.text).toContain("a modifié le service");
    expect(browser.text).toMatch(/Voir ce qui a changé.*devient/);
    await browser.open(`${base}&famille=rattachement`);
    expect(browser.text).toContain("Claire Morel a invité invitee@exemple.fr");
    expect(browser.text).not.toContain("a modifié le service");
    for (const famille of ["demande", "habilitation", "gestionnaire", "reprise", "operateur", "inconnue"])
      expect((await browser.open(`${base}&famille=${famille}`)).status, famille).toBe(200);
  });

  test("s'exporte entier, sans tout tenir en mémoire, et l'export y est noté", async () => {
    await portal.query(
      `select journal_append(now(), 'ServiceChanged', $1::bigint, null, 'Essai', null, 'job', null, 'service', 1, 'X',
         'a fait l''action ' || n, null, null, null, null) from generate_series(1, 12000) n`,
      [TOWN],
    );
    const browser = await claire();
    const [, ...rows] = await lines(
      browser,
      `/organisation/historique.csv?structureId=${TOWN}&famille=service`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(12_000);
    expect(new Set(rows.map((row) => row.split(";")[0])).size).toBe(rows.length);
    await browser.open(`/organisation/historique?structureId=${TOWN}&famille=import-export`);
    expect(browser.text).toContain("Claire Morel a exporté l'historique des actions");
  });
});

describe("Exporter les utilisateurs et les demandes", () => {
  test("chaque droit dans sa colonne, avec ses services", async () => {
    const browser = await claire();
    const [titles, ...rows] = await lines(browser, `/organisation/utilisateurs.csv?structureId=${TOWN}`);
    expect(titles).toContain("Nom;Prénom;Adresse");
    expect(titles).toContain("Organisation – structures");
    expect(titles).toContain("Double authentification");
    const claireRow = rows.find((row) => row.includes("claire.morel@"))!;
    expect(claireRow).toContain("Gestionnaire principal");
    const column = titles!.split(";").indexOf("Organisation – structures");
    expect(claireRow.split(";")[column]).toBe("M");
    expect(rows.some((row) => row.includes("Service;"))).toBe(true);
  });

  test("les demandes, répondues ou non, de ses structures seulement", async () => {
    const browser = await claire();
    const [titles, ...rows] = await lines(browser, "/organisation/demandes.csv");
    expect(titles).toMatch(/^Numéro;Structure;Nom/);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.includes("Sainte-Aurore"))).toBe(true);
  });

  test("A-22 qui n'a pas le droit, ou vient d'une autre structure, n'emporte rien", async () => {
    const hugo = await signIn("hugo.lemaire@sainte-aurore.example");
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    for (const file of ["utilisateurs.csv", "historique.csv", "services.csv"])
      expect((await agathe.request(`/organisation/${file}?structureId=${TOWN}`)).status, file).toBe(404);
    expect((await hugo.request("/organisation/demandes.csv")).status).toBe(403);
    const [, ...rows] = await lines(agathe, "/organisation/demandes.csv");
    expect(rows.filter((row) => row.includes("Sainte-Aurore"))).toEqual([]);
    expect((await agathe.request(`/organisation/utilisateurs.csv?structureId=${HOSPITAL}`)).status).toBe(200);
  });

  test("une formule dans un nom reste un texte", async () => {
    await portal.query(
      `update account set last_name = '=HYPERLINK("http://x")' where sign_in_email like 'paul.%@sainte-aurore.example'`,
    );
    const browser = await claire();
    const rows = await lines(browser, `/organisation/utilisateurs.csv?structureId=${TOWN}`);
    expect(rows.join("\n")).toContain(`"'=HYPERLINK(`);
  });
});
