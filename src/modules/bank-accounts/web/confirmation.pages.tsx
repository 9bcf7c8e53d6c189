import { notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Banner, ButtonLink, Code, Form, FormFooter, Paragraph, SummaryList } from "../../../web/ui/index.ts";
import { peopleToTell } from "../../memberships/index.ts";
import { findStructure } from "../../structures/index.ts";
import { groupedIban, maskedIban } from "../domain/bank-account.ts";
import { type BankAccountRow, findBankAccount, findBankAccountPeople } from "../store.ts";
import { bankAccountText } from "../use-cases/bank-accounts.ts";
import { blockBankAccount, confirmBankAccount } from "../use-cases/confirmations.ts";
import {
  confirm,
  crumbsOf,
  load,
  Refused,
  sheet,
  sheetOf,
  version,
  Warnings,
} from "./loaded-bank-account.tsx";

/** All that a manager has to know of bank details before she answers for them. */
type Known = {
  readonly account: BankAccountRow;
  readonly replaced: BankAccountRow | undefined;
  readonly submittedBy: string;
  readonly legalName: string;
  /** Whether who looks would confirm what she did herself, while another could. */
  readonly isOwn: boolean;
};

async function loadKnown(ctx: Context): Promise<Known> {
  const account = await load(ctx);
  return ctx.tx(async (tx) => {
    const [people, structure, managers, replaced] = await Promise.all([
      findBankAccountPeople(tx, account.id),
      findStructure(tx, account.structureId),
      peopleToTell(tx, account.structureId, "managers"),
      account.replacesId === null ? undefined : findBankAccount(tx, account.structureId, account.replacesId),
    ]);
    return {
      account,
      replaced,
      submittedBy: people.submittedBy ?? people.createdBy ?? "Le portail",
      legalName: structure?.legalName ?? "",
      isOwn:
        managers.length >= 2 &&
        (ctx.who.accountId === account.createdBy || ctx.who.accountId === account.submittedBy),
    };
  });
}

