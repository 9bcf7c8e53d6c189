import type { BankAccountBlocked, BankAccountEvent } from "../modules/bank-accounts/index.ts";
import { peopleToTell } from "../modules/memberships/index.ts";
import { action, email, paragraph } from "./email.tsx";

const sheetOf = ({ structureId, bankAccountId }: BankAccountEvent["facts"]) =>
  `/organisation/structures/${structureId}/coordonnees-bancaires/${bankAccountId}`;

/**
 * BNK-03. Every change of bank details is told to all managers at once: paying another account is the fraud to fear. What
 * waits leads to its confirmation, anything else to « Ce n'est pas nous : bloquer ».
 */
function bankAccountMail<T extends BankAccountEvent["type"]>(
  sentWhen: T,
  words: { readonly name: string; readonly happened: string; readonly next?: "sheet" },
) {
  return email<BankAccountEvent<T>>({
    name: words.name,
    sentWhen,
    family: "security",
    why: "vous gérez cette structure.",
    always: true,
    recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
    subject: ({ facts }) =>
      `Coordonnée bancaire ${words.happened} pour ${facts.structureName}${facts.waits ? " : à confirmer" : ""}`,
    body: ({ facts, actor }) => [
      paragraph(
        `${actor.label} : la coordonnée bancaire « ${facts.name} » de ${facts.structureName} est ${words.happened}.`,
      ),
      ...(facts.waits
        ? [
            paragraph(
              "Elle ne sert pas encore : un autre gestionnaire principal doit la comparer au relevé d'identité bancaire, puis la confirmer, ou la bloquer.",
            ),
            action("Confirmer ou bloquer", `${sheetOf(facts)}/confirmer`),
          ]
        : words.next === "sheet"
          ? [action("Voir la coordonnée bancaire", sheetOf(facts))]
          : [
              paragraph("Si ce n'est pas voulu, bloquez-la : l'opérateur du portail sera alerté."),
              action("Ce n'est pas nous : bloquer", `${sheetOf(facts)}/bloquer`),
            ]),
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
  next: "sheet",
});
export const bankAccountEnabled = bankAccountMail("BankAccountEnabled", {
  name: "bank-account-enabled",
  happened: "réactivée",
});
export const bankAccountConfirmed = bankAccountMail("BankAccountConfirmed", {
  name: "bank-account-confirmed",
  happened: "confirmée",
});
export const bankAccountReplaced = bankAccountMail("BankAccountReplaced", {
  name: "bank-account-replaced",
  happened: "remplacée par une autre",
  next: "sheet",
});
export const bankAccountBlocked = bankAccountMail("BankAccountBlocked", {
  name: "bank-account-blocked",
  happened: "bloquée",
  next: "sheet",
});

export const bankAccountBlockedForOperator = email<BankAccountBlocked>({
  name: "bank-account-blocked-operator",
  sentWhen: "BankAccountBlocked",
  family: "security",
  why: "vous êtes opérateur du portail.",
  always: true,
  bell: false,
  recipients: async (_tx, { transient }) =>
    transient.operators.map((address) => ({ accountId: null, address, firstName: "" })),
  subject: ({ facts }) => `Coordonnée bancaire bloquée : ${facts.structureName}`,
  body: ({ facts, actor }) => [
    paragraph(
      `${actor.label} a bloqué la coordonnée bancaire « ${facts.name} » de ${facts.structureName} : « Ce n'est pas nous ».`,
    ),
    paragraph("Un compte de cette structure est peut-être aux mains d'un tiers. Prenez contact avec elle."),
    action("Voir les coordonnées à surveiller", "/operateur/coordonnees-bancaires"),
  ],
});
