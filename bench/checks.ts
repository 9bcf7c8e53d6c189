import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isAllowed } from "../src/modules/rights/index.ts";
import { readMember, readSession, toMember } from "../src/modules/sessions/index.ts";
import { atMost, type Line, rateLine } from "./line.ts";
import { byTurns, closedLoop, percentile } from "./measure.ts";
import type { BenchPortal } from "./portal.ts";

const CLIENTS = 32;
const CHECKS = 8_000;
const now = new Date("2026-03-02T10:00:00Z");

type Person = { readonly account: number; readonly structure: number; readonly service: number };

/**
 * P-03, P-04, P-05: what the portal asks the database before an act, against the indexed query of one right by the same
 * driver from a pool, as the owner of the tables, whom no row-level security slows; 32 at a time.
 */
export async function benchChecks({ database, owner, ownerUrl }: BenchPortal): Promise<Line[]> {
  // one connection for everybody, as the door has
  const bare = new pg.Pool({ connectionString: ownerUrl, max: 1, pipeline: true });
  const { rows: people } = await owner.query<Person>(
    `select m.account_id as account, m.structure_id as structure, s.id as service
     from membership m join lateral (select id from service where structure_id = m.structure_id limit 1) s on true
     where m.state = 'active' and m.role = 'member'`,
  );
  const at = (index: number) => people[index % people.length]!;
  const times = new Map<string, readonly number[]>();
  const rateOf = (name: string, work: (index: number) => Promise<unknown>) => async () => {
    const measured = await closedLoop(CLIENTS, CHECKS, work);
    times.set(name, measured.times);
    return measured.rate;
  };
  const check = async (index: number, serviceId: number | null) => {
    const member = await readMember(database.door, at(index).account, at(index).structure);
    return member !== undefined && isAllowed(member, "service.update", { serviceId }, now);
  };
  const bareCheck = (index: number) => ({
    name: "bare-check",
    text: `select exists (select from membership m join membership_grant g on g.membership_id = m.id
      where m.account_id = $1 and m.structure_id = $2 and m.state = 'active' and g.application = $3 and g.level = 'write') as held`,
    values: [at(index).account, at(index).structure, "structures"],
  });
  const bareInherited = async (index: number) => {
    const { rows } = await owner.query({
      name: "bare-inherited",
      text: `with recursive place (structure_id, service_id) as (
          select structure_id, id from service where id = $1
          union all select structure_id, null from place where service_id is not null)
        select exists (select from place p join membership m on m.structure_id = p.structure_id
            join membership_grant g on g.membership_id = m.id and g.service_id is not distinct from p.service_id
          where m.account_id = $2 and m.state = 'active' and g.application = $3 and g.level = 'write') as held`,
      values: [at(index).service, at(index).account, "structures"],
    });
    return rows[0].held;
  };
  const hundred = async (index: number) => {
    const member = await readMember(database.door, at(index).account, at(index).structure);
    return Array.from({ length: 100 }, (_, place) => at(index).service + place).filter((serviceId) =>
      isAllowed(member!, "service.update", { serviceId }, now),
    );
  };
  const token = await anySession(owner);
  const whole = async () => {
    const { session } = await readSession(database.door, token);
    const [membership] = session!.memberships ?? [];
    return membership && isAllowed(toMember(session!.accountId, membership), "service.update", {}, now);
  };
  const rates = await byTurns(
    {
      bare: rateOf("bare", (index) => owner.query(bareCheck(index))),
      atDoor: rateOf("atDoor", (index) => ask(bare, bareCheck(index))),
      check: rateOf("check", (index) => check(index, null)),
      whole: rateOf("whole", whole),
    },
    "bare",
  );
  const inherited = await byTurns(
    {
      bare: rateOf("bare-inherited", bareInherited),
      check: rateOf("inherited", (index) => check(index, at(index).service)),
    },
    "bare",
  );
  await closedLoop(1, 500, hundred);
  const filtered = await closedLoop(1, 1_000, hundred);
  await bare.end();
  const timeOf = (name: string, share: number) => percentile(times.get(name)!, share);
  const unit = "checks/s";
  return [
    rateLine({
      path: "P-03",
      what: "check through the database: all rights of a member, then the decision",
      value: rates.check,
      bare: rates.bare,
      unit,
      bound: 0.5,
    }),
    rateLine({
      path: "P-03",
      what: "the same, against that query alone sent as the door sends it",
      value: rates.check,
      bare: rates.atDoor,
      unit,
      bound: 0.3,
    }),
    rateLine({
      path: "P-03",
      what: "what each request reads: session, account, all attachments and rights",
      value: rates.whole,
      bare: rates.bare,
      unit,
      bound: 0.3,
    }),
    atMost("P-03", "check through the database: p95 at 32", timeOf("check", 0.95), "ms", 6),
    atMost("P-03", "check through the database: p99 at 32", timeOf("check", 0.99), "ms", 10),
    rateLine({
      path: "P-04",
      what: "check on a service, held there or on its structure",
      value: inherited.check,
      bare: inherited.bare,
      unit,
      bound: 0.5,
    }),
    atMost("P-05", "100 services filtered by one query: p95", percentile(filtered.times, 0.95), "ms", 3),
  ];
}

