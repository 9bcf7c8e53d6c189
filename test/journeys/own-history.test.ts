import { afterAll, beforeAll, expect, test } from "vitest";
import { attach, signUp, structureId } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const SHOP = { siret: "73282932000074", name: "Atelier d'Exemple" };
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

test("Mon historique dit ce que j'ai fait et ce qui a été fait pour moi, même dans une structure quittée ; rien d'autrui", async () => {
  const chief = await signUp(portal, {
    email: "chef@exemple.fr",
    firstName: "Alix",
    lastName: "Cheffe",
    structure: SHOP,
  });
  const ines = await signUp(portal, { email: "ines@exemple.fr", firstName: "Inès", lastName: "Benali" });
  await signUp(portal, { email: "marc@exemple.fr", firstName: "Marc", lastName: "Autre" });
  const shop = await structureId(portal, SHOP.siret);
  await attach(chief, shop, { email: "ines@exemple.fr" });
  await attach(chief, shop, { email: "marc@exemple.fr" });

  await ines.open(`/mes-rattachements/${shop}/quitter`);
  await ines.send({}, { form: 'main form:not([action$="/renoncer"])' });
  expect(ines.text).toContain("Vous avez quitté");

  await ines.open("/mon-historique");
  expect(ines.text).toMatch(/Alix Cheffe a rattaché Inès Benali ?Atelier d'Exemple/);
  expect(ines.text).toContain("Inès Benali a quitté la structure");
  expect(ines.text).not.toContain("Marc Autre");
  expect(ines.text).not.toContain("a créé la structure");
});

test("page après page, chaque action une fois, la plus récente d'abord", async () => {
  const lou = await signUp(portal, { email: "lou@exemple.fr", firstName: "Lou", lastName: "Longue" });
  await portal.query(
    `select journal_append(now() - n * interval '1 minute', 'Tried', null::bigint, a.id, 'Lou Longue', null::text, 'page',
       null::text, 'account', a.id, 'Compte', 'a fait le geste ' || lpad(n::text, 3, '0'), null::jsonb, null::jsonb,
       null::text, null::text)
     from account a, generate_series(1, 120) n where a.sign_in_email = 'lou@exemple.fr'`,
  );
  const seen: string[] = [];
  await lou.open("/mon-historique");
  for (;;) {
    seen.push(...[...lou.text.matchAll(/a fait le geste (\d{3})/g)].map((found) => found[1]!));
    const next = lou.answer!.page.querySelector('.u-pagination a[href*="avant"]');
    if (!next) break;
    await lou.open(next.getAttribute("href")!);
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, at) => String(at + 1).padStart(3, "0")));
  await lou.open("/mon-historique?avant=n'importe-quoi");
  expect(lou.answer!.status).toBe(200);
});
