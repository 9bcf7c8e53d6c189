import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { productRoot } from "./platform/paths.ts";
import { canonicalEmail } from "./shared/email-address.ts";

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/**
 * Every setting of a deployment: name, type, unit, default, and the sentence shown when it is wrong.
 * The README's table is made from this list.
 */
export const settings = {
  UNISSON_PORT: {
    schema: wholeNumber(1, 65535).default(3000),
    says: "Port d'écoute. S'il est pris et non imposé, le suivant libre est utilisé.",
    example: "3000",
  },
  UNISSON_HOST: {
    schema: z.string().min(1).default("127.0.0.1"),
    says: "Adresse d'écoute. 0.0.0.0 derrière un serveur mandataire.",
    example: "127.0.0.1",
  },
  UNISSON_PUBLIC_URL: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    says: "Adresse publique, reprise dans les liens des messages. Obligatoire en production.",
    example: "https://portail.exemple.fr",
  },
  UNISSON_MODE: {
    schema: z.enum(["demonstration", "production"]).default("demonstration"),
    says: "En production, les secrets, l'adresse publique et le serveur de messagerie sont exigés.",
    example: "production",
  },
  UNISSON_DATA: {
    schema: z.string().min(1).default("data"),
    says: "Dossier des données de la base embarquée et du secret engendré.",
    example: "/var/lib/unisson",
  },
  UNISSON_SECRET: {
    schema: z.string().min(32).optional(),
    says: "Secret d'au moins 32 caractères qui protège les jetons de formulaire et les facteurs d'authentification.",
    example: "(openssl rand -base64 48)",
  },
  UNISSON_DEMO: {
    schema: z.enum(["auto", "on", "off"]).default("auto"),
    says: "Monde de démonstration : auto = seulement dans une base embarquée neuve.",
    example: "off",
  },
  UNISSON_TRUSTED_PROXIES: {
    schema: z
      .string()
      .optional()
      .transform((list) => (list ? list.split(",").map((one) => one.trim()) : [])),
    says: "Adresses des serveurs mandataires dont les en-têtes X-Forwarded-* sont crus, séparées par des virgules.",
    example: "10.0.0.2",
  },
  UNISSON_OPERATORS: {
    schema: z
      .string()
      .optional()
      .transform((list) => (list ? list.split(",").map(canonicalEmail) : [])),
    says: "Adresses électroniques des opérateurs du portail, séparées par des virgules.",
    example: "operateur@exemple.fr",
  },
  REQUESTS_PER_MINUTE: {
    schema: wholeNumber(0, 1_000_000).default(1200),
    says: "Demandes acceptées par minute et par adresse de réseau. 0 : pas de limite.",
    example: "1200",
  },
  UNISSON_METRICS_PORT: {
    schema: wholeNumber(1, 65535).optional(),
    says: "Port local (127.0.0.1) des mesures au format Prometheus. Absent : pas de mesures.",
    example: "9100",
  },
  UNISSON_LOG_LEVEL: {
    schema: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("warn"),
    says: "Niveau du journal technique (JSON, sur la sortie standard).",
    example: "info",
  },
  DATABASE_URL: {
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    says: "PostgreSQL 15 ou plus récent. Absent : base embarquée dans UNISSON_DATA.",
    example: "postgres://unisson:…@bd.exemple.fr/unisson",
  },
  DATABASE_OWNER_URL: {
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    says: "Connexion du propriétaire des tables, pour les migrations, si DATABASE_URL n'en est pas un.",
    example: "postgres://proprietaire:…@bd.exemple.fr/unisson",
  },
  DATABASE_POOL: {
    schema: wholeNumber(3, 200).default(10),
    says: "Nombre de connexions à la base par processus.",
    example: "10",
  },
  SMTP_URL: {
    schema: z.url({ protocol: /^smtps?$/ }).optional(),
    says: "Serveur d'envoi des messages. Absent : boîte aux lettres intégrée, sur /boite-aux-lettres.",
    example: "smtps://compte:secret@smtp.exemple.fr",
  },
  MAIL_FROM: {
    schema: z.string().min(3).default("Unisson <ne-pas-repondre@unisson.example>"),
    says: "Expéditeur des messages.",
    example: "Portail <portail@exemple.fr>",
  },
  ACTIVATION_LINK_HOURS: {
    schema: wholeNumber(1, 168).default(24),
    says: "Durée de vie du lien d'activation, en heures.",
    example: "24",
  },
  INVITATION_DAYS: {
    schema: wholeNumber(1, 60).default(7),
    says: "Durée de vie d'une invitation, en jours.",
    example: "7",
  },
  SIGN_UP_PROOF: {
    schema: z.enum(["on", "off"]).default("on"),
    says: "À l'inscription, le navigateur fait un calcul ; sans lui, les inscriptions sont comptées.",
    example: "off",
  },
  MANAGERS_NEED_SECOND_FACTOR: {
    schema: z.enum(["on", "off"]).default("off"),
    says: "La double authentification est exigée des gestionnaires principaux et des opérateurs.",
    example: "on",
  },
  BANK_FOUR_EYES: {
    schema: z.enum(["on", "off"]).default("on"),
    says: "Une coordonnée bancaire sert une fois confirmée par un second gestionnaire principal, dès qu'ils sont deux.",
    example: "off",
  },
  NATIONAL_REGISTER: {
    schema: z
      .union([
        z.enum(["local", "none"]),
        z.url({ protocol: /^https$/ }),
        z.url({ hostname: /^(127\.0\.0\.1|localhost)$/ }),
      ])
      .default("local"),
    says: "Répertoire national des entreprises : local (fichiers de l'Insee importés), none, ou l'adresse https de l'API publique de recherche d'entreprises.",
    example: "https://recherche-entreprises.api.gouv.fr",
  },
  DNS_SERVERS: {
    schema: z
      .string()
      .optional()
      .transform((list) => (list ? list.split(",").map((one) => one.trim()) : []))
      .pipe(z.array(z.string().regex(/^(\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?)$/))),
    says: "Serveurs DNS interrogés pour prouver un domaine de messagerie, séparés par des virgules. Absent : ceux du système.",
    example: "192.0.2.53,[2001:db8::53]:53",
  },
  OIDC_ISSUER: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    says: "Fournisseur d'identité OpenID Connect (ProConnect…), dont l'adresse sert de nom. Absent : mot de passe seul.",
    example: "https://auth.agentconnect.gouv.fr/api/v2",
  },
  OIDC_CLIENT_ID: {
    schema: z.string().min(1).optional(),
    says: "Identifiant du portail chez le fournisseur d'identité.",
    example: "unisson",
  },
  OIDC_CLIENT_SECRET: {
    schema: z.string().min(8).optional(),
    says: "Secret du portail chez le fournisseur d'identité.",
    example: "(donné par le fournisseur)",
  },
  OIDC_LABEL: {
    schema: z.string().min(1).max(40).default("ProConnect"),
    says: "Nom du fournisseur d'identité à l'écran.",
    example: "ProConnect",
  },
  DIRECTORY_LICENCE: {
    schema: z.string().min(1).max(100).default("Licence Ouverte 2.0 (etalab-2.0)"),
    says: "Licence des fichiers de l'annuaire, dite sur leur page et dans manifest.json.",
    example: "CC0-1.0",
  },
  DIRECTORY_IMPORT_FOLDER: {
    schema: z.string().min(1).optional(),
    says: "Dossier d'où la liste de référence des structures publiques est importée chaque nuit : structures.csv, puis services.csv. Absent : rien n'est importé seul.",
    example: "/var/lib/unisson/annuaire",
  },
  ACCESSIBILITY_CONTACT: {
    schema: z
      .union([z.url({ protocol: /^mailto$/ }), z.url({ protocol: /^https$/ })])
      .default("mailto:accessibilite@unisson.example"),
    says: "À qui signaler une difficulté d'accès : mailto:… ou l'adresse https d'un formulaire. Repris dans la déclaration d'accessibilité.",
    example: "mailto:accessibilite@exemple.fr",
  },
  ACCESSIBILITY_SCHEME_URL: {
    schema: z.url({ protocol: /^https$/ }).optional(),
    says: "Adresse https du schéma pluriannuel d'accessibilité de l'hébergeur (modèle : docs/schema-accessibilite.md).",
    example: "https://www.exemple.fr/accessibilite/schema-2027-2029",
  },
  SECURITY_CONTACT: {
    schema: z.string().min(3).default("mailto:securite@unisson.example"),
    says: "Contact pour signaler une faille, repris dans /.well-known/security.txt.",
    example: "mailto:securite@exemple.fr",
  },
  PORTAL_NAME: {
    schema: z.string().min(1).max(40).default("Unisson"),
    says: "Nom du portail à l'écran et dans les messages.",
    example: "Portail des achats d'Exemple",
  },
} as const;

