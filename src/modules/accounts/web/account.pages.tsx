import { z } from "zod";
import { publish } from "../../../platform/events.ts";
import { personName, personNameRefusalText } from "../../../shared/person-name.ts";
import { phoneNumber, phoneRefusalText } from "../../../shared/phone.ts";
import { notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Button,
  ButtonLink,
  Card,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  SummaryList,
  Table,
  Tag,
  TextInput,
} from "../../../web/ui/index.ts";
import { FEDERATION_SETTINGS_PATH, findIdentity, type Identity } from "../../federation/index.ts";
import { endSession, sessionLife } from "../../sessions/index.ts";
import { accountEvent } from "../domain/events.ts";
import {
  type AccountRow,
  findAccount,
  findMail,
  listMails,
  listSessions,
  type OpenSession,
  saveIdentity,
} from "../store.ts";
import { changePassword } from "../use-cases/sign-in.ts";
import { factsOf } from "../use-cases/sign-up.ts";
import { browserName } from "./browser-name.ts";
import { NewPasswordFields, passwordText } from "./password-fields.tsx";
import { PasswordInput } from "./password-input.tsx";

const crumbs = [{ label: "Mon compte", href: "/mon-compte" }];

function AccountPage({
  ctx,
  account,
  sessions,
  identity,
}: {
  ctx: Context;
  account: AccountRow;
  identity: Identity | undefined;
  sessions: readonly OpenSession[];
}) {
  return (
    <Page chrome={ctx.chrome} title="Mon compte" wide>
      <Card title="Identité">
        <SummaryList
          rows={[
            {
              label: "Prénom et nom",
              value: `${account.firstName} ${account.lastName}`,
              change: { href: "/mon-compte/identite" },
            },
            {
              label: "Téléphone",
              value: account.phone ?? "Non renseigné",
              change: { href: "/mon-compte/identite" },
            },
            {
              label: "Adresse électronique de connexion",
              value: account.signInEmail,
              change: { href: "/mon-compte/adresse" },
            },
            {
              label: "Mot de passe",
              value: "Connu de vous seul",
              change: { href: "/mon-compte/mot-de-passe" },
            },
            {
              label: "Double authentification",
              value: ctx.who.hasSecondFactor ? "En place" : "Non",
              change: { href: "/mon-compte/double-authentification" },
            },
            {
              label: "Messages",
              value: "Tout de suite, en un message par jour ou par semaine",
              change: { href: "/mon-compte/notifications" },
            },
            ...(ctx.config.OIDC_ISSUER
              ? [
                  {
                    label: ctx.config.OIDC_LABEL,
                    value: identity ? `Relié${identity.email ? ` : ${identity.email}` : ""}` : "Non relié",
                    change: { href: FEDERATION_SETTINGS_PATH },
                  },
                ]
              : []),
          ]}
        />
      </Card>
      <Table
        caption="Sessions ouvertes"
        keyOf={(session) => session.id}
        rows={sessions}
        columns={[
          { title: "Navigateur", heads: true, cell: (session) => browserName(session.userAgent ?? "") },
          { title: "Ouverte le", cell: (session) => formatDateTime(session.createdAt) },
          { title: "Vue le", cell: (session) => formatDateTime(session.lastSeenAt) },
          {
            title: "Action",
            cell: (session) =>
              session.id === ctx.who.session.id ? (
                <Tag tone="info">Celle-ci</Tag>
              ) : (
                <Form token={ctx.formToken} action={`/mon-compte/sessions/${session.id}/fermer`} inline>
                  <Button kind="secondary" small>
                    Fermer
                    <span class="govuk-visually-hidden">
                      {" "}
                      la session ouverte le {formatDateTime(session.createdAt)}
                    </span>
                  </Button>
                </Form>
              ),
          },
        ]}
      />
      <Paragraph>
        <ButtonLink kind="secondary" href="/mes-rattachements">
          Mes rattachements
        </ButtonLink>
      </Paragraph>
      <Card title="Mes données et mon compte">
        <Bullets
          items={[
            <Link href="/mon-compte/donnees.json">Télécharger mes données (JSON)</Link>,
            <Link href="/mon-compte/desactiver">Désactiver mon compte</Link>,
            <Link href="/mon-compte/fermer">Fermer mon compte</Link>,
          ]}
        />
      </Card>
    </Page>
  );
}

