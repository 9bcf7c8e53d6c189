import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import { toFrenchDateTime } from "../../shared/french-date-time.ts";
import { type CsvColumn, csvFile } from "../../web/csv.ts";
import type { Context } from "../../web/portal.ts";
import { journalFile } from "../audit/index.tsx";
import { type BankAccountRow, listBankAccounts } from "../bank-accounts/index.ts";
import { membersFile } from "../memberships/index.ts";
import { listKeptProfiles } from "../profiles/index.ts";
import { findStructure, listEmailDomains, servicesFile } from "../structures/index.ts";

type ExportedFile = {
  readonly name: string;
  readonly says: string;
  readonly open: (ctx: Context) => Readable;
};

const date = (instant: Date | null) => (instant ? toFrenchDateTime(instant) : "");

const storedStates: { readonly [S in BankAccountRow["state"]]: string } = {
  pendingConfirmation: "à confirmer",
  active: "en usage",
  disabled: "désactivée",
  blocked: "bloquée",
};

const bankAccountColumns: readonly CsvColumn<BankAccountRow>[] = [
  ["Nom", (account) => account.name],
  ["Titulaire", (account) => account.holder],
  ["IBAN", (account) => account.iban],
  ["BIC", (account) => account.bic ?? ""],
  ["Début", (account) => date(account.startsAt)],
  ["Fin", (account) => date(account.endsAt)],
  ["Par défaut", (account) => (account.isDefault ? "oui" : "non")],
  ["État", (account) => storedStates[account.state]],
];

/** Rows that are few, read when the file is. */
async function* once<R>(read: () => Promise<readonly R[]>): AsyncGenerator<R> {
  yield* await read();
}

async function* asJson(read: () => Promise<unknown>): AsyncGenerator<string> {
  yield `${JSON.stringify(await read(), null, 2)}\n`;
}

/** What the archive of a structure holds, in its order; organisation.md 15.1. */
export const exportedFiles: readonly ExportedFile[] = [
  {
    name: "structure.json",
    says: "La fiche de la structure : identifiant, adresse, rôles, règles de facturation. JSON, en UTF-8.",
    open: (ctx) => Readable.from(asJson(() => ctx.tx((tx) => findStructure(tx, ctx.membership.structureId)))),
  },
  {
    name: "services.csv",
    says: "Les services, fermés compris, avec leurs dates. S'importe tel quel dans « Importer des services ».",
    open: (ctx) => servicesFile(ctx),
  },
  {
    name: "utilisateurs.csv",
    says: "Les personnes rattachées, leur niveau, leurs services et leurs droits (M : modification, C : consultation).",
    open: (ctx) => membersFile(ctx),
  },
  {
    name: "domaines-de-messagerie.json",
    says: "Les domaines de messagerie de la structure, prouvés ou à prouver. JSON, en UTF-8.",
    open: (ctx) =>
      Readable.from(asJson(() => ctx.tx((tx) => listEmailDomains(tx, ctx.membership.structureId)))),
  },
  {
    name: "ensembles-de-droits.json",
    says: "Les ensembles de droits que la structure a adaptés ou ajoutés. JSON, en UTF-8.",
    open: (ctx) =>
      Readable.from(asJson(() => ctx.tx((tx) => listKeptProfiles(tx, ctx.membership.structureId)))),
  },
  {
    name: "coordonnees-bancaires.csv",
    says: "Les coordonnées bancaires, IBAN complets : gardez ce fichier en lieu sûr.",
    open: (ctx) =>
      csvFile(
        bankAccountColumns,
        once(() => ctx.tx((tx) => listBankAccounts(tx, ctx.membership.structureId))),
      ),
  },
  {
    name: "historique.csv",
    says: "Toutes les actions faites dans la structure, de la première à la dernière.",
    open: (ctx) => journalFile(ctx),
  },
];

const CSV_WORDS =
  "Les fichiers CSV sont en UTF-8, séparés par des points-virgules, leur première ligne donne les titres.";

/** The archive of the structure of the page, made while it is sent: each file is read when its turn comes. */
export function structureArchive(ctx: Context): Readable {
  const { structure } = ctx.membership;
  const zip = new ZipFile();
  const stream = Readable.from(zip.outputStream);
  zip.on("error", (error: Error) => stream.destroy(error));
  const readme = [
    `${structure.displayName} (${structure.identifierType} ${structure.identifierValue})`,
    `Exportée de ${ctx.config.PORTAL_NAME} le ${toFrenchDateTime(ctx.now)}, heure de Paris.`,
    "",
    ...exportedFiles.map(({ name, says }) => `${name}\n  ${says}`),
    "",
    CSV_WORDS,
    "",
  ].join("\n");
  const options = { mtime: ctx.now };
  zip.addBuffer(Buffer.from(readme), "LISEZMOI.txt", options);
  for (const { name, open } of exportedFiles)
    zip.addReadStreamLazy(name, options, (give) =>
      // the archive does not listen to what it reads from: unheard, the error would stop the process
      give(
        null,
        open(ctx).on("error", (error) => zip.emit("error", error)),
      ),
    );
  zip.end();
  return stream;
}
