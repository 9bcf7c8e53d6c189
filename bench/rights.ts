import { newEnforcer, newModelFromString } from "casbin";
import { Bench } from "tinybench";
import { findProfile, grantsOf, isAllowed, type Member } from "../src/modules/rights/index.ts";
import { readMembership, toMember } from "../src/modules/sessions/index.ts";
import type { Line } from "./main.ts";
import type { BenchPortal } from "./portal.ts";

const PEOPLE = 2_000;
const now = new Date("2026-03-02T10:00:00Z");

/** P-02: the decision function against a Map of sets, and against casbin holding the same rights of 2,000 people. */
export async function benchRights(): Promise<Line[]> {
  const lines = findProfile("utilisateur")!.lines;
  const members: Member[] = Array.from({ length: PEOPLE }, (_, index) => ({
    accountId: index,
    structureId: index % 50,
    role: "member",
    scope: "structure",
    serviceIds: [],
    grants: grantsOf(lines, null).map((one) => ({ ...one, startsAt: null, endsAt: null })),
  }));
  const map = new Map(
    members.map((one) => [
      one.accountId,
      new Set(one.grants.map((grant) => `${grant.application}:${grant.level}`)),
    ]),
  );
  const enforcer = await newEnforcer(
    newModelFromString(`
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.dom == p.dom && r.obj == p.obj && r.act == p.act`),
  );
  await enforcer.addPolicies(
    members.flatMap((one) =>
      one.grants.map((grant) => [`a${one.accountId}`, `s${one.structureId}`, grant.application, grant.level]),
    ),
  );
  const bench = new Bench({ time: 1500 });
  let at = 0;
  bench
    .add("portal", () => {
      for (let times = 0; times < 1000; times++)
        isAllowed(members[at++ % PEOPLE]!, "request.answer", { serviceId: null }, now);
    })
    .add("map", () => {
      for (let times = 0; times < 1000; times++) map.get(at++ % PEOPLE)!.has("memberships.approve:write");
    });
  await bench.run();
  const perSecond = (name: string) => {
    const { result } = bench.getTask(name)!;
    if (result.state !== "completed") throw new Error(`The bench ${name} did not complete`);
    return result.throughput.mean * 1000;
  };
  const started = performance.now();
  const ROUNDS = 20;
  for (let times = 0; times < ROUNDS; times++)
    await enforcer.enforce(`a${times}`, `s${times % 50}`, "memberships.approve", "write");
  const casbin = (ROUNDS / (performance.now() - started)) * 1000;
  const portal = perSecond("portal");
  return [
    {
      path: "P-02",
      what: "permission check, in process, against 500,000/s",
      value: portal,
      bare: 500_000,
      unit: "checks/s",
      ratio: portal / 500_000,
      bound: 1,
    },
    {
      path: "P-02",
      what: "permission check, against a bare Map of sets",
      value: portal,
      bare: perSecond("map"),
      unit: "checks/s",
      ratio: portal / perSecond("map"),
      bound: 0.05,
    },
    {
      path: "P-02",
      what: `permission check, against casbin (${PEOPLE} people)`,
      value: portal,
      bare: casbin,
      unit: "checks/s",
      ratio: portal / casbin,
      bound: 1,
    },
  ];
}

const CLIENTS = 32;
const CHECKS_PER_CLIENT = 400;

/** P-03: an attachment read with its rights, then the decision, against the bare query of one right; 32 at a time. */
export async function benchRightsInDatabase({ database, owner }: BenchPortal): Promise<Line[]> {
  const { rows: people } = await owner.query<{ account_id: string; structure_id: string }>(
    "select account_id, structure_id from membership where state = 'active' and role = 'member'",
  );
  const reason = "a benchmark asks for anybody";
  const check = async (index: number) => {
    const { account_id, structure_id } = people[index % people.length]!;
    const accountId = Number(account_id);
    const row = await database.readOnce({ kind: "system", reason }, (tx) =>
      readMembership(tx, accountId, Number(structure_id)),
    );
    return (
      row !== undefined && isAllowed(toMember(accountId, row), "request.answer", { serviceId: null }, now)
    );
  };
  const bareCheck = async (index: number) => {
    const { account_id, structure_id } = people[index % people.length]!;
    const { rows } = await owner.query({
      name: "bare-check",
      text: `select exists (select from membership m join membership_grant g on g.membership_id = m.id
        where m.account_id = $1 and m.structure_id = $2 and m.state = 'active' and g.application = $3 and g.level = 'write') as held`,
      values: [account_id, structure_id, "memberships.approve"],
    });
    return rows[0].held;
  };
  const measured = async (work: (index: number) => Promise<unknown>) => {
    const times: number[] = [];
    const started = performance.now();
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        for (let round = 0; round < CHECKS_PER_CLIENT; round++) {
          const asked = performance.now();
          await work(client + round * CLIENTS);
          times.push(performance.now() - asked);
        }
      }),
    );
    times.sort((one, other) => one - other);
    return {
      rate: (times.length / (performance.now() - started)) * 1000,
      p95: times[Math.floor(times.length * 0.95)]!,
    };
  };
  for (const warmUp of [check, bareCheck]) await measured(warmUp);
  const bare = await measured(bareCheck);
  const portal = await measured(check);
  return [
    {
      path: "P-03",
      what: "permission check through the database, against the bare query",
      value: portal.rate,
      bare: bare.rate,
      unit: "checks/s",
      ratio: portal.rate / bare.rate,
      bound: 0.5,
    },
    {
      path: "P-03",
      what: "permission check through the database: p95, against 6 ms",
      value: portal.p95,
      bare: 6,
      unit: "ms",
      ratio: 6 / portal.p95,
      bound: 1,
    },
  ];
}
