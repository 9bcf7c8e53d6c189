import type { BankAccountEvent } from "../modules/bank-accounts/index.ts";
import { peopleToTell } from "../modules/memberships/index.ts";
import { action, email, paragraph } from "./email.tsx";

/** BNK-03. Every change of bank details is told to all managers at once: paying another account is the fraud to fear. */
function bankAccountMail<T extends BankAccountEvent["type"]>(
  sentWhen: T,
  words: { readonly name: string; readonly happened: string },
) {
  return email<BankAccountEvent<T>>({
    name: words.name,
    sentWhen,
    family: "security",
    why: "vous gérez cette structure.",
    always: true,
    recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
    subject: ({ facts }) => `Coordonnée bancaire ${words.happened} pour ${facts.structureName}`,
    body: ({ facts, actor }) => [
      paragraph(
        `${actor.label} : la coordonnée bancaire « ${facts.name} » de ${facts.structureName} est ${words.happened}.`,
      ),
      paragraph(
        "Si ce n'est pas voulu, désactivez-la, retirez l'habilitation de cette personne et prévenez l'opérateur du portail.",
      ),
      action(
        "Voir la coordonnée bancaire",
        `/organisation/structures/${facts.structureId}/coordonnees-bancaires/${facts.bankAccountId}`,
      ),
    ],
  });
}

export const bankAccountCreated = bankAccountMail("BankAccountCreated", {
  name: "bank-account-created",
  happened: "ajoutée",
});
export const bankAccountChanged = bankAccountMail("BankAccountChanged", {
  name: "bank-account-changed",
  happened: "modifiée",
});
export const bankAccountDisabled = bankAccountMail("BankAccountDisabled", {
  name: "bank-account-disabled",
  happened: "désactivée",
});
export const bankAccountEnabled = bankAccountMail("BankAccountEnabled", {
  name: "bank-account-enabled",
  happened: "réactivée",
});
