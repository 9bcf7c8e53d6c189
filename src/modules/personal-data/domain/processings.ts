import { retentionDays } from "./retention.ts";

/** One line of the register of processing. Source: RGPD, article 30. */
export type Processing = {
  readonly name: string;
  readonly purpose: string;
  readonly basis: string;
  readonly people: string;
  readonly data: string;
  readonly recipients: string;
  readonly kept: string;
  readonly measures: string;
  /** The tables of the database that hold it. */
  readonly tables: readonly string[];
};

const PUBLIC_MISSION = "Mission d'intérêt public (article 6.1.e)";
const SECURITY_DUTY = "Obligation légale de sécurité (articles 6.1.c et 32)";
const months = (days: number) => `${Math.round(days / 30.4)} mois`;

/** All that the portal does with what names people. A test holds it against the tables of the database. */
export const processings: readonly Processing[] = [
  {
    name: "Comptes des personnes",
    purpose: "Savoir qui agit, et lui permettre de se connecter",
    basis: PUBLIC_MISSION,
    people: "Agents des structures publiques, personnes qui travaillent pour un fournisseur",
    data: "Adresse de connexion, prénom, nom ; téléphone, adresse postale et adresse de contact facultatifs ; dates du compte, identité d'un fournisseur reliée à la demande de la personne",
    recipients: "La personne ; les gestionnaires des structures où elle est rattachée ou demande à l'être",
    kept: "Jamais activé : 30 jours. Sinon jusqu'à sa fermeture, d'office après 24 mois sans connexion ; le nom est alors effacé partout sous 24 heures, sauf de l'historique",
    measures:
      "Mot de passe haché (Argon2id), liens à usage unique, cloison par personne et par structure dans la base",
    tables: ["account", "emailed_token", "federated_identity", "federation_attempt"],
  },
  {
    name: "Connexions et sessions",
    purpose: "Tenir la session ouverte, montrer à chacun les siennes, arrêter les essais de mots de passe",
    basis: SECURITY_DUTY,
    people: "Personnes qui se connectent, ou essaient",
    data: "Adresse de réseau, navigateur, dates ; clés publiques et secrets chiffrés de la double authentification",
    recipients: "La personne elle-même",
    kept: `Sessions : ${months(retentionDays.sessions)}, adresse de réseau raccourcie après ${retentionDays.sessionAddress} jours. Essais : un jour. Navigateurs de confiance : 30 jours. Double authentification : jusqu'à son retrait`,
    measures: "Jetons gardés hachés, secrets chiffrés par la clé du déploiement",
    tables: [
      "web_session",
      "federated_session",
      "sign_in_throttle",
      "trusted_browser",
      "second_factor",
      "recovery_code",
    ],
  },
  {
    name: "Rattachements et habilitations",
    purpose: "Savoir qui peut faire quoi pour quelle structure, et qui l'a décidé",
    basis: PUBLIC_MISSION,
    people: "Personnes rattachées, invitées, ou qui demandent à l'être",
    data: "Rattachements, droits, demandes et leurs messages, invitations (adresse, prénom, nom), empreinte d'une adresse quittée, revues, propositions et reprises du rôle de gestionnaire",
    recipients: "La personne ; les gestionnaires de la structure",
    kept: `Le temps du rattachement, puis sous le pseudonyme du compte fermé. Invitations closes : ${months(retentionDays.invitations)} ; empreinte d'une adresse quittée : ${months(retentionDays.formerMailboxes)}`,
    measures: "Cloison par structure dans la base ; nul ne donne plus qu'il n'a",
    tables: [
      "membership",
      "membership_grant",
      "membership_request",
      "former_mailbox",
      "grant_request",
      "invitation",
      "manager_claim",
      "manager_proposal",
      "review",
      "review_item",
      "succession",
      "profile",
    ],
  },
  {
    name: "Structures et coordonnées bancaires",
    purpose: "Identifier qui émet et reçoit des factures, et où payer",
    basis: PUBLIC_MISSION,
    people: "Particuliers et entrepreneurs individuels inscrits comme structure ; contacts d'une structure",
    data: "Nom, adresse, téléphone, courriel de la structure ; titulaire et IBAN",
    recipients:
      "Les membres de la structure ; le public pour ce que l'annuaire montre des structures publiques, et de celles qui le choisissent",
    kept: "Tant que la structure existe ; 24 mois dans l'annuaire après sa fermeture, puis dans les archives de l'opérateur",
    measures:
      "IBAN masqué à qui ne fait que consulter ; chaque changement prévient les gestionnaires, et un second le confirme ; nom et ville masqués si l'entreprise s'oppose à leur diffusion",
    tables: [
      "structure",
      "service",
      "bank_account",
      "identifier_change",
      "deactivation_request",
      "official_contact",
      "email_domain",
      "domain_approval",
      "proof_code",
      "directory_entry",
    ],
  },
  {
    name: "Répertoire national des entreprises",
    purpose: "Préremplir et vérifier l'identité des structures",
    basis: PUBLIC_MISSION,
    people: "Entrepreneurs individuels dont la fiche est publique",
    data: "Nom, adresse et activité de l'établissement, tels que l'Insee les diffuse",
    recipients: "La personne qui crée une structure sous ce numéro",
    kept: "Jusqu'à l'import suivant des fichiers de l'Insee",
    measures: "Fiches à diffusion partielle non montrées",
    tables: ["register_establishment", "register_company"],
  },
  {
    name: "Messages et notifications",
    purpose: "Dire à chacun ce qui le concerne",
    basis: PUBLIC_MISSION,
    people: "Titulaires de compte, personnes invitées",
    data: "Adresse, prénom, objet et texte du message, choix des messages",
    recipients: "Le destinataire du message",
    kept: `Messages partis : ${retentionDays.sentMails} jours, leur texte effacé dès l'envoi par un serveur de messagerie. Notifications : ${months(retentionDays.notifications)}`,
    measures:
      "Ni montant ni coordonnée bancaire dans un message ; boîte d'envoi fermée à tout ce qui n'est pas l'envoi",
    tables: ["mail", "notification", "notification_preference"],
  },
  {
    name: "Historique des actions",
    purpose: "Prouver qui a fait quoi, quand, à quel titre",
    basis: "Obligation légale (article 6.1.c) : preuve des droits et des pièces comptables",
    people: "Quiconque agit dans le portail",
    data: "Nom de qui agit, adresse d'une personne invitée, adresse de réseau raccourcie, acte, objet, avant et après",
    recipients: "Gestionnaires de la structure, pour la sienne ; la personne, pour ses propres actes",
    kept: "Dix ans, le nom compris : l'effacer romprait la preuve (article 17.3)",
    measures: "Écriture seule, chaîné et scellé ; « npm run audit:verify » dit tout changement",
    tables: ["journal_entry"],
  },
  {
    name: "Imports et actualités",
    purpose: "Créer ou changer beaucoup de choses par un fichier ; informer",
    basis: PUBLIC_MISSION,
    people: "Personnes nommées dans un fichier, opérateurs",
    data: "Lignes du fichier, nom de qui l'a envoyé",
    recipients: "Les gestionnaires de la structure",
    kept: `Lignes d'un fichier : ${months(retentionDays.importLines)} ; le nom de qui l'a envoyé disparaît avec son compte`,
    measures: "Fichier lu dans un fil borné, jamais gardé lui-même",
    tables: ["import", "import_line", "news"],
  },
];
