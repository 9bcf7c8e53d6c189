import autocannon from "autocannon";
import { hashPassword } from "../src/modules/accounts/index.ts";
import { demoPeopleEmails } from "../src/modules/demo/index.ts";
import { atMost, type Line, rateLine } from "./line.ts";
import { byTurns, closedLoop, percentile } from "./measure.ts";
import { type BenchPortal, type SignInForm, signInBody, signInForm } from "./portal.ts";

const LANES = 4;
const HASHES = 160;
const SECONDS = 4;
const READER = "agathe.vidal@gh-trois-vallees.example";

/** P-07: sign-ins by the form, four at a time, against the bare rate of Argon2id; and the pages of others meanwhile. */
export async function benchSignIn(portal: BenchPortal): Promise<Line[]> {
  const times: number[] = [];
  const flood = await signInFlood(portal, times);
  const hash = async () =>
    (await closedLoop(LANES, HASHES, () => hashPassword("Cerisier-Vapeur-42-Tambour"))).rate;
  for (const warmUp of [hash, flood]) await warmUp();
  times.length = 0;
  const rates = await byTurns({ bare: hash, portal: flood }, "bare");

  const cookie = await portal.signIn(READER);
  const idle = await pageTimes(portal, cookie, SECONDS);
  const [busy] = await Promise.all([pageTimes(portal, cookie, SECONDS), flood()]);
  const [quiet, crowded] = [percentile(idle, 0.95), percentile(busy, 0.95)];
  return [
    rateLine({
      path: "P-07",
      what: "sign-in by the form, against bare Argon2id",
      value: rates.portal,
      bare: rates.bare,
      unit: "/s",
      bound: 0.7,
    }),
    atMost("P-07", `sign-in: p95 at ${LANES}`, percentile(times, 0.95), "ms", 150),
    {
      ...atMost(
        "P-07",
        "pages of others during a flood of sign-ins: p95, against 3 × idle",
        crowded,
        "ms",
        quiet * 3,
      ),
      against: "bare",
    },
  ];
}

/** So many browsers, each with its form, signing one person after another in. */
async function signInFlood(portal: BenchPortal, times: number[]): Promise<() => Promise<number>> {
  const emails = demoPeopleEmails();
  const forms = await Promise.all(Array.from({ length: LANES }, () => signInForm(portal.url)));
  return async () => {
    const started = performance.now();
    const answers = await Promise.all(
      forms.map((form, lane) => {
        const mine = emails.filter((_, index) => index % LANES === lane);
        return signInAll(portal, form, mine, times);
      }),
    );
    const signedIn = answers.reduce((sum, one) => sum + one["3xx"], 0);
    const others = answers.reduce((sum, one) => sum + one["2xx"] + one["4xx"] + one["5xx"] + one.errors, 0);
    if (others > 0) throw new Error(`${others} sign-ins were refused`);
    return (signedIn / (performance.now() - started)) * 1000;
  };
}

/** One browser that signs people in, one after another, again and again. */
function signInAll(
  { url }: BenchPortal,
  form: SignInForm,
  emails: readonly string[],
  times: number[],
): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    const browser = autocannon(
      {
        url: `${url}/connexion`,
        connections: 1,
        duration: SECONDS,
        requests: emails.map((email) => ({
          method: "POST",
          headers: {
            cookie: form.cookie,
            origin: url,
            "content-type": "application/x-www-form-urlencoded",
          },
          body: String(signInBody(form, email)),
        })),
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    browser.on("response", (_client, _status, _bytes, time) => times.push(time));
  });
}

/** Times of a page asked for at a fixed rate, from when each was due. */
async function pageTimes(portal: BenchPortal, cookie: string, seconds: number): Promise<number[]> {
  const EVERY_MS = 25;
  const started = performance.now();
  return Promise.all(
    Array.from({ length: (seconds * 1000) / EVERY_MS }, async (_, index) => {
      const due = started + index * EVERY_MS;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      const answer = await fetch(`${portal.url}/mes-rattachements`, { headers: { cookie } });
      await answer.text();
      if (answer.status !== 200) throw new Error(`A page answered ${answer.status}`);
      return performance.now() - due;
    }),
  );
}
