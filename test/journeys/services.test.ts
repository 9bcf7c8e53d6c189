import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { attach, signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const CLAIRE = "claire.morel@sainte-aurore.example";
let portal: TestPortal;
let claire: Browser;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  claire = await signIn(CLAIRE);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const serviceOf = async (code: string, structureId: number = TOWN) =>
  (
    await portal.query<Record<string, unknown> & { id: number }>(
      "select * from service where structure_id = $1 and code = $2 order by id desc",
      [structureId, code],
    )
  )[0]!;
const sheet = (id: number) => `/organisation/structures/${TOWN}/services/${id}`;
const create = async (browser: Browser, filling: Record<string, string | boolean>, structureId = TOWN) => {
  await browser.open(`/organisation/services/nouveau?structureId=${structureId}`);
  return browser.send({
    label: "Essai",
    startsAt: "01/01/2026",
    structureId: String(structureId),
    ...filling,
  });
};
const directory = async () => {
  const visitor = portal.browser();
  await visitor.open(`/annuaire/${TOWN}`);
  return visitor.text;
};

describe("Ce qu'un service a en propre", () => {
  test("son adresse, entière ou celle de la structure ; montrée aux fournisseurs", async () => {
    await create(claire, { code: "ATELIERS", addressLine: "12 rue du Dépôt" });
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("Complétez l'adresse : renseignez « Code postal »");
    await claire.send({ addressLine: "12 rue du Dépôt", postcode: "44000", town: "Nantes" });
    expect(claire.text).toContain("12 rue du Dépôt, 44000 Nantes");
    expect(await directory()).toContain("12 rue du Dépôt, 44000 Nantes");
    const { id } = await serviceOf("ATELIERS");
    await claire.open(`${sheet(id)}/modifier`);
    await claire.send({ addressLine: "", postcode: "", town: "" });
    expect(claire.text).toContain("Celle de la structure");
  });

  test("« Mise en paiement » : comme la structure, qu'il suit, ou à part, et l'annuaire le dit alors", async () => {
    expect(await directory()).not.toContain("Non remontée");
    await create(claire, { code: "REGIE" });
    expect((await serviceOf("REGIE")).payment_status_reported).toBeNull();
    const { id } = await serviceOf("REGIE");
    await claire.open(`${sheet(id)}/modifier`);
    await claire.send({ paymentStatusReported: false });
    expect(claire.text).toContain("Non remonté");
    expect((await serviceOf("REGIE")).payment_status_reported).toBe(false);
    expect(await directory()).toMatch(/REGIE.*Non remontée/);
    await claire.open(`${sheet(id)}/modifier`);
    await claire.send({ paymentStatusReported: true });
    expect((await serviceOf("REGIE")).payment_status_reported).toBeNull();
  });

  test("SRV-08 la structure exige l'engagement : le formulaire, la fiche, la liste et l'annuaire disent la règle, pas deux cases", async () => {
    const { id, commitment_required: before } = await serviceOf("URBANISME");
    await portal.query("update structure set commitment_required = true where id = $1", [TOWN]);
    await claire.open(`${sheet(id)}/modifier`);
    expect(claire.text).toContain("Le numéro d'engagement est obligatoire pour toute la structure.");
    expect(claire.form().querySelector('[name="commitmentRequired"]')).toBeNull();
    await claire.send({ label: "Urbanisme" });
    expect(claire.text).toContain("Obligatoire, pour toute la structure");
    expect((await serviceOf("URBANISME")).commitment_required).toBe(before);
    await claire.open(`/organisation/services?structureId=${TOWN}&q=URBANISME`);
    expect(claire.text).toContain("Obligatoire");
    expect(await directory()).toMatch(/URBANISME.*Obligatoire/);
    await portal.query("update structure set commitment_required = false where id = $1", [TOWN]);
  });

  test("une structure privée n'a ni l'un ni l'autre", async () => {
    const emile = await signIn("emile.tessier@atelier-demo.example");
    await emile.open("/organisation/services/nouveau");
    for (const name of ["commitmentRequired", "paymentStatusReported"])
      expect(emile.form().querySelector(`[name="${name}"]`)).toBeNull();
    const structureId = emile.form().querySelector('[name="structureId"] option')!.getAttribute("value")!;
    await emile.send(
      { code: "POSE", label: "Pose", commitmentRequired: "oui", paymentStatusReported: "oui" },
      { extra: true },
    );
    const made = await serviceOf("POSE", Number(structureId));
    expect([made.commitment_required, made.payment_status_reported]).toEqual([false, null]);
  });
});

describe("SRV-03 et SRV-04 Tant que personne ne le connaît, un service se corrige et se supprime", () => {
  test("à venir : son code change, il se supprime, et son code redevient libre", async () => {
    await create(claire, { code: "ETAT_CIVL", startsAt: "01/01/2090" });
    const { id } = await serviceOf("ETAT_CIVL");
    await claire.open(`${sheet(id)}/modifier`);
    await claire.send({ code: "urbanisme" });
    expect(claire.text).toContain("Le code URBANISME est déjà celui de");
    await claire.send({ code: "ETAT_CIVIL" });
    expect(claire.text).toContain("Le service ETAT_CIVIL est modifié.");
    await claire.click("Supprimer");
    await claire.send({}, { form: "main form" });
    expect(claire.text).toContain("Le service ETAT_CIVIL est supprimé.");
    expect((await claire.open(sheet(id))).status).toBe(404);
    await claire.open(`/organisation/historique?structureId=${TOWN}`);
    expect(claire.text).toContain("a supprimé le service ETAT_CIVIL, jamais utilisé");
    await create(claire, { code: "ETAT_CIVIL", startsAt: "01/01/2090" });
    expect(claire.text).toContain("Le service ETAT_CIVIL est créé.");
  });

  test("montré par l'annuaire un jour, ou donné à quelqu'un : ni l'un ni l'autre, même par une demande forgée", async () => {
    // it has been in force, then its start was moved away
    await create(claire, { code: "VU" });
    const seen = await serviceOf("VU");
    await claire.open(`${sheet(seen.id)}/modifier`);
    await claire.send({ startsAt: "01/01/2090" });
    await create(claire, { code: "DONNE", startsAt: "01/01/2090" });
    const given = await serviceOf("DONNE");
    await attach(claire, TOWN, { email: "invitee@ville.example", services: ["DONNE"] });
    for (const { id, code } of [seen, given] as { id: number; code: string }[]) {
      await claire.open(sheet(id));
      expect(claire.text).not.toContain("Supprimer");
      expect((await claire.open(`${sheet(id)}/supprimer`)).status).toBe(403);
      await claire.open(`${sheet(id)}/modifier`);
      expect(claire.text).toContain("il ne change plus");
      const version = claire.form().querySelector('[name="version"]')!.getAttribute("value")!;
      expect((await claire.post(`${sheet(id)}/supprimer`, { version })).status).toBe(403);
      await claire.open(`${sheet(id)}/modifier`);
      await claire.send({ code: "AUTRE" }, { extra: true });
      expect(claire.answer!.status).toBe(422);
      expect(claire.text).toContain("Ce code est déjà connu");
      expect((await serviceOf(code)).deleted_at).toBeNull();
    }
  });
});

test("STR-06 deux personnes modifient la même fiche : la seconde voit qui, quand, et ce qui diffère, sans rien perdre", async () => {
  const { id } = await serviceOf("URBANISME");
  const other = await signIn(CLAIRE);
  await other.open(`${sheet(id)}/modifier`);
  await claire.open(`${sheet(id)}/modifier`);
  await claire.send({ label: "Urbanisme de la ville" });
  await other.send({ label: "Urbanisme et habitat", description: "Permis et habitat." });
  expect(other.answer!.status).toBe(409);
  expect(other.text).toContain("Claire Morel a modifié cette fiche le");
  expect(other.text).toMatch(/Libellé du service ?Urbanisme de la ville ?Urbanisme et habitat/);
  expect((await serviceOf("URBANISME")).label).toBe("Urbanisme de la ville");
  await other.send({}, { form: "main form" });
  expect(other.text).toContain("Le service URBANISME est modifié.");
  expect(await serviceOf("URBANISME")).toMatchObject({
    label: "Urbanisme et habitat",
    description: "Permis et habitat.",
  });
});

describe("SRV-02 Désactiver et activer", () => {
  test("la fin à venir reste prévue ; une fin passée demande la nouvelle", async () => {
    const { id } = await serviceOf("SPORTS");
    await claire.open(sheet(id));
    await claire.click("Activer le service");
    expect(claire.text).toContain("est passée.");
    await claire.send({ endsAt: "hier" });
    expect(claire.answer!.status).toBe(422);
    await claire.send({ endsAt: "31/12/2090" });
    expect(claire.text).toContain("Le service SPORTS est activé.");
    expect(claire.text).toContain("31/12/2090 23:59:59");
    await claire.send({}, { form: 'main form[action$="/desactiver"]' });
    await claire.send({}, { form: 'main form[action$="/activer"]' });
    expect(claire.text).toContain("31/12/2090 23:59:59");
  });

  test("STR-08 les deux derniers services fermés au même instant : il en reste un", async () => {
    await portal.query("update structure set service_code_required = true where id = $1", [TOWN]);
    const open = await portal.query<{ id: number; version: number }>(
      `select id, version from service where structure_id = $1 and not reserved and deleted_at is null and disabled_at is null
         and starts_at <= now() and (ends_at is null or ends_at > now()) order by id`,
      [TOWN],
    );
    await claire.open(sheet(open[0]!.id));
    await Promise.all(
      open.map(({ id, version }) => claire.post(`${sheet(id)}/desactiver`, { version: String(version) })),
    );
    const left = await portal.query(
      `select 1 from service where structure_id = $1 and not reserved and deleted_at is null and disabled_at is null
         and starts_at <= now() and (ends_at is null or ends_at > now())`,
      [TOWN],
    );
    expect(left).toHaveLength(1);
  });
});
