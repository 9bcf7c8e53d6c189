import type { GivingUpRefusal, SuccessionRefusal } from "../domain/succession.ts";

const named = (refusal: SuccessionRefusal): string => ("service" in refusal ? refusal.service : "");

const notYours =
  "Des personnes sont rattachées à ces services : il vous faut l'habilitation « Organisation – utilisateurs », en modification, sur toute la structure. Demandez à un gestionnaire principal.";
const texts: {
  readonly [C in SuccessionRefusal["code"]]: {
    readonly field: "serviceIds" | "successorId" | "at";
    readonly text: (service: string) => string;
  };
} = {
  STRUCTURE_INACTIVE: {
    field: "serviceIds",
    text: () => "Cette structure n'est plus active : réactivez-la d'abord.",
  },
  NO_SERVICE: { field: "serviceIds", text: () => "Choisissez au moins un service de la structure." },
  NO_SUCCESSOR: { field: "successorId", text: () => "Choisissez le service qui prend leur place." },
  SUCCESSOR_AMONG_CLOSING: {
    field: "successorId",
    text: () => "Un service ne se remplace pas lui-même : choisissez un autre successeur.",
  },
  SERVICE_RESERVED: {
    field: "serviceIds",
    text: () =>
      "FACTURES_PUBLIQUES est réservé aux factures entre entités publiques : il ne remplace ni n'est remplacé.",
  },
  ALREADY_REPLACED: {
    field: "serviceIds",
    text: (service) =>
      `${service} a déjà un successeur : annulez d'abord ce remplacement, depuis la fiche du service.`,
  },
  IS_AWAITED: {
    field: "serviceIds",
    text: (service) =>
      `${service} doit lui-même en remplacer d'autres à cette date ou plus tard : annulez d'abord ce remplacement, ou choisissez une date postérieure.`,
  },
  STARTS_LATER: {
    field: "at",
    text: (service) => `${service} n'est pas encore ouvert à cette date : choisissez-en une postérieure.`,
  },
  DATE_IS_PAST: {
    field: "at",
    text: () => "Cette date est passée : choisissez-en une à venir, ou laissez le champ vide.",
  },
  SUCCESSOR_NOT_ACTIVE: {
    field: "successorId",
    text: () => "Le successeur n'est pas actif à cette date : choisissez-en un autre, ou changez ses dates.",
  },
  PEOPLE_NOT_YOURS: {
    field: "serviceIds",
    text: () => notYours,
  },
  CANNOT_GRANT_MORE: {
    field: "serviceIds",
    text: () =>
      "Des personnes de ces services ont des droits que vous n'avez pas : vous ne pouvez pas les leur donner sur un autre. Demandez à un gestionnaire principal.",
  },
};

/** What to tell of a refusal, and beside which field. */
export function successionTexts(refusal: SuccessionRefusal): {
  readonly field: string;
  readonly text: string;
} {
  const { field, text } = texts[refusal.code];
  return { field, text: text(named(refusal)) };
}

export const givingUpTexts: { readonly [C in GivingUpRefusal["code"]]: string } = {
  NOT_FOUND: "Ce remplacement n'existe pas.",
  ALREADY_GIVEN_UP: "Ce remplacement est déjà annulé.",
  TOO_LATE:
    "Un remplacement s'annule pendant sept jours. Celui-ci est plus ancien : rouvrez le service depuis sa fiche, puis redonnez-y les droits qu'il faut.",
  PEOPLE_NOT_YOURS: notYours,
  STRUCTURE_INACTIVE: "Cette structure n'est plus active : réactivez-la d'abord.",
  SUCCESSOR_REPLACED:
    "Le successeur a lui-même été remplacé depuis : annulez d'abord ce remplacement plus récent.",
};
