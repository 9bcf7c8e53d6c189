import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import pg from "pg";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { importSirene, openRegister } from "../../src/modules/register/index.ts";
import { signIn as signInWith, signUp, structureId } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const WORKSHOP = "99950010100012";
const log = pino({ level: "silent" });
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());
const claire = () => signInWith(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
const structureOf = async (siret: string) =>
  (await portal.query("select * from structure where identifier_value = $1", [siret]))[0];

describe("Créer une structure que le répertoire connaît", () => {
  test("ses données sont montrées, à vérifier, et viennent de lui quoi que dise le formulaire", async () => {
    const browser = await claire();
    await browser.open("/organisation/structures/nouvelle");
    await browser.send({ identifierType: "SIRET", identifierValue: "999 500 101 00012" });
    expect(browser.text).toContain("Est-ce bien cette structure ?");
    for (const said of [
      "MENUISERIE DU VAL FLEURI",
      "12 RUE DES CHARPENTIERS, 38990 VAL-FLEURI",
      "Construction (43.32A)",
      "Société commerciale (5499)",
    ])
      expect(browser.text).toContain(said);
    await browser.send({ legalName: "Autre nom", kind: "public" }, { extra: true });
    expect(browser.text).toContain("Vous êtes gestionnaire principal de MENUISERIE DU VAL FLEURI");
    expect(await structureOf(WORKSHOP)).toMatchObject({
      legal_name: "MENUISERIE DU VAL FLEURI",
      kind: "private",
      legal_category: "5499",
      activity_code: "43.32A",
      registry_check: "confirmed",
    });
    await browser.open(`/organisation/structures/${await structureId(portal, WORKSHOP)}`);
    expect(browser.text).toContain("Répertoire national");
    expect(browser.text).toContain("Vérifiée");
  });

  test("une catégorie publique fait une structure publique, à vérifier", async () => {
    const browser = await claire();
    await browser.open("/organisation/structures/nouvelle");
    await browser.send({ identifierType: "SIRET", identifierValue: "99950032500017" });
    expect(browser.text).toContain("C'est une structure publique");
    await browser.send();
    expect(await structureOf("99950032500017")).toMatchObject({ kind: "public", proof_state: "toVerify" });
  });

  test("IDN-05 un SIREN propose ses établissements ouverts", async () => {
    const browser = await claire();
    await browser.open("/organisation/structures/nouvelle");
    await browser.send({ identifierType: "SIRET", identifierValue: "999500101" });
    expect(browser.text).toContain("Quel établissement ?");
    expect(browser.text).toContain("4 ZONE DE LA GARE");
    expect(browser.text).not.toContain("DU LAVOIR");
    await browser.send({ identifierValue: "99950010100020" });
    expect(browser.text).toContain("Est-ce bien cette structure ?");
    expect(browser.text).toContain("4 ZONE DE LA GARE");
  });

  test("un autre identifiant, changé au dernier moment, est montré avant d'être créé", async () => {
    const browser = await claire();
    await browser.open("/organisation/structures/nouvelle");
    await browser.send({ identifierType: "SIRET", identifierValue: "99950021800014" });
    await browser.send({ identifierValue: "99950065500017" });
    expect(browser.text).toContain("TRANSPORTS DES TROIS VALLEES");
    expect(await structureOf("99950065500017")).toBeUndefined();
    await browser.send();
    expect(await structureOf("99950065500017")).toBeDefined();
    expect(await structureOf("99950021800014")).toBeUndefined();
  });

  for (const [name, siret, says, status] of [
    ["fermé : refusé, et depuis quand", "99950098600016", "fermé depuis le 30/06/2023", 422],
    [
      "fermé : celui qui reste ouvert est proposé",
      "99950010100038",
      "le plus récent de cette entreprise est 999 500 101 00020",
      422,
    ],
    ["non diffusible : décrit à la main", "99950054900012", "ne publie pas les données", 200],
    ["inconnu : averti, décrit à la main", "73282932000074", "ne figure pas dans le répertoire", 200],
  ] as const)
    test(`établissement ${name}`, async () => {
      const browser = await claire();
      await browser.open("/organisation/structures/nouvelle");
      await browser.send({ identifierType: "SIRET", identifierValue: siret });
      expect(browser.answer!.status).toBe(status);
      expect(browser.text).toContain(says);
    });

  test("à l'inscription aussi, dans les quatre étapes", async () => {
    await signUp(portal, {
      email: "odette@photo.example",
      structure: { siret: "99950043200011", name: "sans effet" },
    });
    expect(await structureOf("99950043200011")).toMatchObject({
      legal_name: "ODETTE LAMBERT",
      registry_check: "confirmed",
    });
  });
});

describe("IDN-07 Créée sans le répertoire, vérifiée plus tard", () => {
  test("en attente, puis signalée aux gestionnaires si le numéro n'apparaît pas en trente jours", async () => {
    await signUp(portal, {
      email: "neuve@exemple.fr",
      structure: { siret: "73282932000074", name: "Toute Neuve" },
    });
    expect(await structureOf("73282932000074")).toMatchObject({ registry_check: "pending" });
    expect(await portal.runJob("check-register")).toMatchObject({ absent: 0, later: 1 });
    portal.advance({ days: 31 });
    expect(await portal.runJob("check-register")).toMatchObject({ absent: 1 });
    expect(await portal.runJob("check-register")).toMatchObject({ absent: 0, later: 0 });
    const mail = (await portal.mailsTo("neuve@exemple.fr")).at(-1)!;
    expect(mail.subject).toContain("Toute Neuve : à vérifier au répertoire national");
    expect(await structureOf("73282932000074")).toMatchObject({
      registry_check: "negative",
      state: "active",
    });
  });
});

describe("Importer les fichiers de l'Insee", () => {
  const titles =
    "siren,nic,siret,statutDiffusionEtablissement,numeroVoieEtablissement,typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,dateDebut,etatAdministratifEtablissement,activitePrincipaleEtablissement";
  const withClient = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: portal.ownerUrl });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  /** Establishments of La Poste: their key is that the digits add up to a multiple of five. */
  function* lines(count: number, broken?: number): Generator<string> {
    yield `${titles}\n`;
    let number = 0;
    for (let made = 0; made < count; number++) {
      const siret = `356000000${String(number).padStart(5, "0")}`;
      if ([...siret].reduce((sum, digit) => sum + Number(digit), 0) % 5 > 0) continue;
      if (made === broken) throw new Error("the power is cut");
      made++;
      yield `356000000,${siret.slice(9)},${siret},O,${made},RUE,"DE LA POSTE, BIS",75000,PARIS,2020-01-01,A,53.10Z\n`;
    }
  }
  const count = async () =>
    (
      await portal.query<{ count: number }>(
        "select count(*)::int as count from register_establishment where siret like '356%'",
      )
    )[0]!.count;

  test("coupé en chemin, il reprend après le dernier lot écrit", async () => {
    const total = 2_500;
    const progress: number[] = [];
    const run = (broken?: number) =>
      withClient((client) =>
        importSirene(
          client,
          { key: "poste", stream: Readable.from(lines(total, broken)) },
          (at) => progress.push(at.lines),
          500,
        ),
      );
    await expect(run(1_700)).rejects.toThrow("the power is cut");
    const kept = await count();
    expect(kept).toBeGreaterThan(0);
    expect(kept % 500).toBe(0);
    expect(progress.at(-1)).toBe(kept);
    // what was written is not written again
    await portal.query("update register_establishment set trade_name = 'gardé' where siret like '356%'");
    expect(await run()).toEqual({ ok: true, value: { kind: "establishments", lines: total, skipped: 0 } });
    expect(await count()).toBe(total);
    const [again] = await portal.query<{ count: number }>(
      "select count(*)::int as count from register_establishment where siret like '356%' and trade_name = 'gardé'",
    );
    expect(again!.count).toBe(kept);
  });

  test("relu une fois fini, le même fichier recommence : une ligne changée y prend sa nouvelle valeur", async () => {
    await withClient((client) =>
      importSirene(client, { key: "poste", stream: Readable.from(lines(2_500)) }, () => {}, 500),
    );
    expect(await portal.query("select siret from register_establishment where trade_name = 'gardé'")).toEqual(
      [],
    );
    expect(await count()).toBe(2_500);
  });

  test("un autre fichier est refusé sans rien changer", async () => {
    const refused = await withClient((client) =>
      importSirene(client, { key: "autre", stream: Readable.from(["code;libelle\n", "A;B\n"]) }),
    );
    expect(refused).toEqual({ ok: false, refusal: { code: "NOT_A_SIRENE_FILE" } });
  });
});

