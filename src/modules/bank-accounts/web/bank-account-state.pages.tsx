import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Form, FormFooter } from "../../../web/ui/index.ts";
import { maskedIban } from "../domain/bank-account.ts";
import { bankAccountText, disableBankAccount, type NamedBankAccount } from "../use-cases/bank-accounts.ts";
import { enableBankAccount } from "../use-cases/confirmations.ts";
import {
  crumbsOf,
  load,
  type OnePage,
  Refused,
  sheet,
  sheetOf,
  version,
  write,
} from "./loaded-bank-account.tsx";

const verbs = {
  desactiver: {
    title: "Désactiver la coordonnée bancaire",
    says: "Elle ne pourra plus figurer sur une facture. Celles déjà déposées la gardent. Vous pourrez la réactiver.",
    submit: "Désactiver",
    done: "désactivée",
    act: (ctx: Context, one: NamedBankAccount) =>
      ctx.tx((tx, now) => disableBankAccount(tx, one, ctx.actor, now)),
  },
  activer: {
    title: "Activer la coordonnée bancaire",
    says: "Elle pourra de nouveau figurer sur une facture, pendant ses dates de validité ; s'il faut qu'un second gestionnaire la confirme, une fois qu'il l'aura fait.",
    submit: "Activer",
    done: "activée",
    act: (ctx: Context, one: NamedBankAccount) => {
      const fourEyes = ctx.config.BANK_FOUR_EYES === "on";
      return ctx.tx((tx, now) => enableBankAccount(tx, one, { fourEyes }, ctx.membership, ctx.actor, now));
    },
  },
} as const;

function ConfirmPage({
  ctx,
  account,
  verb,
  refused = null,
}: OnePage & { verb: keyof typeof verbs; refused?: string | null }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={verbs[verb].title}
      caption={`${account.name} · ${maskedIban(account.iban)}`}
      crumbs={crumbsOf(ctx)}
      lead={verbs[verb].says}
      hasErrors={refused !== null}
    >
      <Refused says={refused} />
      <Form token={ctx.formToken}>
        <input type="hidden" name="version" value={account.version} />
        <FormFooter
          submit={verbs[verb].submit}
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
        const answer = await verbs[verb].act(ctx, {
          structureId: account.structureId,
          bankAccountId: account.id,
          version: form.ok ? form.values.version : 0,
        });
        if (!answer.ok) {
          const says = bankAccountText(answer.refusal).text;
          return ctx.html(<ConfirmPage ctx={ctx} account={account} verb={verb} refused={says} />, 422);
        }
        return ctx.redirect(sheetOf(account), {
          confirmation:
            answer.value.state === "pendingConfirmation"
              ? {
                  title: `La coordonnée bancaire « ${account.name} » attend sa confirmation.`,
                  text: "Un autre gestionnaire principal doit la confirmer avant qu'elle serve.",
                }
              : { title: `La coordonnée bancaire « ${account.name} » est ${verbs[verb].done}.` },
        });
      },
    });
  }
}
