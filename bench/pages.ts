import { createHash } from "node:crypto";
import autocannon from "autocannon";
import Fastify from "fastify";
import type { Line } from "./main.ts";
import type { BenchPortal } from "./portal.ts";

const CONNECTIONS = 16;
const SECONDS = 8;
const WARM_UP_SECONDS = 3;

/** The same list by hand: session, rights and rows in two queries, the page written by a template string. */
async function bareListServer(portal: BenchPortal): Promise<{ url: string; close(): Promise<void> }> {
  const server = Fastify();
  server.get("/", async (request, reply) => {
    const token = /unisson=([^;]+)/.exec(request.headers.cookie!)![1]!;
    const {
      rows: [who],
    } = await portal.owner.query({
      name: "bare-session",
      text: `select a.first_name, a.last_name, m.structure_id, m.role, array(select g.application from membership_grant g
               where g.membership_id = m.id) as rights
             from web_session s join account a on a.id = s.account_id join membership m on m.account_id = a.id
             where s.token_hash = $1 limit 1`,
      values: [createHash("sha256").update(token).digest()],
    });
    const { rows } = await portal.owner.query({
      name: "bare-list",
      text: "select id, code, label, starts_at, ends_at from service where structure_id = $1 and deleted_at is null order by lower(code) limit 51",
      values: [who.structure_id],
    });
    const cells = rows.map(
      (row) =>
        `<tr><th scope="row"><a href="/services/${row.id}">${escaped(row.code)}</a></th><td>${escaped(row.label)}</td><td>${row.starts_at.toISOString()}</td><td>${row.ends_at?.toISOString() ?? "—"}</td></tr>`,
    );
    return reply
      .type("text/html; charset=utf-8")
      .send(
        `<!doctype html><html lang="fr"><body><p>${escaped(who.first_name)}</p><table>${cells.join("")}</table></body></html>`,
      );
  });
  return { url: await server.listen({ host: "127.0.0.1", port: 0 }), close: () => server.close() };
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** P-01 and P-08: the health route and a list of the hospital's services, signed in, against a bare Fastify. */
export async function benchPages(portal: BenchPortal): Promise<Line[]> {
  const bareServer = Fastify();
  bareServer.get("/", async () => "hello");
  const bareUrl = await bareServer.listen({ host: "127.0.0.1", port: 0 });
  const load = async (url: string, duration: number, cookie?: string) => {
    const result = await autocannon({
      url,
      connections: CONNECTIONS,
      duration,
      // the load comes from a thread of its own: what it costs is not the portal's
      workers: 1,
      ...(cookie ? { headers: { cookie } } : {}),
    });
    if (result.non2xx > 0) throw new Error(`${url} answered ${result.non2xx} times otherwise than 2xx`);
    return result.requests.average;
  };
  const rate = async (url: string, cookie?: string) => {
    await load(url, WARM_UP_SECONDS, cookie);
    return load(url, SECONDS, cookie);
  };
  const bare = await rate(bareUrl);
  await bareServer.close();
  const health = await rate(`${portal.url}/sante`);
  const cookie = await portal.signIn("agathe.vidal@gh-trois-vallees.example");
  const list = await rate(`${portal.url}/organisation/services`, cookie);
  const bareList = await bareListServer(portal);
  const bareRate = await rate(bareList.url, cookie);
  await bareList.close();
  return [
    {
      path: "P-01",
      what: "health route, against a bare Fastify",
      value: health,
      bare,
      unit: "req/s",
      ratio: health / bare,
      bound: 0.4,
    },
    {
      path: "P-08",
      what: "list of 35 services, signed in, against 1,000 pages/s",
      value: list,
      bare: 1000,
      unit: "pages/s",
      ratio: list / 1000,
      bound: 1,
    },
    {
      path: "P-08",
      what: "list of 35 services, signed in, against a bare handler",
      value: list,
      bare: bareRate,
      unit: "pages/s",
      ratio: list / bareRate,
      // 1,000 pages a second where the prototype of the specification made 2,550
      bound: 0.39,
    },
  ];
}
