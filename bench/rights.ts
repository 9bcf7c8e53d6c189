import { newEnforcer, newModelFromString } from "casbin";
import { Bench } from "tinybench";
import { findProfile, grantsOf, isAllowed, type Member } from "../src/modules/rights/index.ts";
import { atLeast, atMost, type Line, rateLine } from "./line.ts";
import { percentile } from "./measure.ts";

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
  const unit = "checks/s";
  return [
    atLeast("P-02", "permission check, in process", portal, unit, 500_000),
    atMost("P-02", "permission check, in process: p99", percentile(oneByOne(members), 0.99) * 1000, "µs", 20),
    rateLine({
      path: "P-02",
      what: "permission check, against a bare Map of sets",
      value: portal,
      bare: perSecond("map"),
      unit,
      bound: 0.05,
    }),
    rateLine({
      path: "P-02",
      what: `permission check, against casbin (${PEOPLE} people)`,
      value: portal,
      bare: casbin,
      unit,
      bound: 1,
    }),
  ];
}

/** Milliseconds of each of many checks. */
const oneByOne = (members: readonly Member[]): number[] =>
  Array.from({ length: 100_000 }, (_, index) => {
    const started = performance.now();
    isAllowed(members[index % PEOPLE]!, "request.answer", { serviceId: null }, now);
    return performance.now() - started;
  });
