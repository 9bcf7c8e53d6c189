import type { Tx } from "../../../platform/database/index.ts";
import { formatDate, formatDateTime } from "../../../web/format.ts";
import type { Context } from "../../../web/portal.ts";
import { Banner, Button, Form } from "../../../web/ui/index.ts";
import { countWaiting } from "../../memberships/index.ts";
import type { DeactivationRequest } from "../deactivation-store.ts";
import { refusalShownUntil } from "../domain/deactivation.ts";
import { MONTHS_AFTER_CLOSURE } from "../domain/directory-files.ts";
import { findLastChange, type IdentifierChange } from "../replacement-store.ts";
import { countTouchedByClosing, type StructureRow } from "../store.ts";

export type Touched = {
  readonly people: number;
  readonly services: number;
  readonly requests: number;
  readonly invitations: number;
  readonly planned: IdentifierChange | null;
};

/** What closing a structure touches. */
export async function countTouched(tx: Tx, structureId: number, now: Date): Promise<Touched> {
  const [touched, waiting, change] = await Promise.all([
    countTouchedByClosing(tx, structureId, now),
    countWaiting(tx, structureId),
    findLastChange(tx, structureId),
  ]);
  return { ...touched, ...waiting, planned: change?.state === "planned" ? change : null };
}

/** What closing the structure does, counted; told to one of its people, or to the operator. */
export function consequencesOf(
  { people, services, requests, invitations, planned }: Touched,
  reader: "member" | "operator",
): string[] {
  const alone = reader === "member" ? "Vous la consultez" : "La personne rattachée la consulte";
  return [
    "Elle quitte l'annuaire et ne peut plus être destinataire.",
    services > 1
      ? `Ses ${services} services actifs ne peuvent plus être indiqués ; ils gardent leurs dates.`
      : services === 1
        ? "Son service actif ne peut plus être indiqué ; il garde ses dates."
        : "",
    `${people > 1 ? `Ses ${people} personnes rattachées la consultent` : alone} encore ; plus personne ne peut y être rattaché.`,
    requests > 1
      ? `Ses ${requests} demandes de rattachement en attente sont refusées : leurs auteurs en lisent le motif.`
      : requests === 1
        ? "Sa demande de rattachement en attente est refusée : son auteur en lit le motif."
        : "",
    invitations > 1
      ? `Ses ${invitations} invitations en attente sont annulées.`
      : invitations === 1
        ? "Son invitation en attente est annulée."
        : "",
    planned ? `Le changement d'identifiant prévu le ${formatDate(planned.effectiveAt)} est annulé.` : "",
    `Pendant ${MONTHS_AFTER_CLOSURE} mois, un gestionnaire peut la réactiver : les rattachements et les droits reprennent alors. Ensuite, elle est archivée.`,
  ].filter(Boolean);
}

/** On the sheet of a structure, for those who may deactivate it: what they asked of the operator, or her refusal. */
export function DeactivationBanner({
  ctx,
  structure,
  request,
}: {
  ctx: Context;
  structure: StructureRow;
  request: DeactivationRequest | undefined;
}) {
  if (!request || structure.state !== "active" || !ctx.can("structure.deactivate")) return null;
  if (request.state === "open")
    return (
      <Banner tone="info" title="Désactivation demandée : l'opérateur du portail doit donner son accord.">
        <p>
          Demandée par {request.requesterName} le {formatDateTime(request.askedAt)}. Motif : {request.reason}
        </p>
        <p>D'ici là, la structure reste active.</p>
        <Form
          token={ctx.formToken}
          action={`/organisation/structures/${structure.id}/desactiver/retirer`}
          inline
        >
          <Button kind="secondary" small>
            Retirer la demande
          </Button>
        </Form>
      </Banner>
    );
  if (request.state === "refused" && request.answeredAt && ctx.now < refusalShownUntil(request.answeredAt))
    return (
      <Banner
        tone="warning"
        title={`L'opérateur du portail a refusé de la désactiver le ${formatDate(request.answeredAt)}.`}
      >
        <p>Motif : {request.answer}</p>
      </Banner>
    );
  return null;
}
