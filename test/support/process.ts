import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { DEMO_PASSWORD } from "../../src/modules/demo/index.ts";
import { productRoot } from "../../src/platform/paths.ts";
import { Browser } from "./browser.ts";

/** The secret of the portals that a test starts: known, so that sessions outlive their process. */
export const SECRET = "a-secret-for-tests-only-0123456789abcdef";
export const CLAIRE = "claire.morel@sainte-aurore.example";

const running = new Set<ChildProcess>();
const folders: string[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that the database's unprivileged user may walk into; removed with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unisson-faults-"));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

export type PortalProcess = { readonly child: ChildProcess; readonly url: string };

/** Builds what `npm start` runs, where it is older than its sources. */
export function buildPortal(): void {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], {
    cwd: productRoot,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The portal was not built: ${stderr}`);
}

/** The portal as a process of its own, as built; answers once it serves. */
export async function startProcess(port: number, settings: Record<string, string>): Promise<PortalProcess> {
  const child = run("dist/main.js", {
    NODE_ENV: "production",
    UNISSON_PORT: String(port),
    REQUESTS_PER_MINUTE: "0",
    SIGN_UP_PROOF: "off",
    ...settings,
  });
  let said = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  for (let tries = 0; tries < 1_500 && !said.includes("Arrêt : Ctrl-C"); tries++) {
    if (child.exitCode !== null) throw new Error(`The portal did not start: ${said}`);
    await sleep(20);
  }
  return { child, url: `http://localhost:${port}` };
}

/** A program of the product, in a process that ends with the test. */
export function run(program: string, settings: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [...(program.endsWith(".ts") ? ["--import", "tsx"] : []), program], {
    cwd: productRoot,
    env: { ...process.env, UNISSON_SECRET: SECRET, ...settings },
  });
  running.add(child);
  return child;
}

export const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));

export async function signedIn(url: string, email = CLAIRE): Promise<Browser> {
  const browser = new Browser(url);
  await browser.open("/connexion");
  await browser.send({ email, password: DEMO_PASSWORD });
  return browser;
}
