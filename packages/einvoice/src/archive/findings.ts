import type { Finding } from "../model/finding.ts";

const messages = {
  BROKEN: {
    fr: "L'archive est abîmée ou incomplète : produisez-la ou envoyez-la de nouveau.",
    en: "The archive is damaged or cut short: make it or send it again.",
  },
  "TOO-MANY-ENTRIES": {
    fr: "L'archive contient trop de fichiers : partagez-la en plusieurs.",
    en: "The archive holds too many files: split it.",
  },
  "INFLATES-TOO-MUCH": {
    fr: "L'archive dépasse toute mesure une fois déployée : partagez-la, et vérifiez ses fichiers.",
    en: "The archive unfolds beyond measure: split it, and check its files.",
  },
  "NOT-A-TAR": {
    fr: "Le fichier compressé (gz) ne contient pas d'archive tar : envoyez un fichier tar.gz ou zip.",
    en: "The compressed file (gz) holds no tar archive: send a tar.gz or zip file.",
  },
  PATH: {
    fr: "Le nom de ce fichier sortirait de l'archive ou n'est pas un chemin simple : renommez-le.",
    en: "The name of this file would leave the archive or is no plain path: rename it.",
  },
  LINK: {
    fr: "L'archive contient un lien ou un fichier spécial, refusé par sécurité : joignez le fichier lui-même.",
    en: "The archive holds a link or a special file, refused for safety: add the file itself.",
  },
  NESTED: {
    fr: "L'archive en contient une autre, qui n'est pas ouverte : placez ses fichiers dans la première.",
    en: "The archive holds another one, which is not opened: put its files in the first.",
  },
  ENCRYPTED: {
    fr: "Ce fichier de l'archive est protégé par un mot de passe : refaites l'archive sans mot de passe.",
    en: "This file of the archive is protected by a password: make the archive again without.",
  },
  METHOD: {
    fr: "Ce fichier de l'archive est compressé par un procédé inconnu : refaites l'archive en zip ordinaire (Deflate).",
    en: "This file of the archive is compressed in an unknown way: make the archive again as an ordinary zip (Deflate).",
  },
  CHECKSUM: {
    fr: "Ce fichier de l'archive est abîmé : sa somme de contrôle est fausse. Refaites l'archive.",
    en: "This file of the archive is damaged: its checksum is wrong. Make the archive again.",
  },
  DUPLICATE: {
    fr: "Deux fichiers de l'archive portent le même nom : renommez-en un.",
    en: "Two files of the archive have the same name: rename one.",
  },
  EMPTY: {
    fr: "L'archive ne contient aucun fichier : ajoutez-lui vos factures.",
    en: "The archive holds no file: add your invoices to it.",
  },
} as const satisfies Record<string, Finding["message"]>;

export type ArchiveFlaw = keyof typeof messages;

/** A finding on an archive, or on the entry of that name. */
export function archiveFinding(flaw: ArchiveFlaw, name?: string): Finding {
  return {
    rule: `ARCHIVE-${flaw}`,
    severity: "fatal",
    ...(name === undefined ? {} : { value: name.slice(0, 300) }),
    message: messages[flaw],
  };
}
