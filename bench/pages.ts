import autocannon from "autocannon";
import Fastify from "fastify";
import type { Line } from "./main.ts";
import type { BenchPortal } from "./portal.ts";

const CONNECTIONS = 16;
const SECONDS = 8;
const WARM_UP_SECONDS = 3;

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
  ];
}
