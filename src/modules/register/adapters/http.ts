import { ConsecutiveBreaker, circuitBreaker, handleAll } from "cockatiel";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { z } from "zod";
import {
  type Establishment,
  LISTED_AT_MOST,
  type NationalRegister,
  type RegisterAnswer,
} from "../domain/establishment.ts";

/** A person waits for the answer: past this the register is silent (quality F-26). */
const TIMEOUT_MS = 2_500;
const MAX_ANSWER_BYTES = 1_000_000;
const FAILURES_BEFORE_OPEN = 3;
const OPEN_MS = 30_000;
const KEPT_MS = 24 * 3_600_000;
const KEPT_ANSWERS = 5_000;
const ADDRESS_MAX = 38;

const establishmentShape = z.object({
  siret: z.string().regex(/^\d{14}$/),
  adresse: z.string().nullish(),
  code_postal: z.string().nullish(),
  libelle_commune: z.string().nullish(),
  activite_principale: z.string().nullish(),
  etat_administratif: z.string().nullish(),
  date_fermeture: z.string().nullish(),
  statut_diffusion_etablissement: z.string().nullish(),
});
const answerShape = z.object({
  results: z.array(
    z.object({
      siren: z.string(),
      nom_complet: z.string().nullish(),
      nom_raison_sociale: z.string().nullish(),
      nature_juridique: z.string().nullish(),
      categorie_entreprise: z.string().nullish(),
      siege: establishmentShape.nullish(),
      matching_etablissements: z.array(establishmentShape).nullish(),
    }),
  ),
});
type Answer = z.output<typeof answerShape>;

/**
 * The State's public company search over HTTP (`GET {url}/search?q=…`): 2.5 s and 1 MB at most, no redirect followed,
 * answers kept a day, no call for 30 s after three failures in a row.
 * @param url of the service, without its final slash
 */
export function httpRegister(url: string, log: Pick<Logger, "warn">): NationalRegister {
  const kept = new LRUCache<string, Answer>({ max: KEPT_ANSWERS, ttl: KEPT_MS });
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_BEFORE_OPEN),
  });
  const ask = async (digits: string): Promise<Answer | null> => {
    const known = kept.get(digits);
    if (known) return known;
    try {
      const answer = await breaker.execute(() => search(url, digits));
      kept.set(digits, answer);
      return answer;
    } catch (error) {
      log.warn({ err: error }, "the national register did not answer");
      return null;
    }
  };
  return {
    find: async (siret): Promise<RegisterAnswer> => {
      const answer = await ask(siret);
      if (!answer) return { kind: "silent" };
      const establishment = establishmentsOf(answer).find((one) => one.siret === siret);
      return establishment ? { kind: "found", establishment } : { kind: "unknown" };
    },
    list: async (siren) => {
      const answer = await ask(siren);
      return answer === null
        ? []
        : establishmentsOf(answer)
            .filter((one) => one.siret.startsWith(siren) && one.isOpen)
            .slice(0, LISTED_AT_MOST);
    },
  };
}

async function search(url: string, digits: string): Promise<Answer> {
  const response = await fetch(`${url}/search?q=${digits}&page=1&per_page=1`, {
    headers: { accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The register answered ${response.status}`);
  return answerShape.parse(JSON.parse(await boundedText(response)));
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new Error("The register's answer is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function establishmentsOf(answer: Answer): Establishment[] {
  const found = new Map<string, Establishment>();
  for (const company of answer.results)
    for (const one of [...(company.matching_etablissements ?? []), company.siege]) {
      if (!one || found.has(one.siret)) continue;
      const isConfidential =
        one.statut_diffusion_etablissement === "P" || one.statut_diffusion_etablissement === "N";
      const postcode = one.code_postal ?? "";
      found.set(one.siret, {
        siret: one.siret,
        legalName: isConfidential ? "" : (company.nom_raison_sociale || company.nom_complet || "").trim(),
        addressLine: isConfidential ? "" : streetOf(one.adresse ?? "", postcode),
        addressExtra: "",
        postcode: isConfidential ? "" : postcode,
        town: isConfidential ? "" : (one.libelle_commune ?? ""),
        activityCode: one.activite_principale ?? "",
        legalCategory: company.nature_juridique ?? "",
        companyCategory: company.categorie_entreprise ?? "",
        isOpen: one.etat_administratif !== "F",
        closedOn: one.etat_administratif === "F" ? (one.date_fermeture ?? null) : null,
        isConfidential,
      });
    }
  return [...found.values()];
}

/** The street of an address written in one line: what stands before the postcode. */
function streetOf(address: string, postcode: string): string {
  const at = postcode === "" ? -1 : address.lastIndexOf(postcode);
  return (at > 0 ? address.slice(0, at) : address).trim().slice(0, ADDRESS_MAX).trim();
}
