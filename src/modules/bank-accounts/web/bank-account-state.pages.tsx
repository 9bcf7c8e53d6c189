import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { Form, FormFooter } from "../../../web/ui/index.ts";
import { maskedIban } from "../domain/bank-account.ts";
import { bankAccountText, disableBankAccount, enableBankAccount } from "../use-cases/bank-accounts.ts";
import { crumbsOf, load, type OnePage, sheet, sheetOf, version, write } from "./loaded-bank-account.tsx";

const verbs = {
  desactiver: {
    title: "Désactiver la coordonnée bancaire",
    says: "Elle ne pourra plus figurer sur une facture. Celles déjà déposées la gardent. Vous pourrez la réactiver.",
    done: "désactivée",
    act: disableBankAccount,
  },
  activer: {
    title: "Activer la coordonnée bancaire",
    says: "Elle pourra de nouveau figurer sur une facture, pendant ses dates de validité.",
    done: "activée",
    act: enableBankAccount,
  },
} as const;

function ConfirmPage({ ctx, account, verb }: OnePage & { verb: keyof typeof verbs }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={verbs[verb].title}
      caption={`${account.name} · ${maskedIban(account.iban)}`}
      crumbs={crumbsOf(ctx)}
      lead={verbs[verb].says}
    >
      <Form token={ctx.formToken}>
        <input type="hidden" name="version" value={account.version} />
        <FormFooter
          submit={verb === "desactiver" ? "Désactiver" : "Activer"}
          kind={verb === "desactiver" ? "warning" : undefined}
          cancel={sheetOf(account)}
        />
      </Form>
    </Page>
  );
}

/** « Désactiver » and « Activer » a bank account. */
export function bankAccountStatePages(portal: Portal): void {
  for (const verb of ["desactiver", "activer"] as const) {
    portal.page({
      method: "GET",
      url: `${sheet}/${verb}`,
      access: write,
      fresh: true,
      handler: async (ctx) => ctx.html(<ConfirmPage ctx={ctx} account={await load(ctx)} verb={verb} />),
    });
    portal.page({
      method: "POST",
      url: `${sheet}/${verb}`,
      access: write,
      fresh: true,
      handler: async (ctx) => {
        const account = await load(ctx);
        const form = ctx.form({ version });
        const answer = await ctx.tx((tx, now) =>
          verbs[verb].act(
            tx,
            {
              structureId: account.structureId,
              bankAccountId: account.id,
              version: form.ok ? form.values.version : 0,
            },
            ctx.actor,
            now,
          ),
        );
        return ctx.redirect(sheetOf(account), {
          confirmation: {
            title: answer.ok
              ? `La coordonnée bancaire « ${account.name} » est ${verbs[verb].done}.`
              : bankAccountText(answer.refusal).text,
          },
        });
      },
    });
  }
}
