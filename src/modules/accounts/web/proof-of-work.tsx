import { assetUrl } from "../../../web/assets.ts";
import type { ProofRefusal } from "../use-cases/admit-sign-up.ts";

/** What the refusal of a proof means to the person, and what she does. */
export function proofRefusalText(refusal: ProofRefusal): string {
  if (refusal.code === "SIGN_UP_WAIT")
    return `Trop de comptes ont été demandés sans vérification automatique. Activez JavaScript et recommencez, ou réessayez dans ${Math.ceil(refusal.seconds / 60)} minutes.`;
  const why = {
    PROOF_WRONG: "La vérification automatique n'a pas abouti.",
    PROOF_EXPIRED: "La vérification automatique avait plus de vingt minutes.",
    PROOF_SPENT: "Cette vérification automatique a déjà servi.",
  }[refusal.code];
  return `${why} Elle recommence : appuyez de nouveau sur « Créer mon compte ».`;
}

/** The calculation that tells a browser from a robot. The island shows it; without script it does not show. */
export function ProofOfWork({ challenge }: { challenge: string }) {
  return (
    <>
      <input type="hidden" name="preuve" value="" data-challenge={challenge} />
      <p class="govuk-hint" role="status" data-proof-status />
      <script type="module" src={assetUrl("proof-of-work.js")} />
    </>
  );
}
