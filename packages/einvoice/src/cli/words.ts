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
    usage: `Usage : einvoice check FICHIER… [--rules en16931,facturx,fr-ctc,extended-ctc-fr] [--format text|json|sarif|junit] [--lang fr|en]
        einvoice check --ndjson [--rules …]   une ligne {"id":…,"xml":…} par facture, sur l'entrée standard
        einvoice convert FICHIER --to ubl|cii [--profile "BASIC WL"] [--output FICHIER]
        einvoice show FICHIER
        einvoice extract FICHIER.pdf [--output FICHIER.xml]
        einvoice embed FACTURE.xml --output FICHIER.pdf [--pdf PAGES.pdf]
        einvoice --help

Code de retour : 0 tout est conforme ou gardé, 1 une règle est enfreinte ou un terme perdu, 2 un fichier ou une option ne peut être employé.`,
    unknownCommand: (name: string) =>
      `Commande inconnue : ${name}. Choisissez check, convert, show, extract ou embed.`,
    oneFile: "Donnez un fichier, et un seul.",
    oneInvoice: "Ce fichier ne contient pas une facture, et une seule : donnez la facture elle-même.",
    notAPdf: "Ce fichier n'est pas un PDF : donnez un PDF Factur-X ou ZUGFeRD.",
    outputNeeded: "Donnez le fichier à écrire : --output FICHIER.pdf.",
    unknownTarget: (name: string) =>
      `Format d'arrivée inconnu : ${name || "aucun"}. Donnez --to ubl ou --to cii.`,
    unknownProfile: (name: string, known: string) => `Profil inconnu : ${name}. Choisissez parmi ${known}.`,
    profileOfCii: "Un profil Factur-X ne vaut que pour CII : retirez --profile, ou donnez --to cii.",
    lost: (term: string, value: string) => `Perdu : ${term} (${value})`,
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
    usage: `Usage: einvoice check FILE… [--rules en16931,facturx,fr-ctc,extended-ctc-fr] [--format text|json|sarif|junit] [--lang fr|en]
       einvoice check --ndjson [--rules …]   one line {"id":…,"xml":…} an invoice, on standard input
       einvoice convert FILE --to ubl|cii [--profile "BASIC WL"] [--output FILE]
       einvoice show FILE
       einvoice extract FILE.pdf [--output FILE.xml]
       einvoice embed INVOICE.xml --output FILE.pdf [--pdf PAGES.pdf]
       einvoice --help

Exit code: 0 everything conforms or is kept, 1 a rule is broken or a term lost, 2 a file or an option cannot be used.`,
    unknownCommand: (name: string) =>
      `Unknown command: ${name}. Choose check, convert, show, extract or embed.`,
    oneFile: "Give one file, and one only.",
    oneInvoice: "This file does not hold one invoice, and one only: give the invoice itself.",
    notAPdf: "This file is not a PDF: give a Factur-X or ZUGFeRD PDF.",
    outputNeeded: "Give the file to write: --output FILE.pdf.",
    unknownTarget: (name: string) => `Unknown target format: ${name || "none"}. Give --to ubl or --to cii.`,
    unknownProfile: (name: string, known: string) => `Unknown profile: ${name}. Choose among ${known}.`,
    profileOfCii: "A Factur-X profile is for CII only: leave --profile out, or give --to cii.",
    lost: (term: string, value: string) => `Lost: ${term} (${value})`,
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