function Details({ known: { account, replaced, submittedBy } }: { known: Known }) {
  return (
    <SummaryList
      rows={[
        { label: "Nom", value: account.name },
        { label: "Titulaire", value: account.holder },
        { label: "IBAN", value: <Code>{groupedIban(account.iban)}</Code> },
        { label: "BIC", value: account.bic ? <Code>{account.bic}</Code> : "Non renseigné" },
        { label: "Saisie ou activée par", value: submittedBy },
        ...(replaced
          ? [
              {
                label: "Remplace",
                value: (
                  <>
                    {replaced.name}, <Code>{maskedIban(replaced.iban)}</Code>
                  </>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

type KnownPage = { readonly ctx: Context; readonly known: Known; readonly refused?: string | null };

function ConfirmPage({ ctx, known, refused = null }: KnownPage) {
  const { account } = known;
  return (
    <Page
      chrome={ctx.chrome}
      title={`Confirmer ${account.name}`}
      caption={`Coordonnée bancaire · ${ctx.membership.structure.displayName}`}
      crumbs={crumbsOf(ctx)}
      lead="Comparez l'IBAN, signe par signe, au relevé d'identité bancaire que vous a remis votre banque, jamais à un message reçu."
      hasErrors={refused !== null}
    >
      <Refused says={refused} />
      <Warnings ctx={ctx} account={account} legalName={known.legalName} />
      <Details known={known} />
      <div class="u-buttons">
        <ButtonLink kind="secondary" href={`${sheetOf(account)}/bloquer`}>
          Ce n'est pas nous : bloquer
        </ButtonLink>
      </div>
      {known.isOwn ? (
        <Banner tone="info" title="Un autre gestionnaire principal doit confirmer">
          <p>
            Vous avez saisi ou activé cette coordonnée : deux personnes doivent la voir avant qu'elle serve.
          </p>
        </Banner>
      ) : (
        <Form token={ctx.formToken}>
          <input type="hidden" name="version" value={account.version} />
          <FormFooter submit="Confirmer" cancel={sheetOf(account)} />
        </Form>
      )}
    </Page>
  );
}

function BlockPage({ ctx, known, refused = null }: KnownPage) {
  const { account } = known;
  return (
    <Page
      chrome={ctx.chrome}
      title={`Bloquer ${account.name}`}
      caption={`Coordonnée bancaire · ${ctx.membership.structure.displayName}`}
      crumbs={crumbsOf(ctx)}
      lead="Elle ne servira plus. Tous les gestionnaires principaux et l'opérateur du portail seront alertés."
      hasErrors={refused !== null}
    >
      <Refused says={refused} />
      <Details known={known} />
      <Paragraph>
        Ensuite, retirez ses habilitations à qui a agi sans droit, et changez les mots de passe que vous
        croyez connus d'un tiers.
      </Paragraph>
      <Form token={ctx.formToken}>
        <FormFooter
          submit="Bloquer cette coordonnée"
          kind="warning"
          cancel={sheetOf(account)}
          cancelLabel="C'est bien nous : voir la coordonnée"
        />
      </Form>
    </Page>
  );
}

/** « Confirmer », and « Ce n'est pas nous : bloquer ». Blocking asks for no new password: it must be quick. */
export function confirmationPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: `${sheet}/confirmer`,
    access: confirm,
    fresh: true,
    handler: async (ctx) => {
      const known = await loadKnown(ctx);
      return known.account.state === "pendingConfirmation"
        ? ctx.html(<ConfirmPage ctx={ctx} known={known} />)
        : ctx.redirect(sheetOf(known.account));
    },
  });
  portal.page({
    method: "POST",
    url: `${sheet}/confirmer`,
    access: confirm,
    fresh: true,
    handler: async (ctx) => {
      const form = ctx.form({ version });
      const { structureId } = ctx.membership;
      const one = {
        structureId,
        bankAccountId: ctx.id("bankAccountId"),
        version: form.ok ? form.values.version : 0,
      };
      const done = await ctx.tx((tx, now) => confirmBankAccount(tx, one, ctx.membership, ctx.actor, now));
      if (!done.ok) return answerRefusal(ctx, done.refusal, ConfirmPage);
      return ctx.redirect(sheetOf({ id: one.bankAccountId, structureId }), {
        confirmation: {
          title: "La coordonnée bancaire est confirmée.",
          text: "Elle peut figurer sur une facture pendant ses dates de validité. Les gestionnaires sont prévenus.",
        },
      });
    },
  });
  portal.page({
    method: "GET",
    url: `${sheet}/bloquer`,
    access: confirm,
    handler: async (ctx) => {
      const known = await loadKnown(ctx);
      return known.account.state === "blocked"
        ? ctx.redirect(sheetOf(known.account))
        : ctx.html(<BlockPage ctx={ctx} known={known} />);
    },
  });
  portal.page({
    method: "POST",
    url: `${sheet}/bloquer`,
    access: confirm,
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const one = { structureId, bankAccountId: ctx.id("bankAccountId") };
      const operators = ctx.config.UNISSON_OPERATORS;
      const done = await ctx.tx((tx, now) =>
        blockBankAccount(tx, one, operators, ctx.membership, ctx.actor, now),
      );
      if (!done.ok) return answerRefusal(ctx, done.refusal, BlockPage);
      return ctx.redirect(sheetOf({ id: one.bankAccountId, structureId }), {
        confirmation: {
          title: "La coordonnée bancaire est bloquée.",
          text: "Les gestionnaires principaux et l'opérateur du portail sont alertés.",
          next: [
            {
              label: "Voir qui a des habilitations",
              href: `/organisation/habilitations?structureId=${structureId}`,
            },
          ],
        },
      });
    },
  });
}

async function answerRefusal(
  ctx: Context,
  refusal: Parameters<typeof bankAccountText>[0],
  Again: (page: KnownPage) => ReturnType<typeof ConfirmPage>,
) {
  if (refusal.code === "NOT_FOUND") throw notFound();
  const says = bankAccountText(refusal).text;
  return ctx.html(<Again ctx={ctx} known={await loadKnown(ctx)} refused={says} />, 422);
}
