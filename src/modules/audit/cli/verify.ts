/** `npm run audit:verify`: says whether the journal is as it was written, and where it is not. Exit code 1 if not. */
import { existsSync, readFileSync } from "node:fs";
import { readConfig } from "../../../config.ts";
import { openOwnerConnection } from "../../../platform/owner-connection.ts";
import { readSeals } from "../domain/seal.ts";
import type { Finding } from "../domain/verify-chain.ts";
import { sealsFile } from "../jobs.ts";
import { verifyJournal } from "../verify.ts";

const words: { readonly [K in Finding["kind"]]: string } = {
  altered: "action modifiée",
  removed: "action retirée",
  inserted: "action ajoutée",
  swapped: "actions échangées",
  differsFromSeal: "historique réécrit : il ne répond plus au sceau",
};

function sentence({ kind, chainId, from, to }: Finding): string {
  const where = chainId === 0 ? "historique du portail" : `historique de la structure ${chainId}`;
  const place = from === to ? `place ${from}` : `places ${from} ${kind === "swapped" ? "et" : "à"} ${to}`;
  return `${where}, ${place} : ${words[kind]}`;
}

const config = readConfig(process.env);
const file = process.argv[2] ?? sealsFile(config);
const { client, close } = await openOwnerConnection(config);
try {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const { heads, brokenLine } = readSeals(lines);
  const started = performance.now();
  const { entries, chains, findings } = await verifyJournal(client, heads);
  const seconds = (performance.now() - started) / 1000;
  if (lines.length === 0) console.log(`Aucun sceau dans ${file} : la fin des historiques n'est pas prouvée.`);
  if (brokenLine !== null) console.error(`Sceaux (${file}), ligne ${brokenLine} : sceau modifié ou manquant`);
  for (const finding of findings) console.error(sentence(finding));
  const isSound = findings.length === 0 && brokenLine === null;
  console.log(
    `${entries} actions dans ${chains} historiques vérifiées en ${seconds.toFixed(2)} s : ${isSound ? "rien n'a été modifié." : "voir ci-dessus."}`,
  );
  process.exitCode = isSound ? 0 : 1;
} finally {
  await close();
}
