// What every command needs first, in plain JavaScript that any Node ≥ 20 runs: dependencies, then the project's own Node.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".unisson-installed");

/** Installs the dependencies when they are absent or the lock file changed since. */
export function ensureInstalled() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const lock = join(modules, ".package-lock.json");
  if (!existsSync(lock) || !matches(lock)) {
    console.log("Installation des dépendances…");
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const { status } = spawnSync(
      npm,
      ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"],
      {
        cwd: root,
        stdio: "inherit",
        shell: process.platform === "win32",
      },
    );
    if (status !== 0) {
      console.error(
        "L'installation des dépendances a échoué : vérifiez l'accès au registre npm, puis relancez.",
      );
      process.exit(1);
    }
  }
  writeFileSync(stamp, wanted);
}

/** Whether what is installed is what the lock file asks for. */
function matches(installedLock) {
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedLock, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || entry.optional || entry.link || installed[path]?.version === entry.version,
  );
}

/** The Node that the project brings (24), else the one running. */
export function projectNode() {
  const own = join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node");
  return existsSync(own) ? own : process.execPath;
}

/** The environment in which `node` means the project's own. */
export function projectEnv() {
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: `${join(modules, ".bin")}${separator}${process.env.PATH ?? ""}` };
}

/**
 * Runs the project's Node on arguments, passing signals on; answers its exit code.
 * @param {string[]} args
 */
export function runNode(args) {
  return new Promise((resolve) => {
    const child = spawn(projectNode(), args, { cwd: root, stdio: "inherit", env: projectEnv() });
    const passOn = (signal) => child.kill(signal);
    // Ctrl-C also reaches the child by its terminal: the server counts the two as one
    process.on("SIGINT", passOn);
    process.on("SIGTERM", passOn);
    process.on("SIGHUP", passOn);
    child.once("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a command of node_modules to its end; answers whether it succeeded. */
export function runTool(name, args, options = {}) {
  const { status } = spawnSync(
    name.includes("/") || name.includes("\\") ? name : join(modules, ".bin", name),
    args,
    {
      cwd: root,
      stdio: "inherit",
      env: projectEnv(),
      shell: process.platform === "win32",
      ...options,
    },
  );
  return status === 0;
}
