export type { BankAccountEvent } from "./domain/events.ts";
export { type BankAccountRow, insertBankAccount, listBankAccounts } from "./store.ts";

import type { Module } from "../index.ts";
import { bankAccountPages } from "./web/bank-account.pages.tsx";

export const bankAccounts: Module = { routes: bankAccountPages, jobs: [] };