/** Asks one statement as the door does: the connection takes the next one without waiting for the answer. */
async function ask(pool: pg.Pool, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  const client = await pool.connect();
  const answer = client.query(statement);
  client.release();
  return answer;
}

/** The token of a session opened for the bench: the database knows only its hash. */
async function anySession(owner: BenchPortal["owner"]): Promise<string> {
  const token = "a-session-of-the-bench-whose-token-is-known";
  await owner.query(
    `insert into web_session (token_hash, account_id, created_at, last_seen_at, authenticated_at, expires_at, ip, user_agent)
     select sha256(convert_to($1, 'UTF8')), m.account_id, now(), now(), now(), now() + interval '12 hours', '127.0.0.1', 'bench'
     from membership m where m.state = 'active' and m.role = 'member' limit 1 on conflict do nothing`,
    [token],
  );
  return token;
}

/** P-06: how long after its withdrawal a right still opens a page, in this process and in another. */
export async function benchWithdrawal(portal: BenchPortal): Promise<Line[]> {
  const other = await portal.another();
  const { rows } = await portal.owner.query<{ id: number; email: string; structure: number }>(
    `select m.id, a.sign_in_email as email, m.structure_id as structure from membership m join account a on a.id = m.account_id
     where m.state = 'active' and m.role = 'member' and a.state = 'active' and exists (
       select from membership_grant g where g.membership_id = m.id and g.application = 'users') limit 1`,
  );
  const { id, email, structure } = rows[0]!;
  const cookie = await portal.signIn(email);
  const status = async (url: string) =>
    (
      await fetch(`${url}/organisation/utilisateurs?structureId=${structure}`, {
        headers: { cookie },
        redirect: "manual",
      })
    ).status;
  const untilRefused = async (url: string) => {
    const started = performance.now();
    let first = true;
    while ((await status(url)) !== 403) {
      first = false;
      await sleep(5);
    }
    return first ? 0 : performance.now() - started;
  };
  let here = 0;
  let elsewhere = 0;
  for (let round = 0; round < 20; round++) {
    for (const url of [portal.url, other.url])
      if ((await status(url)) !== 200) throw new Error("The right to withdraw does not open the page");
    const { rows: held } = await portal.owner.query(
      "delete from membership_grant where membership_id = $1 returning *",
      [id],
    );
    here = Math.max(here, await untilRefused(portal.url));
    elsewhere = Math.max(elsewhere, await untilRefused(other.url));
    await portal.owner.query(
      "insert into membership_grant overriding system value select * from jsonb_populate_recordset(null::membership_grant, $1)",
      [JSON.stringify(held)],
    );
  }
  await other.close();
  return [
    // the very next request: nothing in between
    atMost("P-06", "right withdrawn: still open in this process after", here, "ms", 0),
    atMost("P-06", "right withdrawn: still open in another process after", elsewhere, "ms", 1000),
  ];
}
