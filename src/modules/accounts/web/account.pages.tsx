import { countryName } from "../../../shared/countries.ts";
import { notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import {
  Bullets,
  Button,
  Card,
  Form,
  Link,
  Paragraph,
  type Row,
  SummaryList,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { FEDERATION_SETTINGS_PATH, findIdentity, type Identity } from "../../federation/index.ts";
import { endSession, endSessionsOf, sessionLife } from "../../sessions/index.ts";
import { findAskedContactEmail } from "../contact-email.store.ts";
import { browserName } from "../domain/browser-name.ts";
import { type AccountRow, listSessions, type OpenSession } from "../store.ts";
import { ownAccount } from "./own-account.ts";

const OTHER_SESSIONS_PATH = "/mon-compte/autres-sessions/fermer";

type Shown = {
  readonly account: AccountRow;
  /** The contact address that waits to be proved. */
  readonly askedContactEmail: string | null;
  readonly identity: Identity | undefined;
  readonly sessions: readonly OpenSession[];
};

function AccountPage({ ctx, shown }: { ctx: Context; shown: Shown }) {
  const { account, sessions } = shown;
  return (
    <Page chrome={ctx.chrome} title="Mon compte" wide>
      <Card title="Identité et coordonnées">
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
              change: { href: "/mon-compte/coordonnees" },
            },
            {
              label: "Adresse postale",
              value: postalText(account) || "Non renseignée",
              change: { href: "/mon-compte/coordonnees" },
            },
          ]}
        />
      </Card>
      <Card title="Messages">
        <SummaryList
          rows={[
            contactRow(shown),
            {
              label: "Notifications",
              value: "Tout de suite, chaque jour ou chaque semaine, structure par structure",
              change: { href: "/mon-compte/notifications", label: "Choisir" },
            },
          ]}
        />
      </Card>
      <Card title="Connexion et sécurité">
        <SummaryList rows={securityRows(ctx, shown)} />
      </Card>
      <Sessions ctx={ctx} sessions={sessions} />
      <Card title="Mes données et mon compte">
        <Bullets
          items={[
            <Link href="/mon-historique">Mon historique : ce que j'ai fait, ce qui a été fait pour moi</Link>,
            <Link href="/mon-compte/donnees.json">Télécharger mes données (JSON)</Link>,
            <Link href="/mon-compte/desactiver">Désactiver mon compte, le temps d'une absence</Link>,
            <Link href="/mon-compte/fermer">Fermer mon compte pour de bon</Link>,
          ]}
        />
      </Card>
    </Page>
  );
}

const postalText = ({ addressLines, postcode, town, country }: AccountRow) =>
  [
    ...addressLines,
    [postcode, town].filter(Boolean).join(" "),
    country && country !== "FR" ? countryName(country) : "",
  ]
    .filter(Boolean)
    .join(", ");

function contactRow({ account, askedContactEmail }: Shown): Row {
  return {
    label: "Adresse de contact",
    value: (
      <>
        {account.contactEmail ?? "La même que pour se connecter"}
        {askedContactEmail && (
          <p class="u-small u-muted">
            {askedContactEmail} <Tag tone="info">À confirmer</Tag>
          </p>
        )}
      </>
    ),
    change: { href: "/mon-compte/contact" },
  };
}

function securityRows(ctx: Context, { account, identity }: Shown): readonly Row[] {
  const label = ctx.config.OIDC_LABEL;
  return [
    {
      label: "Adresse électronique de connexion",
      value: account.signInEmail,
      change: { href: "/mon-compte/adresse" },
    },
    {
      label: "Mot de passe",
      value: account.passwordChangedAt
        ? `Choisi le ${formatDate(account.passwordChangedAt)}`
        : "Connu de vous seul",
      change: { href: "/mon-compte/mot-de-passe" },
    },
    {
      label: "Double authentification",
      value: ctx.who.hasSecondFactor ? (
        <Tag tone="success">En place</Tag>
      ) : (
        <>
          <Tag tone="warning">Absente</Tag> Une application ou une clé d'accès protège votre compte si votre
          mot de passe est découvert.
        </>
      ),
      change: {
        href: "/mon-compte/double-authentification",
        label: ctx.who.hasSecondFactor ? "Modifier" : "Mettre en place",
      },
    },
    ...(ctx.config.OIDC_ISSUER
      ? [
          {
            label,
            value: identity ? `Relié${identity.email ? ` : ${identity.email}` : ""}` : "Non relié",
            change: { href: FEDERATION_SETTINGS_PATH },
          },
        ]
      : []),
  ];
}

function Sessions({ ctx, sessions }: { ctx: Context; sessions: readonly OpenSession[] }) {
  return (
    <>
      <Table
        caption="Sessions ouvertes"
        keyOf={(session) => session.id}
        rows={sessions}
        columns={[
          { title: "Navigateur", heads: true, cell: (session) => browserName(session.userAgent ?? "") },
          { title: "Réseau", cell: (session) => session.ip ?? "—" },
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
      {sessions.length > 1 ? (
        <Form token={ctx.formToken} action={OTHER_SESSIONS_PATH}>
          <Button kind="secondary">Fermer toutes les autres sessions</Button>
        </Form>
      ) : (
        <Paragraph>Vous n'êtes connecté nulle part ailleurs.</Paragraph>
      )}
    </>
  );
}

/** « Mon compte »: what the portal knows of one, and where one is signed in. */
export function accountPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mon-compte",
    access: "account",
    handler: async (ctx) => {
      const account = await ownAccount(ctx);
      const since = new Date(ctx.now.getTime() - sessionLife.person.idleMs);
      const issuer = ctx.config.OIDC_ISSUER;
      const shown = await ctx.tx(async (tx, now) => ({
        account,
        askedContactEmail: await findAskedContactEmail(tx, account.id, now),
        identity: issuer ? await findIdentity(tx, account.id, issuer) : undefined,
        sessions: await listSessions(tx, account.id, since),
      }));
      return ctx.html(<AccountPage ctx={ctx} shown={shown} />);
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
    method: "POST",
    url: OTHER_SESSIONS_PATH,
    access: "account",
    handler: async (ctx) => {
      const { accountId, session } = ctx.who;
      await ctx.tx((tx, now) => endSessionsOf(tx, accountId, "endedByOwner", now, session.id));
      return ctx.redirect("/mon-compte", {
        confirmation: { title: "Toutes vos autres sessions sont fermées." },
      });
    },
  });
}
