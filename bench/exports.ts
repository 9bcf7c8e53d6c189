import { once } from "node:events";
import { get } from "node:http";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { atMost, type Line, rateLine } from "./line.ts";
import { percentile } from "./measure.ts";
import type { BenchPortal } from "./portal.ts";

const MEBIBYTE = 1024 * 1024;
/** Of the official directory: 80,000 services for 200,000 structures. */
const SERVICES_A_STRUCTURE = 0.4;

/** P-18: the files of the directory made for the first time, against the bare COPY of the same rows. */
export async function benchExports(portal: BenchPortal): Promise<Line[]> {
  const { owner, url } = portal;
  await owner.query(
    `insert into service (structure_id, code, label, starts_at)
     select id, 'SERVICE_1', 'Service des finances', now() - interval '1 year' from structure
     where kind = 'public' and random() < ${SERVICES_A_STRUCTURE}; analyze structure; analyze service`,
  );
  const { rows } = await owner.query<{ structures: number; services: number }>(
    `select (select count(*)::int from structure where kind = 'public') as structures,
       (select count(*)::int from service where not reserved) as services`,
  );
  const { structures, services } = rows[0]!;
  const bareRate = (structures / (await bareCopy(portal.ownerUrl))) * 1000;
  const lines: Line[] = [];
  for (const [file, count, bound] of [
    ["structures.csv", structures, 0.14],
    ["services.csv", services, 0.05],
    ["annuaire.xlsx", structures + services, 0.02],
  ] as const) {
    const { ms, firstByteMs, growth } = await download(`${url}/annuaire/${file}`);
    const what = `${file}, ${count} lines`;
    lines.push(
      rateLine({
        path: "P-18",
        what: `${what}: lines a second, against a bare COPY`,
        ...{ value: (count / ms) * 1000, bare: bareRate, unit: "lines/s", bound },
      }),
      atMost("P-18", `${file}: first byte`, firstByteMs, "ms", 200),
      atMost("P-18", `${file}: memory it adds`, growth, "MiB", 100),
    );
  }
  return [...lines, await beside(portal)];
}

/** Milliseconds of the COPY of the structures, its text thrown away. */
async function bareCopy(ownerUrl: string): Promise<number> {
  // a stream of rows needs a connection that sends one statement at a time
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const started = performance.now();
  const stream = client.query(
    copyTo(`copy (select identifier_value, legal_name, payment_status_reported, commitment_required, service_code_required,
      service_or_commitment_required, works_owner, works_owner_only, state, address_line, address_extra1, address_extra2,
      postcode, town, email, country from structure where kind = 'public') to stdout with (format csv, delimiter ';')`),
  );
  for await (const _ of stream);
  await client.end();
  return performance.now() - started;
}

/** A download from the first byte to the last, and the most memory that the process took meanwhile, in mebibytes. */
async function download(address: string): Promise<{ ms: number; firstByteMs: number; growth: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const started = performance.now();
  const request = get(address);
  const [answer] = await once(request, "response");
  let firstByteMs = 0;
  for await (const _ of answer) firstByteMs ||= performance.now() - started;
  clearInterval(watch);
  return { ms: performance.now() - started, firstByteMs, growth: (most - before) / MEBIBYTE };
}

/** The 95th percentile of a page, alone then beside a workbook that is being made. */
async function beside({ owner, url }: BenchPortal): Promise<Line> {
  const page = `${url}/annuaire/telecharger`;
  const end = performance.now() + 2000;
  const bare = await p95(page, () => performance.now() < end);
  await owner.query(
    "update structure set version = version + 1 where id = (select min(id) from structure where kind = 'public')",
  );
  let isOver = false;
  const making = download(`${url}/annuaire/annuaire.xlsx`).finally(() => {
    isOver = true;
  });
  const value = await p95(page, () => !isOver);
  await making;
  return {
    path: "P-18",
    what: "a page beside a workbook being made: p95, against alone",
    against: "bare",
    ...{ value, unit: "ms", reference: bare, ratio: bare / value, bound: 0.5 },
  };
}

/** The 95th percentile, in milliseconds, of one request after another. */
async function p95(address: string, goesOn: () => boolean): Promise<number> {
  const times: number[] = [];
  while (goesOn()) {
    const started = performance.now();
    await (await fetch(address)).arrayBuffer();
    times.push(performance.now() - started);
  }
  return percentile(times, 0.95);
}
