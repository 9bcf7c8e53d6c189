/** The languages that the command speaks. */
export type Language = "fr" | "en";

/** The language asked for, else that of the environment, else French. */
export function languageOf(asked: string | undefined, env: NodeJS.ProcessEnv): Language | undefined {
  if (asked !== undefined) return asked === "fr" || asked === "en" ? asked : undefined;
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return locale.startsWith("en") ? "en" : "fr";
}

/** What the command says, in each language. */
export const words = {
  fr: {
    usage: `Usage : einvoice check FICHIER… [--rules en16931,facturx,fr-ctc] [--format text|json|sarif|junit] [--lang fr|en]
        einvoice check --ndjson [--rules en16931,facturx,fr-ctc]   une ligne {"id":…,"xml":…} par facture, sur l'entrée standard
        einvoice --help

Code de retour : 0 tout est conforme, 1 une règle est enfreinte, 2 un fichier ou une option ne peut être employé.`,
    unknownCommand: (name: string) => `Commande inconnue : ${name}. La commande est check.`,
    unknownRules: (name: string, known: string) =>
      `Jeu de règles inconnu : ${name}. Choisissez parmi ${known}.`,
    unknownFormat: (name: string) => `Format inconnu : ${name}. Choisissez text, json, sarif ou junit.`,
    unknownLanguage: (name: string) => `Langue inconnue : ${name}. Choisissez fr ou en.`,
    noFile: "Donnez au moins un fichier à vérifier, ou --ndjson pour lire l'entrée standard.",
    cannotOpen: (reason: string) =>
      `Le fichier ne peut être ouvert (${reason}) : vérifiez son nom et vos droits.`,
    conforms: "conforme",
    findings: (fatal: number, warnings: number) =>
      [
        `${fatal} erreur${fatal > 1 ? "s" : ""}`,
        ...(warnings > 0 ? [`${warnings} avertissement${warnings > 1 ? "s" : ""}`] : []),
      ].join(", "),
    unusable: "illisible",
    value: "valeur",
    total: (files: number, conforming: number) =>
      `${files} fichier${files > 1 ? "s" : ""}, dont ${conforming} conforme${conforming > 1 ? "s" : ""}`,
  },
  en: {
    usage: `Usage: einvoice check FILE… [--rules en16931,facturx,fr-ctc] [--format text|json|sarif|junit] [--lang fr|en]
       einvoice check --ndjson [--rules en16931,facturx,fr-ctc]   one line {"id":…,"xml":…} an invoice, on standard input
       einvoice --help

Exit code: 0 everything conforms, 1 a rule is broken, 2 a file or an option cannot be used.`,
    unknownCommand: (name: string) => `Unknown command: ${name}. The command is check.`,
    unknownRules: (name: string, known: string) => `Unknown rule set: ${name}. Choose among ${known}.`,
    unknownFormat: (name: string) => `Unknown format: ${name}. Choose text, json, sarif or junit.`,
    unknownLanguage: (name: string) => `Unknown language: ${name}. Choose fr or en.`,
    noFile: "Give at least one file to check, or --ndjson to read standard input.",
    cannotOpen: (reason: string) => `The file cannot be opened (${reason}): check its name and your rights.`,
    conforms: "conforms",
    findings: (fatal: number, warnings: number) =>
      [
        `${fatal} error${fatal > 1 ? "s" : ""}`,
        ...(warnings > 0 ? [`${warnings} warning${warnings > 1 ? "s" : ""}`] : []),
      ].join(", "),
    unusable: "unreadable",
    value: "value",
    total: (files: number, conforming: number) =>
      `${files} file${files > 1 ? "s" : ""}, ${conforming} conforming`,
  },
} as const;

export type Words = (typeof words)[Language];
