import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSeals } from "../../src/modules/audit/domain/seal.ts";
import { verifyJournal } from "../../src/modules/audit/verify.ts";
import { publish, theClock } from "../../src/platform/events.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const CHAIN = 0;
const eyes = { kind: "system", reason: "a test writes the journal" } as const;
let portal: TestPortal;
let owner: pg.Client;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "unisson-seals-"));
  portal = await startPortal({ UNISSON_DATA: folder });
  owner = new pg.Client({ connectionString: portal.ownerUrl });
  await owner.connect();
  await portal.database.transaction(eyes, async (tx) => {
    for (let place = 1; place <= 20; place++)
      await publish(tx, {
        type: "TestDone",
        structureId: null,
        actor: theClock,
        sentence: `a écrit « é😀 | ${place} »`,
        object: { kind: "test", id: place, label: `Objet ${place}` },
        before: { places: [place - 1], texte: "avant\nà l'instant" },
        after: { places: [place] },
      });
  });
  await portal.runJob("seal-journal");
});
afterAll(async () => {
  await owner?.end();
  await portal?.close();
});

const sealed = () =>
  readSeals(readFileSync(join(folder, "journal-seals.jsonl"), "utf8").split("\n").filter(Boolean));

/** What the verification finds after a superuser's tampering, which is then undone. */
async function afterTampering(...statements: string[]) {
  await owner.query("begin");
  await owner.query("set local session_replication_role = replica");
  for (const statement of statements) await owner.query(statement);
  const { findings } = await verifyJournal(owner, sealed().heads);
  await owner.query("rollback");
  return findings.map(({ kind, chainId, from, to }) => [kind, chainId, from, to]);
}

describe("A-71 L'historique altéré en base est dénoncé, à la place exacte", () => {
  test("intact, il n'y a rien à dire, et Node retrouve les empreintes de la base", async () => {
    const { entries, findings } = await verifyJournal(owner, sealed().heads);
    expect({ entries, findings }).toEqual({ entries: 20, findings: [] });
  });

  test("le rôle de l'application ne peut ni changer, ni retirer, ni vider", async () => {
    const application = new pg.Client({ connectionString: portal.database && portal.ownerUrl });
    await application.connect();
    await application.query("set role unisson_app");
    for (const statement of [
      "update journal_entry set sentence = 'autre'",
      "delete from journal_entry",
      "truncate journal_entry",
      "insert into journal_entry select * from journal_entry",
      "update journal_chain set seq = 1",
    ])
      await expect(application.query(statement), statement).rejects.toThrow(/permission denied/);
    await application.end();
  });

  test("une ligne changée", async () =>
    expect(
      await afterTampering(
        "update journal_entry set sentence = 'a tout volé' where chain_id = 0 and seq = 7",
      ),
    ).toEqual([["altered", CHAIN, 7, 7]]));

  test("une ligne retirée", async () =>
    expect(await afterTampering("delete from journal_entry where chain_id = 0 and seq = 7")).toEqual([
      ["removed", CHAIN, 7, 7],
    ]));

  test("les dix dernières retirées, la tête de la chaîne retouchée", async () =>
    expect(
      await afterTampering(
        "delete from journal_entry where chain_id = 0 and seq > 10",
        "update journal_chain set seq = 10, hash = (select hash from journal_entry where chain_id = 0 and seq = 10) where chain_id = 0",
      ),
    ).toEqual([["removed", CHAIN, 11, 20]]));

  test("tout retiré", async () =>
    expect(await afterTampering("delete from journal_entry", "delete from journal_chain")).toEqual([
      ["removed", CHAIN, 1, 20],
    ]));

  test("deux lignes échangées", async () =>
    expect(
      await afterTampering(
        "update journal_entry set seq = case seq when 5 then 1005 else 1012 end where chain_id = 0 and seq in (5, 12)",
        "update journal_entry set seq = case seq when 1005 then 12 else 5 end where chain_id = 0 and seq in (1005, 1012)",
      ),
    ).toEqual([["swapped", CHAIN, 5, 12]]));

  test("une ligne ajoutée au milieu, les suivantes décalées", async () =>
    expect(
      await afterTampering(
        "update journal_entry set seq = seq + 1000 where chain_id = 0 and seq > 7",
        "update journal_entry set seq = seq - 999 where chain_id = 0 and seq > 1000",
        `insert into journal_entry (chain_id, seq, at, type, actor_label, means, object_kind, object_label, sentence, hash)
         values (0, 8, now(), 'Forged', 'Personne', 'page', 'test', 'Faux', 'n''est jamais arrivé', '\\x00')`,
      ),
    ).toEqual([["inserted", CHAIN, 8, 8]]));
});

test("A-71 Sceller deux fois de suite n'ajoute rien ; la suite se chaîne au sceau d'avant", async () => {
  expect(await portal.runJob("seal-journal")).toEqual({ chains: 0 });
  await portal.database.transaction(eyes, (tx) =>
    publish(tx, {
      type: "TestDone",
      structureId: null,
      actor: theClock,
      sentence: "a écrit encore",
      object: { kind: "test", id: 21, label: "Objet 21" },
    }),
  );
  expect(await portal.runJob("seal-journal")).toEqual({ chains: 1 });
  expect(sealed().brokenLine).toBeNull();
  expect([...sealed().heads.get(CHAIN)!.keys()]).toEqual([20, 21]);
});