function IdentityPage({ ctx, form, account }: { ctx: Context; form: FormState; account: AccountRow }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Modifier mon identité"
      crumbs={crumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <TextInput
          form={form}
          name="firstName"
          label="Prénom"
          autocomplete="given-name"
          value={account.firstName}
          required
          maxlength={80}
        />
        <TextInput
          form={form}
          name="lastName"
          label="Nom"
          autocomplete="family-name"
          value={account.lastName}
          required
          maxlength={80}
        />
        <TextInput
          form={form}
          name="phone"
          label="Téléphone"
          type="tel"
          autocomplete="tel"
          value={account.phone ?? ""}
          maxlength={30}
          width={20}
        />
        <FormFooter submit="Enregistrer" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

function PasswordPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer mon mot de passe"
      crumbs={crumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <PasswordInput
          form={form}
          name="currentPassword"
          label="Mot de passe actuel"
          autocomplete="current-password"
        />
        <NewPasswordFields form={form} />
        <FormFooter submit="Changer mon mot de passe" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

async function ownAccount(ctx: Context): Promise<AccountRow> {
  const account = await ctx.tx((tx) => findAccount(tx, ctx.who.accountId));
  if (!account) throw notFound();
  return account;
}

/** « Mon compte »: identity, password, open sessions. */
export function accountPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mon-compte",
    access: "account",
    handler: async (ctx) => {
      const account = await ownAccount(ctx);
      const since = new Date(ctx.now.getTime() - sessionLife.person.idleMs);
      const issuer = ctx.config.OIDC_ISSUER;
      return ctx.html(
        <AccountPage
          ctx={ctx}
          account={account}
          identity={issuer ? await ctx.tx((tx) => findIdentity(tx, account.id, issuer)) : undefined}
          sessions={await ctx.tx((tx) => listSessions(tx, account.id, since))}
        />,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/mon-compte/sessions/:sessionId/fermer",
    access: "account",
    handler: async (ctx) => {
      const ended = await ctx.tx((tx, now) =>
        endSession(tx, ctx.id("sessionId"), ctx.who.accountId, "endedByOwner", now),
      );
      if (!ended) throw notFound();
      return ctx.redirect("/mon-compte", { confirmation: { title: "La session est fermée." } });
    },
  });
  portal.page({
    method: "GET",
    url: "/mon-compte/identite",
    access: "account",
    handler: async (ctx) =>
      ctx.html(<IdentityPage ctx={ctx} form={noForm} account={await ownAccount(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: "/mon-compte/identite",
    access: "account",
    handler: async (ctx) => {
      const account = await ownAccount(ctx);
      const form = ctx.form({
        firstName: z.string().default(""),
        lastName: z.string().default(""),
        phone: z.string().default(""),
      });
      if (!form.ok) return ctx.html(<IdentityPage ctx={ctx} form={form.state} account={account} />, 422);
      const firstName = personName(form.values.firstName);
      const lastName = personName(form.values.lastName);
      const phone = form.values.phone.trim() === "" ? null : phoneNumber(form.values.phone);
      if (!firstName.ok || !lastName.ok || (phone && !phone.ok)) {
        const errors = {
          ...(firstName.ok ? {} : { firstName: personNameRefusalText(firstName.refusal, "Prénom") }),
          ...(lastName.ok ? {} : { lastName: personNameRefusalText(lastName.refusal, "Nom") }),
          ...(phone && !phone.ok ? { phone: phoneRefusalText } : {}),
        };
        return ctx.html(
          <IdentityPage ctx={ctx} form={{ values: typedValues(ctx.body), errors }} account={account} />,
          422,
        );
      }
      const identity = {
        firstName: firstName.value,
        lastName: lastName.value,
        phone: phone?.ok ? phone.value : null,
      };
      await ctx.tx(async (tx) => {
        await saveIdentity(tx, account.id, identity);
        await publish(tx, accountEvent("ProfileChanged", factsOf(account), ctx.actor));
      });
      return ctx.redirect("/mon-compte", { confirmation: { title: "Votre identité est enregistrée." } });
    },
  });
  portal.page({
    method: "GET",
    url: "/mon-compte/mot-de-passe",
    access: "account",
    handler: (ctx) => ctx.html(<PasswordPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/mon-compte/mot-de-passe",
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({
        currentPassword: z.string().default(""),
        newPassword: z.string().default(""),
        newPasswordAgain: z.string().default(""),
      });
      if (!form.ok) return ctx.html(<PasswordPage ctx={ctx} form={form.state} />, 422);
      const { currentPassword, newPassword, newPasswordAgain } = form.values;
      if (newPassword !== newPasswordAgain)
        return ctx.html(<PasswordPage ctx={ctx} form={passwordText("DIFFERENT")} />, 422);
      const { accountId, session } = ctx.who;
      const changed = await changePassword(
        ctx.database,
        { accountId, sessionId: session.id, current: currentPassword, password: newPassword },
        ctx.actor,
      );
      if (!changed.ok) {
        const { refusal } = changed;
        if (refusal.code === "SIGN_IN_REFUSED")
          return ctx.html(
            <PasswordPage
              ctx={ctx}
              form={{ values: {}, errors: { currentPassword: "Ce mot de passe n'est pas le vôtre." } }}
            />,
            422,
          );
        if (refusal.code === "SIGN_IN_WAIT")
          return ctx.html(
            <PasswordPage
              ctx={ctx}
              form={{
                values: {},
                errors: { currentPassword: `Trop d'essais. Réessayez dans ${refusal.seconds} secondes.` },
              }}
            />,
            429,
          );
        return ctx.html(<PasswordPage ctx={ctx} form={passwordText(refusal.code)} />, 422);
      }
      ctx.setSession(changed.value.token);
      return ctx.redirect("/mon-compte", {
        confirmation: { title: "Votre mot de passe a changé.", text: "Vos autres sessions sont fermées." },
      });
    },
  });
}

/** The built-in mailbox: only where no mail server is set. */
export function mailboxPages(portal: Portal): void {
  if (portal.config.SMTP_URL) return;
  const eyes = "the built-in mailbox shows everybody's mails, on portals that send none";
  portal.page({
    method: "GET",
    url: "/boite-aux-lettres",
    access: "public",
    handler: async (ctx) => {
      const to = ctx.one("q");
      const mails = await ctx.systemTx(eyes, (tx) => listMails(tx, to));
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Boîte aux lettres de démonstration"
          searched={to}
          lead="Ce portail n'envoie pas ses messages : il les garde ici."
          wide
        >
          <form method="get" class="u-search-box">
            <TextInput
              form={{ values: { q: to }, errors: {} }}
              name="q"
              label="Adresse du destinataire"
              type="search"
            />
            <Button kind="secondary">Chercher</Button>
          </form>
          {mails.length === 0 ? (
            <Paragraph>Aucun message.</Paragraph>
          ) : (
            <Table
              caption="Messages, du plus récent au plus ancien"
              keyOf={(mail) => mail.id}
              rows={mails}
              columns={[
                {
                  title: "Sujet",
                  heads: true,
                  cell: (mail) => <a href={`/boite-aux-lettres/${mail.id}`}>{mail.subject}</a>,
                },
                { title: "À", cell: (mail) => mail.toAddress },
                { title: "Le", cell: (mail) => formatDateTime(mail.createdAt) },
              ]}
            />
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "GET",
    url: "/boite-aux-lettres/:mailId",
    access: "public",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      const mail = await ctx.systemTx(eyes, (tx) => findMail(tx, ctx.id("mailId")));
      if (!mail) throw notFound();
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title={mail.subject}
          crumbs={[{ label: "Boîte aux lettres", href: "/boite-aux-lettres" }]}
        >
          <Paragraph>
            À {mail.toAddress}, le {formatDateTime(mail.createdAt)}
          </Paragraph>
          <Card>
            {(mail.text ?? "").split("\n\n").map((part) => (
              <Paragraph key={part}>
                <Linked text={part} />
              </Paragraph>
            ))}
          </Card>
        </Page>,
      );
    },
  });
}

/** The text of a mail with its addresses as links. */
function Linked({ text }: { text: string }) {
  return (
    <>
      {text.split(/(https?:\/\/\S+)/).map((part) =>
        part.startsWith("http") ? (
          <a class="govuk-link" href={part} key={part}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}