type Settings = typeof settings;
export type SettingName = keyof Settings;
export type SettingValues = { [N in SettingName]: z.output<Settings[N]["schema"]> };

export type Config = SettingValues & {
  /** Where the embedded database and the generated secret live; absolute. */
  readonly dataFolder: string;
  readonly secret: string;
  /** Whether the port was chosen by the operator, so that another must not be taken silently. */
  readonly portIsImposed: boolean;
};

/** Thrown at start: every wrong setting at once, in sentences that say what to do. */
export class WrongSettings extends Error {
  readonly sentences: readonly string[];
  constructor(sentences: readonly string[]) {
    super(`Réglages à corriger :\n${sentences.map((one) => `  - ${one}`).join("\n")}`);
    this.sentences = sentences;
  }
}

/**
 * Reads all settings once.
 * @throws WrongSettings with one sentence per wrong setting
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const wrong: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const given = env[name] === "" ? undefined : env[name];
    const parsed = setting.schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else wrong.push(`${name}=${given ?? ""} n'est pas accepté. ${setting.says} Exemple : ${setting.example}`);
  }
  const config = values as SettingValues;
  if (wrong.length === 0) wrong.push(...missingForProduction(config), ...missingForFederation(config));
  if (wrong.length > 0) throw new WrongSettings(wrong);
  const dataFolder = resolve(productRoot, config.UNISSON_DATA);
  return {
    ...config,
    dataFolder,
    portIsImposed: Boolean(env.UNISSON_PORT),
    secret: config.UNISSON_SECRET ?? generatedSecret(dataFolder),
  };
}

function missingForProduction(config: SettingValues): string[] {
  const missing: string[] = [];
  if (config.UNISSON_MODE !== "production") return missing;
  if (config.UNISSON_DEMO === "on")
    missing.push(
      "UNISSON_DEMO ne peut être « on » en production : les mots de passe de démonstration sont publics.",
    );
  for (const name of ["UNISSON_PUBLIC_URL", "UNISSON_SECRET", "SMTP_URL"] as const)
    if (!config[name]) missing.push(`${name} est obligatoire en production. ${settings[name].says}`);
  if (config.UNISSON_PUBLIC_URL && !config.UNISSON_PUBLIC_URL.startsWith("https://"))
    missing.push("UNISSON_PUBLIC_URL doit commencer par https:// en production.");
  return missing;
}

function missingForFederation(config: SettingValues): string[] {
  if (!config.OIDC_ISSUER) return [];
  const missing = (["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const)
    .filter((name) => !config[name])
    .map((name) => `${name} est obligatoire avec OIDC_ISSUER. ${settings[name].says}`);
  if (config.UNISSON_MODE === "production" && !config.OIDC_ISSUER.startsWith("https://"))
    missing.push("OIDC_ISSUER doit commencer par https:// en production.");
  return missing;
}

/** Outside production, a secret of our own is drawn once and kept beside the data. */
function generatedSecret(dataFolder: string): string {
  const file = join(dataFolder, "secret");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  mkdirSync(dataFolder, { recursive: true });
  const secret = randomBytes(48).toString("base64url");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

/** Whether an address is one of the portal's operators. */
export function isOperatorAddress(
  { UNISSON_OPERATORS }: { readonly UNISSON_OPERATORS: readonly string[] },
  email: string,
): boolean {
  return UNISSON_OPERATORS.includes(canonicalEmail(email));
}

/**
 * Whether the demonstration world is to be made: unless told otherwise, in a new embedded database. Never in production,
 * where its accounts, whose password is public, would let anybody in.
 */
export function asksForDemo(
  { UNISSON_DEMO, UNISSON_MODE }: Pick<Config, "UNISSON_DEMO" | "UNISSON_MODE">,
  isNewEmbedded: boolean,
): boolean {
  if (UNISSON_MODE === "production") return false;
  return UNISSON_DEMO === "on" || (UNISSON_DEMO === "auto" && isNewEmbedded);
}
