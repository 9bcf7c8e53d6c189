import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { approveRequest, refuseRequest } from "../../src/modules/memberships/use-cases/answers.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
/** The catalogue asks for a thousand: `FAULT_ROUNDS=1000 npx vitest run -t F-06`. */
const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 100);
const GIFT = {
  scope: "structure",
  serviceIds: [],
  profile: "lecture-seule",
  mayAccept: false,
  adjustment: {},
  startsAt: null,
  endsAt: null,
} as const;
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const count = async (from: string, values: unknown[] = []) =>
  (await portal.query<{ count: number }>(`select count(*)::int as count from ${from}`, values))[0]!.count;

/** Sends one form ten times at once, as a hand that trembles or a line that hangs. */
async function tenTimes(browser: Browser, path: string, body: Record<string, string>): Promise<number[]> {
  await browser.open("/mon-compte/identite");
  const token = browser.form("main form").querySelector('[name="_jeton"]')!.getAttribute("value")!;
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      browser.request(path, {
        method: "POST",
        body: new URLSearchParams({ _jeton: token, ...body }),
        headers: { origin: portal.url },
      }),
    ),
  );
  return answers.map((answer) => answer.status);
}

describe("F-05 Le même formulaire envoyé dix fois à la fois n'agit qu'une", () => {
  test("créer un service", async () => {
    const statuses = await tenTimes(
      await signIn("claire.morel@sainte-aurore.example"),
      "/organisation/services/nouveau",
      {
        structureId: String(TOWN),
        code: "F05",
        label: "Essai",
        startsAt: "01/01/2026",
      },
    );
    expect(statuses.filter((one) => one === 303)).toHaveLength(1);
    expect(statuses.filter((one) => one === 422)).toHaveLength(9);
    expect(await count("service where code = 'F05'")).toBe(1);
    expect(await count("journal_entry where type = 'ServiceCreated' and object_label = 'F05'")).toBe(1);
  });

  test("inviter une personne", async () => {
    const statuses = await tenTimes(
      await signIn("claire.morel@sainte-aurore.example"),
      "/organisation/utilisateurs/rattacher",
      {
        structureId: String(TOWN),
        structureIds: String(TOWN),
        email: "f05@ville.example",
        scope: "structure",
        profile: "lecture-seule",
      },
    );
    expect(new Set(statuses)).toEqual(new Set([303]));
    expect(await count("invitation where email = 'f05@ville.example'")).toBe(1);
    expect(await count("mail where to_address = 'f05@ville.example'")).toBe(1);
    expect(
      await count("journal_entry where type = 'UserInvited' and object_label = 'f05@ville.example'"),
    ).toBe(1);
  });

  test("demander un rattachement", async () => {
    const person = await signUp(portal, { email: "f05-demande@exemple.fr" });
    const statuses = await tenTimes(person, "/mes-rattachements/demander", {
      of: String(TOWN),
      scope: "structure",
      message: "",
    });
    expect(new Set(statuses)).toEqual(new Set([303]));
    const hers = "account a where a.sign_in_email = 'f05-demande@exemple.fr'";
    expect(await count(`membership_request where account_id = (select id from ${hers})`)).toBe(1);
    expect(
      await count(
        `journal_entry where type = 'MembershipRequested' and object_id = (select id from ${hers})`,
      ),
    ).toBe(1);
  });

  test("créer un compte", async () => {
    const browser = portal.browser();
    const email = "f05-compte@exemple.fr";
    await browser.open("/compte/creer");
    await browser.send({ email, emailAgain: email, firstName: "Ada", lastName: "Dix", acceptsTerms: true });
    await browser.send({}, { button: ["later", "oui"] });
    const form = browser.form();
    const fields = form
      .querySelectorAll("input")
      .filter((field) => field.getAttribute("name"))
      .map((field) => [field.getAttribute("name")!, field.getAttribute("value") ?? ""] as [string, string]);
    const path = new URL(form.getAttribute("action") || browser.answer!.url, portal.url).pathname;
    await Promise.all(
      Array.from({ length: 10 }, () =>
        browser.request(path, {
          method: "POST",
          body: new URLSearchParams(fields),
          headers: { origin: portal.url },
        }),
      ),
    );
    expect(await count("account where sign_in_email = $1", [email])).toBe(1);
    // a link asked again kills the one before: at most three leave in an hour
    expect(await count("emailed_token where email = $1 and revoked_at is null", [email])).toBe(1);
    expect(await count("mail where to_address = $1", [email])).toBeLessThanOrEqual(3);
  });
});

test(`F-06 seize réponses à la fois à une même demande, ${ROUNDS} fois : une seule l'emporte, une entrée, un message`, {
  timeout: 60_000 + ROUNDS * 2_000,
}, async () => {
  const [manager] = await portal.query<{ account_id: number }>(
    "select account_id::int from membership where structure_id = $1 and role = 'mainManager' and state = 'active' limit 1",
    [TOWN],
  );
  const answerer = {
    accountId: manager!.account_id,
    structureId: TOWN,
    role: "mainManager" as const,
    scope: "structure" as const,
    serviceIds: [],
    grants: [],
  };
  const actor = { accountId: answerer.accountId, label: "Essai", means: "page" as const };
  const person = await signUp(portal, { email: "f06@exemple.fr" });
  expect(person.text).toContain("compte est activé");
  const [{ id: accountId }] = (await portal.query(
    "select id::int from account where sign_in_email = 'f06@exemple.fr'",
  )) as [{ id: number }];
  for (let round = 0; round < ROUNDS; round++) {
    await portal.query("delete from membership where account_id = $1", [accountId]);
    const [{ id: requestId }] = (await portal.query(
      "insert into membership_request (account_id, structure_id, scope, asked_at) values ($1, $2, 'structure', now()) returning id::int",
      [accountId, TOWN],
    )) as [{ id: number }];
    const entries = await count("journal_entry where structure_id = $1", [TOWN]);
    const mails = await count("mail where recipient_account_id = $1", [accountId]);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        portal.database.transaction(
          { kind: "caller", accountId: answerer.accountId, structureIds: [TOWN] },
          (tx, now) =>
            index % 2 === 0
              ? approveRequest(tx, { requestId, gift: GIFT }, answerer, actor, now)
              : refuseRequest(tx, { requestId, reason: "OTHER", text: "Essai" }, answerer, actor, now),
        ),
      ),
    );
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
    for (const one of answers) if (!one.ok) expect(one.refusal.code).toBe("ALREADY_ANSWERED");
    expect(await count("journal_entry where structure_id = $1", [TOWN])).toBe(entries + 1);
    expect(await count("mail where recipient_account_id = $1", [accountId])).toBe(mails + 1);
    const isIn = (await count("membership where account_id = $1 and state = 'active'", [accountId])) === 1;
    const [{ state }] = (await portal.query("select state from membership_request where id = $1", [
      requestId,
    ])) as [{ state: string }];
    expect(state).toBe(isIn ? "approved" : "refused");
  }
});