describe("F-26 Le répertoire par le réseau", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });
  let calls = 0;
  const registerAt = async (listener: RequestListener) => {
    calls = 0;
    const server = createServer((request, response) => {
      calls++;
      listener(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return openRegister({ NATIONAL_REGISTER: url }, portal.database, log);
  };
  const answer = (establishment: Record<string, unknown>) =>
    JSON.stringify({
      results: [
        {
          siren: "732829320",
          nom_raison_sociale: "BANQUE D'EXEMPLE",
          nature_juridique: "5599",
          categorie_entreprise: "GE",
          matching_etablissements: [
            {
              siret: "73282932000074",
              adresse: "16 BOULEVARD DES ITALIENS 75009 PARIS",
              code_postal: "75009",
              libelle_commune: "PARIS",
              activite_principale: "64.19Z",
              etat_administratif: "A",
              ...establishment,
            },
          ],
        },
      ],
      total_results: 1,
    });
  const json = { "content-type": "application/json" };

  test("répond : trouvé, et gardé pour la fois suivante", async () => {
    const register = await registerAt((_, response) => response.writeHead(200, json).end(answer({})));
    const found = {
      kind: "found",
      establishment: {
        siret: "73282932000074",
        legalName: "BANQUE D'EXEMPLE",
        addressLine: "16 BOULEVARD DES ITALIENS",
        addressExtra: "",
        postcode: "75009",
        town: "PARIS",
        activityCode: "64.19Z",
        legalCategory: "5599",
        companyCategory: "GE",
        isOpen: true,
        closedOn: null,
        isConfidential: false,
      },
    };
    expect(await register.find("73282932000074")).toEqual(found);
    expect(await register.find("73282932000074")).toEqual(found);
    expect(calls).toBe(1);
    expect(await register.find("35600000049837")).toEqual({ kind: "unknown" });
    expect(await register.list("732829320")).toHaveLength(1);
  });

  test("un établissement fermé ou non diffusible est dit tel", async () => {
    const closed = await registerAt((_, response) =>
      response.writeHead(200, json).end(answer({ etat_administratif: "F", date_fermeture: "2024-05-31" })),
    );
    expect(await closed.find("73282932000074")).toMatchObject({
      establishment: { isOpen: false, closedOn: "2024-05-31" },
    });
    const hidden = await registerAt((_, response) =>
      response.writeHead(200, json).end(answer({ statut_diffusion_etablissement: "P" })),
    );
    expect(await hidden.find("73282932000074")).toMatchObject({
      establishment: { isConfidential: true, legalName: "", addressLine: "" },
    });
  });

  for (const [name, listener] of [
    ["en panne", (_, response) => response.writeHead(500).end("non")],
    ["bavard", (_, response) => response.writeHead(200, json).end("x".repeat(3_000_000))],
    ["incompréhensible", (_, response) => response.writeHead(200, json).end('{"results": 3}')],
    [
      "qui renvoie ailleurs",
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
    ],
  ] as const satisfies readonly (readonly [string, RequestListener])[])
    test(`${name} : silencieux`, async () => {
      const register = await registerAt(listener);
      expect(await register.find("73282932000074")).toEqual({ kind: "silent" });
    });

  test("muet trente secondes : silencieux en moins de trois, puis plus appelé ; l'inscription va à la main", async () => {
    const register = await registerAt(() => {});
    const started = performance.now();
    expect(await register.find("73282932000074")).toEqual({ kind: "silent" });
    expect(performance.now() - started).toBeLessThan(3_000);
    await Promise.all([register.find("35600000049837"), register.find("57210489100013")]);
    expect(calls).toBe(3);
    expect(await register.find("11000201100044")).toEqual({ kind: "silent" });
    expect(calls).toBe(3);
  }, 15_000);
});
