import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const HOUR_MS = 3_600_000;
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => portal?.close());

/** The clock of the process jumps; that of the database, which is the portal's, goes on. */
function jump(hours: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * HOUR_MS });
}

test.each([2, -2])(
  "F-11 l'horloge du processus saute de %i h : ni session, ni lien, ni attente n'en dépendent",
  async (hours) => {
    const email = `saut-${hours}@exemple.fr`;
    const person = await signUp(portal, { email });
    const blocked = `attente-${hours}@exemple.fr`;
    await signUp(portal, { email: blocked });
    for (let index = 0; index < 5; index++) await signIn(portal, blocked, `faux-${index}`);
    const forgotten = portal.browser();
    await forgotten.open("/mot-de-passe/oublie");
    await forgotten.send({ email });
    const link = portal.linkIn((await portal.mailsTo(email)).at(-1)!);

    jump(hours);
    // the session, the link and the wait are as they were
    expect((await person.request("/mon-compte")).status).toBe(200);
    expect((await portal.browser().open(link)).status).toBe(200);
    expect((await signIn(portal, blocked)).answer!.status).toBe(429);
    // and end when the database says so
    portal.advance({ minutes: 31 });
    expect((await person.request("/mon-compte")).status).toBe(303);
    expect((await portal.browser().open(link)).status).toBe(410);
    expect((await signIn(portal, blocked, PASSWORD)).answer!.status).toBe(200);
  },
);

test("F-11 les dates de ce qui se fait pendant le saut sont celles de la base, dans l'ordre", async () => {
  const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
  for (const [index, hours] of [2, -4, 2].entries()) {
    jump(hours);
    await claire.open("/organisation/services/nouveau?structureId=1");
    await claire.send({ code: `F11_${index}`, label: "Essai", startsAt: "01/01/2026" });
    vi.useRealTimers();
  }
  const rows = await portal.query<{ seq: number; at: Date; created: Date; now: Date }>(
    `select j.seq::int, j.at, s.created_at as created, now() as now from journal_entry j
     join service s on s.id = j.object_id where j.type = 'ServiceCreated' and s.code like 'F11%' order by j.seq`,
  );
  expect(rows).toHaveLength(3);
  const offset = portal.database.clockOffsetMs;
  for (const [index, row] of rows.entries()) {
    expect(Math.abs(row.at.getTime() - offset - row.now.getTime())).toBeLessThan(60_000);
    if (index > 0) expect(row.at.getTime()).toBeGreaterThan(rows[index - 1]!.at.getTime());
  }
});
