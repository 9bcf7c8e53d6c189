import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import type { Context } from "../../../web/portal.ts";
import { box, text } from "../../../web/read-form.ts";
import { Banner, Bullets, Tag } from "../../../web/ui/index.ts";
import { type BankAccountState, bankAccountState } from "../domain/bank-account.ts";
import { bankWarnings, bankWarningTexts } from "../domain/warnings.ts";
import { type BankAccountRow, findBankAccount } from "../store.ts";

export const LIST = "/organisation/coordonnees-bancaires";
export const organisation = { label: "Organisation", href: "/organisation" };
export const sheetOf = (account: Pick<BankAccountRow, "id" | "structureId">) =>
  `/organisation/structures/${account.structureId}/coordonnees-bancaires/${account.id}`;
/** Where the sheet of a bank account is, and who reads or changes it. */
export const sheet = "/organisation/structures/:structureId/coordonnees-bancaires/:bankAccountId";
export const read = { action: "bankAccount.read", on: "structure" } as const;
export const write = { action: "bankAccount.write", on: "structure" } as const;
export const confirm = { action: "bankAccount.confirm", on: "structure" } as const;

const stateTags: {
  readonly [S in BankAccountState]: {
    readonly tone: "success" | "info" | "neutral" | "warning" | "error";
    readonly label: string;
  };
} = {
  toConfirm: { tone: "warning", label: "À confirmer" },
  blocked: { tone: "error", label: "Bloquée" },
  planned: { tone: "info", label: "À venir" },
  active: { tone: "success", label: "Active" },
  ended: { tone: "neutral", label: "Terminée" },
  disabled: { tone: "neutral", label: "Désactivée" },
};

export function StateTag({ account, now }: { account: BankAccountRow; now: Date }) {
  const { tone, label } = stateTags[bankAccountState(account, now)];
  return <Tag tone={tone}>{label}</Tag>;
}

/** Whether it is the default one, or will be once it serves. */
export function defaultText({ isDefault, state }: BankAccountRow, otherwise: string): string {
  if (!isDefault) return otherwise;
  return state === "pendingConfirmation" ? "Une fois confirmée" : "Oui";
}

export type OnePage = { ctx: Context; account: BankAccountRow };

export function crumbsOf(ctx: Context) {
  const { structureId, structure } = ctx.membership;
  return [
    organisation,
    { label: structure.displayName, href: `/organisation/structures/${structureId}` },
    { label: "Coordonnées bancaires", href: `${LIST}?structureId=${structureId}` },
  ];
}

/** What is unusual in bank details, for those who may change or confirm them. */
export function Warnings({ ctx, account, legalName }: OnePage & { legalName: string }) {
  const warnings = bankWarnings(account, [legalName, ctx.membership.structure.displayName]);
  if (warnings.length === 0) return null;
  return (
    <Banner tone="warning" title="À vérifier sur le relevé d'identité bancaire">
      <Bullets items={warnings.map((one) => bankWarningTexts[one])} />
    </Banner>
  );
}

/** Why an act was refused, on top of a page that has no field to correct. */
export function Refused({ says }: { says: string | null }) {
  return says === null ? null : <Banner tone="error" title={says} />;
}

export const termsShape = {
  name: text.required("Nom de la coordonnée bancaire", 80),
  holder: text.required("Titulaire du compte", 140),
  startsAt: z.string().default(""),
  endsAt: z.string().default(""),
  isDefault: box,
};
export const version = z.coerce.number().int().positive();

/** The bank account of a page. */
export async function load(ctx: Context): Promise<BankAccountRow> {
  const account = await ctx.tx((tx) =>
    findBankAccount(tx, ctx.membership.structureId, ctx.id("bankAccountId")),
  );
  if (!account) throw notFound();
  return account;
}
