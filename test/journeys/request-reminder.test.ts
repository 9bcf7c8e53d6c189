import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
let author: string;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  await portal.query("update membership_request set asked_at = now() where state = 'pending'");
  const [request] = await portal.query<{ address: string }>(
    `select a.sign_in_email as address from membership_request r join account a on a.id = r.account_id
     where r.state = 'pending' and r.structure_id = 1`,
  );
  author = request!.address;
});
afterAll(() => portal?.close());

const reminders = async (address: string, name: string) =>
  (await portal.mailsTo(address)).filter((mail) => mail.name === name);

test("MEM-09 Après quatorze jours sans réponse, un rappel aux deux côtés, une seule fois, même à deux processus", async () => {
  portal.advance({ days: 13 });
  expect(await portal.runJob("remind-requests")).toEqual({ reminded: 0 });
  portal.advance({ days: 1, minutes: 1 });
  const [pending] = await portal.query<{ count: string }>(
    "select count(*) as count from membership_request where state = 'pending'",
  );
  const runs = await Promise.all([portal.runJob("remind-requests"), portal.runJob("remind-requests")]);
  expect(runs[0]!.reminded! + runs[1]!.reminded!).toBe(Number(pending!.count));
  expect(await portal.runJob("remind-requests")).toEqual({ reminded: 0 });
  expect(await reminders(author, "own-request-still-waits")).toHaveLength(1);
  const toManager = await reminders("claire.morel@sainte-aurore.example", "membership-request-still-waits");
  expect(portal.linkIn(toManager[0]!)).toMatch(/^\/organisation\/demandes\/\d+\?structureId=\d+$/);
  expect(await reminders(author, "membership-request-still-waits")).toEqual([]);
});
