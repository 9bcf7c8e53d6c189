export { needsSecondManager } from "./domain/confirmation.ts";
export type { BankAccountBlocked, BankAccountEvent } from "./domain/events.ts";
export {
  type BankAccountRow,
  type BankAccountToConfirm,
  insertBankAccount,
  listBankAccounts,
  listToConfirm,
} from "./store.ts";

import type { Module } from "../index.ts";
import { bankAccountListPage } from "./web/bank-account-list.page.tsx";
import { bankAccountSheetPage } from "./web/bank-account-sheet.page.tsx";
import { bankAccountStatePages } from "./web/bank-account-state.pages.tsx";
import { confirmationPages } from "./web/confirmation.pages.tsx";
import { createBankAccountPage } from "./web/create-bank-account.page.tsx";
import { editBankAccountPage } from "./web/edit-bank-account.page.tsx";
import { operatorBankAccountsPage } from "./web/operator-bank-accounts.page.tsx";

export const bankAccounts: Module = {
  routes: (portal) => {
    bankAccountListPage(portal);
    createBankAccountPage(portal);
    bankAccountSheetPage(portal);
    editBankAccountPage(portal);
    bankAccountStatePages(portal);
    confirmationPages(portal);
    operatorBankAccountsPage(portal);
  },
  jobs: [],
};
