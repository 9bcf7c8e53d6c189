import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { asksForDemo, readConfig, WrongSettings } from "../src/config.ts";
import { productRoot } from "../src/platform/paths.ts";

const data = mkdtempSync(join(tmpdir(), "unisson-start-"));
chmodSync(data, 0o755);
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(data, { recursive: true, force: true });
});

type Start = { readonly child: ChildProcess; readonly said: () => string; readonly address: string };

/** Starts the portal, and waits until it says where it is or stops. */
async function start(
  port: number,
  settings: Record<string, string> = {},
  command: readonly string[] = ["--import", "tsx", "src/main.ts"],
): Promise<Start> {
  const child = spawn(process.execPath, command, {
    cwd: productRoot,
    env: {
      ...process.env,
      UNISSON_DATA: data,
      UNISSON_PORT: String(port),
      NODE_ENV: "production",
      ...settings,
    },
  });
  running.add(child);
  let said = "";
  child.stdout!.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    said += chunk;
  });
  for (let tries = 0; tries < 300 && !said.includes("Arrêt : Ctrl-C") && child.exitCode === null; tries++)
    await sleep(100);
  return { child, said: () => said, address: /est prêt : (\S+)/.exec(said)?.[1] ?? "" };
}

const ended = (child: ChildProcess) =>
  child.exitCode !== null
    ? child.exitCode
    : new Promise((resolve) => child.once("exit", (code) => resolve(code)));

test("Un dossier neuf, un second démarrage refusé, un arrêt brutal, un redémarrage : rien n'est perdu (F-25)", {
  timeout: 90_000,
}, async () => {
  const first = await start(3410);
  expect(first.said()).toContain("claire.morel@sainte-aurore.example");
  expect((await fetch(`${first.address}/sante/pret`)).status).toBe(200);
  expect(await (await fetch(`${first.address}/annuaire?q=sainte+aurore`)).text()).toContain(
    "Commune de Sainte-Aurore",
  );

  const second = await start(3420);
  expect(await ended(second.child)).toBe(1);
  expect(second.said()).toContain("est déjà utilisé par un autre portail");

  first.child.kill("SIGKILL");
  await ended(first.child);
  const again = await start(3410);
  expect(await (await fetch(`${again.address}/annuaire?q=sainte+aurore`)).text()).toContain(
    "Commune de Sainte-Aurore",
  );
  again.child.kill("SIGTERM");
  expect(await ended(again.child), again.said()).toBe(0);
});

test("npm start s'arrête proprement sur Ctrl-C, que le signal lui parvienne seul ou deux fois", {
  timeout: 60_000,
}, async () => {
  for (const signals of [1, 2]) {
    const { child, said } = await start(3430, { NODE_ENV: "" }, ["scripts/start.mjs"]);
    for (let sent = 0; sent < signals; sent++) child.kill("SIGINT");
    expect(await ended(child), said()).toBe(0);
  }
});

const production = {
  UNISSON_MODE: "production",
  UNISSON_PUBLIC_URL: "https://unisson.example",
  UNISSON_SECRET: "s".repeat(40),
  SMTP_URL: "smtp://127.0.0.1:1025",
};

test("En production, ni monde de démonstration, ni base qui le contient : ses mots de passe sont publics", {
  timeout: 60_000,
}, async () => {
  expect(asksForDemo(readConfig(production), true)).toBe(false);
  expect(() => readConfig({ ...production, UNISSON_DEMO: "on" })).toThrow(/UNISSON_DEMO ne peut être « on »/);
  const refused = await start(3410, production);
  expect(await ended(refused.child)).toBe(1);
  expect(refused.said()).toContain("Cette base contient le monde de démonstration");
});

test("Des réglages faux sont refusés ensemble, chacun avec une phrase", () => {
  const read = () => readConfig({ UNISSON_PORT: "abc", DATABASE_URL: "mysql://x", UNISSON_SECRET: "court" });
  expect(read).toThrow(WrongSettings);
  try {
    read();
  } catch (error) {
    expect((error as WrongSettings).sentences).toHaveLength(3);
  }
  expect(() => readConfig({ UNISSON_MODE: "production", UNISSON_SECRET: "s".repeat(40) })).toThrow(
    /UNISSON_PUBLIC_URL est obligatoire en production/,
  );
});
