import { accepted, type Result, refused } from "./result.ts";

/** An address as its owner typed it, checked; compare two of them by `canonicalEmail`, never by themselves. */
export type EmailAddress = string & { readonly __brand: "EmailAddress" };

export type EmailRefusal =
  | { readonly code: "EMAIL_MISSING" }
  | { readonly code: "EMAIL_TOO_LONG"; readonly length: number }
  | { readonly code: "EMAIL_NOT_ASCII"; readonly character: string }
  | { readonly code: "EMAIL_INVALID" };

/** RFC 5321, § 4.5.3.1: a whole path is at most 256 octets with its two brackets. */
export const EMAIL_MAX_LENGTH = 254;
const LOCAL_PART_MAX_LENGTH = 64;
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domainLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Reads a typed address. Letters outside ASCII are refused: two of them can look alike, and some fold into ASCII
 * ones (ı, K), which let one person receive another's link. Source: quality rules on identifiers; CVE-2019-19844.
 */
export function emailAddress(typed: string): Result<EmailAddress, EmailRefusal> {
  const text = typed.trim();
  if (text === "") return refused({ code: "EMAIL_MISSING" });
  if (text.length > EMAIL_MAX_LENGTH) return refused({ code: "EMAIL_TOO_LONG", length: text.length });
  const stranger = [...text].find((character) => character.codePointAt(0)! > 0x7e);
  if (stranger !== undefined) return refused({ code: "EMAIL_NOT_ASCII", character: stranger });
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  const isWellFormed =
    at > 0 &&
    local.length <= LOCAL_PART_MAX_LENGTH &&
    localPart.test(local) &&
    isDomainName(text.slice(at + 1));
  return isWellFormed ? accepted(text as EmailAddress) : refused({ code: "EMAIL_INVALID" });
}

/** Whether a text has the form of a domain of addresses: two labels at least, no number of a machine. */
export function isDomainName(text: string): boolean {
  const labels = text.split(".");
  return (
    labels.length >= 2 && labels.every((label) => domainLabel.test(label)) && !/^\d+$/.test(labels.at(-1)!)
  );
}

/**
 * ACC-01. The form two addresses are compared in: NFKC, then lower case of the ASCII letters only. Tags (`+x`) and
 * dots stay: two such addresses are two accounts. Applying it twice changes nothing.
 */
export function canonicalEmail(address: string): string {
  return address
    .trim()
    .normalize("NFKC")
    .trim()
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The mailbox that an address most likely reaches, its tag (`+x`) left out: two accounts may read the same one. */
export function mailboxOf(address: string): string {
  const canonical = canonicalEmail(address);
  const at = canonical.lastIndexOf("@");
  return canonical.slice(0, at).split("+", 1)[0]! + canonical.slice(at);
}

/** The address shown to who may not know it whole: `m…@exemple.fr`. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 1 ? "…" : `${[...address][0]}…${address.slice(at)}`;
}

const sharedMailboxes = new Set([
  ..."accueil achat achats admin administration bonjour bureau cabinet commande commandes commercial".split(
    " ",
  ),
  ..."communication compta comptabilite compta-fournisseurs contact contacts courrier devis direction dg dgs".split(
    " ",
  ),
  ..."equipe facturation facture factures finance finances fournisseur fournisseurs gestion hello info".split(
    " ",
  ),
  ..."infos information mail mairie marches office personnel postmaster rh secretariat service services".split(
    " ",
  ),
  ..."siege support tresorerie ville webmaster".split(" "),
]);

/** ACC-13. Whether the address looks shared by several people, so that nobody could tell who acted. */
export function looksShared(address: string): boolean {
  const local = canonicalEmail(address).split("@")[0]!.split("+")[0]!;
  return sharedMailboxes.has(local.replace(/[._]/g, "-").replace(/-?(?<!\d)\d+$/, ""));
}

/** The French sentence for each refusal of an address. */
export function emailRefusalText(refusal: EmailRefusal): string {
  switch (refusal.code) {
    case "EMAIL_MISSING":
      return "Renseignez l'adresse électronique.";
    case "EMAIL_TOO_LONG":
      return `Une adresse électronique compte au plus ${EMAIL_MAX_LENGTH} caractères ; vous en avez saisi ${refusal.length}.`;
    case "EMAIL_NOT_ASCII":
      return `Cette adresse contient « ${refusal.character} ». Saisissez-la sans accent ni caractère spécial.`;
    case "EMAIL_INVALID":
      return "Cette adresse n'est pas complète. Exemple : prenom.nom@exemple.fr";
  }
}
