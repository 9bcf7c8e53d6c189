import { formatDate } from "../../../web/format.ts";
import { Copiable, type Row } from "../../../web/ui/index.ts";
import type { StructureRow } from "../store.ts";

/** What the sheet of the directory tells of a structure, beside its rule and its services (organisation 14.1). */
export function directoryFacts(structure: StructureRow): readonly Row[] {
  const { addressLine, addressExtra1, addressExtra2, postcode, town } = structure;
  const address = [addressLine, addressExtra1, addressExtra2, `${postcode} ${town}`.trim()];
  return [
    { label: "Identifiant", value: <Copiable text={structure.identifierValue} what="l'identifiant" /> },
    { label: "Adresse", value: address.filter((part) => part !== "").join(", ") || "Non renseignée" },
    {
      label: "Suivi du paiement",
      value: structure.paymentStatusReported
        ? "Le statut « Mise en paiement » est remonté."
        : "Le paiement n'est pas suivi ici.",
    },
    { label: "Factures de travaux", value: worksText(structure) },
    ...(structure.email && structure.emailPublished
      ? [{ label: "Adresse électronique", value: structure.email }]
      : []),
    { label: "Dernière modification", value: formatDate(structure.changedAt) },
  ];
}

function worksText({ worksOwner, worksOwnerOnly }: StructureRow): string {
  if (worksOwnerOnly) return "Maître d'ouvrage uniquement : elle ne reçoit que des factures de travaux.";
  return worksOwner ? "Elle en reçoit, comme maître d'ouvrage." : "Elle n'est pas maître d'ouvrage.";
}
