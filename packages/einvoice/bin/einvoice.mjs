#!/usr/bin/env node
// The command as installed runs what was built; in a fresh clone it is built first.
import { existsSync } from "node:fs";

const built = new URL("../dist/cli.mjs", import.meta.url);
if (!existsSync(built)) await (await import("../scripts/build.mjs")).build();
await import(built.href);
