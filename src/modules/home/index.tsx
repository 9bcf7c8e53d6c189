import { DIRECTORY_SUGGESTIONS, Page } from "../../web/layout.tsx";
import type { Context, Portal } from "../../web/portal.ts";
import {
  Bullets,
  ButtonLink,
  Heading,
  Hero,
  Link,
  ListSearch,
  Paragraph,
  Tile,
  Tiles,
  Todos,
} from "../../web/ui/index.ts";
import { type BankAccountToConfirm, listToConfirm } from "../bank-accounts/index.ts";
import { listPendingGrantRequests, mayAnswerGrant } from "../grant-requests/index.ts";
import type { Module } from "../index.ts";
import { type ClaimRow, listOpenClaims, listProposalsTo, type OwnProposal } from "../managers/index.ts";
import { listRequests, mayAnswer } from "../memberships/index.ts";
import { LatestNews, latestNews } from "../news/index.ts";
import { listEndingServices } from "../structures/index.ts";
import { AccessibilityPage } from "./accessibility.page.tsx";
import { deadlinesOf, type Task } from "./deadlines.ts";
import { ApplicationTiles } from "./domain-tiles.tsx";
import { HelpPage } from "./help.page.tsx";
import { operatorPage, operatorTools } from "./operator.page.tsx";
import { operatorTasks } from "./operator-tasks.ts";
import { organisationPages } from "./organisation.pages.tsx";
import { mostUsed, organisationDomain } from "./organisation-applications.ts";
import { ownRequestsPage } from "./own-requests.page.tsx";
import { welcomePages } from "./welcome.pages.tsx";

type Waiting = {
  readonly attachments: number;
  readonly grants: number;
  /** Proposals about managing a structure that wait for the caller's own answer. */
  readonly proposals: readonly OwnProposal[];
  /** Bank details that another manager wants to use. */
  readonly bankAccounts: readonly BankAccountToConfirm[];
  readonly deadlines: readonly Task[];
  /** What waits for the caller as operator of the portal. */
  readonly operator: readonly Task[];
  /** Claims on structures that the caller manages: she may stop them. */
  readonly claims: readonly ClaimRow[];
};

function HomePage({
  ctx,
  waiting,
  news,
}: {
  ctx: Context;
  waiting: Waiting;
  news: Awaited<ReturnType<typeof latestNews>>;
}) {
  const name = ctx.config.PORTAL_NAME;
  return (
    <Page chrome={ctx.chrome} title={`Bienvenue sur ${name}`} wide>
      {ctx.caller ? (
        <Todo ctx={ctx} waiting={waiting} />
      ) : (
        <Hero says="Le portail ouvert des factures de l'achat public : trouvez à qui facturer, organisez votre structure, donnez à chacun ses droits.">
          <ListSearch
            label="Chercher une structure publique : nom, SIRET, ville…"
            value=""
            suggestions={DIRECTORY_SUGGESTIONS}
            action="/annuaire"
          />
          <div class="u-buttons">
            <ButtonLink href="/compte/creer">Créer un compte</ButtonLink>
            <ButtonLink kind="secondary" href="/connexion">
              Se connecter
            </ButtonLink>
          </div>
        </Hero>
      )}
      <Heading>Domaines</Heading>
      <Tiles>
        <Tile href="/organisation" title="Organisation" icon="building">
          Structures, services, utilisateurs et habilitations.
        </Tile>
        <Tile href="/annuaire" title="Annuaire" icon="book">
          Les structures publiques, leurs services, et ce qu'une facture doit porter.
        </Tile>
        <Tile href="/aide" title="Aide" icon="help">
          Les gestes courants, pas à pas.
        </Tile>
      </Tiles>
      <Heading>Fonctionnalités les plus utilisées</Heading>
      <ApplicationTiles ctx={ctx} applications={mostUsedApplications} />
      <LatestNews news={news} />
    </Page>
  );
}

const mostUsedApplications = organisationDomain
  .flatMap(({ applications }) => applications)
  .filter(({ href }) => mostUsed.includes(href));

/** Every page that one may open from the menus, by domain. */
const siteMap: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    "Le portail",
    [
      ["/", "Accueil"],
      ["/annuaire", "Annuaire"],
      ["/annuaire/telecharger", "Télécharger l'annuaire"],
      ["/annuaire/verifier", "Vérifier une liste de SIRET"],
      ["/actualites", "Actualités"],
      ["/aide", "Aide"],
      ["/connexion", "Se connecter"],
      ["/compte/creer", "Créer un compte"],
      ["/mot-de-passe/oublie", "Mot de passe oublié"],
      ["/compte/lien", "Recevoir un nouveau lien d'activation"],
    ],
  ],
  [
    "Organisation",
    [
      ["/organisation", "Domaine Organisation"],
      ["/organisation/structures", "Gérer une structure"],
      ["/organisation/structures/nouvelle", "Créer une structure"],
      ["/organisation/services", "Gérer un service"],
      ["/organisation/services/nouveau", "Créer un service"],
      ["/organisation/imports", "Imports et exports"],
      ["/organisation/imports/services", "Importer des services"],
      ["/organisation/coordonnees-bancaires/nouvelle", "Créer une coordonnée bancaire"],
      ["/organisation/coordonnees-bancaires", "Gérer une coordonnée bancaire"],
      ["/organisation/utilisateurs", "Gérer les utilisateurs"],
      ["/organisation/utilisateurs/rattacher", "Rattacher un utilisateur"],
      ["/organisation/gestionnaires", "Gestionnaires principaux"],
      ["/organisation/imports/rattachements", "Importer des rattachements"],
      ["/organisation/demandes", "Demandes de rattachement"],
      ["/organisation/demandes/habilitations", "Demandes d'habilitation"],
      ["/organisation/habilitations", "Gérer les habilitations"],
      ["/organisation/ensembles-de-droits", "Ensembles de droits"],
      ["/organisation/revue", "Revue des rattachements"],
      ["/organisation/reprise", "Reprendre une structure"],
      ["/organisation/historique", "Historique des actions"],
    ],
  ],
  [
    "Vous",
    [
      ["/mon-compte", "Mon compte"],
      ["/mon-compte/double-authentification", "Double authentification"],
      ["/mes-rattachements", "Mes rattachements"],
      ["/mes-rattachements/demander", "Demander un rattachement"],
      ["/mes-habilitations", "Mes habilitations"],
      ["/mes-demandes", "Historique de mes demandes"],
      ["/mon-historique", "Mon historique"],
      ["/notifications", "Notifications"],
      ["/mon-compte/notifications", "Choisir mes messages"],
    ],
  ],
  [
    "À propos",
    [
      ["/accessibilite", "Accessibilité"],
      ["/mentions-legales", "Mentions légales"],
      ["/donnees-personnelles", "Données personnelles"],
      ["/donnees-personnelles/registre", "Registre des traitements"],
      ["/securite", "Sécurité"],
    ],
  ],
];

const operatorMap: (typeof siteMap)[number] = [
  "Opérateur",
  [
    ["/operateur", "Opérateur du portail"],
    ...operatorTools
      .flatMap(({ applications }) => applications)
      .map(({ href, title }) => [href, title] as const),
  ],
];

function SiteMapPage({ ctx }: { ctx: Context }) {
  return (
    <Page chrome={ctx.chrome} title="Plan du site">
      {[...siteMap, ...(ctx.caller?.isOperator ? [operatorMap] : [])].map(([heading, pages]) => (
        <section class="u-section" key={heading}>
          <Heading>{heading}</Heading>
          <Bullets items={pages.map(([href, label]) => <Link href={href}>{label}</Link>)} />
        </section>
      ))}
    </Page>
  );
}

/** How many requests wait for an answer of the caller, in all the structures where she may give one. */
async function countWaiting(ctx: Context): Promise<Waiting> {
  const { caller, now } = ctx;
  if (!caller)
    return {
      attachments: 0,
      grants: 0,
      proposals: [],
      bankAccounts: [],
      deadlines: [],
      operator: [],
      claims: [],
    };
  const memberIn = (structureId: number) =>
    caller.memberships.find((one) => one.structureId === structureId)!;
  const structureIds = (
    action: "request.answer" | "member.change" | "bankAccount.confirm" | "manager.name" | "service.update",
  ) =>
    caller.memberships
      .filter((membership) => ctx.can(action, { membership, serviceId: "any" }))
      .map((one) => one.structureId);
  const pending = await ctx.tx(async (tx) => ({
    attachments: await listRequests(tx, structureIds("request.answer")),
    grants: await listPendingGrantRequests(tx, structureIds("member.change")),
    proposals: await listProposalsTo(tx, caller.accountId, now),
    bankAccounts: await listToConfirm(tx, structureIds("bankAccount.confirm"), caller.accountId),
    ending: await listEndingServices(tx, structureIds("service.update"), now),
  }));
  const managed = structureIds("manager.name");
  const claims =
    managed.length === 0
      ? []
      : await ctx.systemTx("a claimant is no member that a manager may see", (tx) =>
          listOpenClaims(tx, managed),
        );
  const isOthers = (one: { accountId: number }) => one.accountId !== caller.accountId;
  return {
    attachments: pending.attachments.filter(
      (one) => isOthers(one) && mayAnswer(memberIn(one.structureId), one, now),
    ).length,
    grants: pending.grants.filter(
      (one) => isOthers(one) && mayAnswerGrant(memberIn(one.structureId), one, now),
    ).length,
    proposals: pending.proposals,
    bankAccounts: pending.bankAccounts,
    deadlines: deadlinesOf(
      pending.ending.filter(({ structureId, id }) =>
        ctx.can("service.update", { membership: memberIn(structureId), serviceId: id }),
      ),
    ),
    operator: caller.isOperator ? await operatorTasks(ctx) : [],
    claims: claims.filter(isOthers),
  };
}

function Todo({ ctx, waiting }: { ctx: Context; waiting: Waiting }) {
  const { attachments, grants, proposals, bankAccounts, deadlines, operator, claims } = waiting;
  const items = [
    ...claims.map((one) => ({
      href: `/organisation/structures/${one.structureId}/reprise`,
      label: `${one.claimantName} demande à gérer ${one.structureName} à votre place : arrêtez cette reprise si vous êtes là`,
    })),
    ...proposals.map((one) => ({
      href: `/mes-rattachements/propositions/${one.id}`,
      label:
        one.kind === "remove"
          ? `On vous retire la gestion de ${one.structureName} : vous pouvez vous y opposer`
          : `On vous propose de gérer ${one.structureName}`,
    })),
    ...bankAccounts.map((one) => ({
      href: `/organisation/structures/${one.structureId}/coordonnees-bancaires/${one.id}/confirmer`,
      label: `Confirmez la coordonnée bancaire « ${one.name} » de ${one.structureName}`,
    })),
    ...ctx.who.memberships
      .filter(
        (one) => one.structure.proofState === "toVerify" && ctx.can("structure.prove", { membership: one }),
      )
      .map(({ structure, structureId }) => ({
        href: `/organisation/structures/${structureId}/preuve`,
        label: `Prouvez que vous agissez pour ${structure.displayName}`,
      })),
    attachments > 0 && {
      href: "/organisation/demandes",
      label:
        attachments > 1
          ? `${attachments} demandes de rattachement attendent votre réponse`
          : "Une demande de rattachement attend votre réponse",
    },
    grants > 0 && {
      href: "/organisation/demandes/habilitations",
      label:
        grants > 1
          ? `${grants} demandes d'habilitation attendent votre réponse`
          : "Une demande d'habilitation attend votre réponse",
    },
    ...operator,
    ...deadlines,
    ctx.who.memberships.length === 0 && {
      href: "/bienvenue",
      label: "Dites pour quelle structure vous travaillez",
    },
    ctx.who.unreadCount > 0 && { href: "/notifications", label: "Lisez vos notifications" },
  ].filter((item) => item !== false);
  return (
    <section class="u-section">
      <Heading>À faire</Heading>
      {items.length > 0 ? <Todos items={items} /> : <Paragraph>Rien ne vous attend.</Paragraph>}
    </section>
  );
}

const texts: readonly {
  readonly url: string;
  readonly title: string;
  readonly sections: readonly (readonly [string, readonly string[]])[];
  /** The page that says the rest. */
  readonly more?: { readonly href: string; readonly label: string };
}[] = [
  {
    url: "/mentions-legales",
    title: "Mentions légales et conditions d'utilisation",
    sections: [
      [
        "Hébergeur",
        ["Ce portail est hébergé par l'organisme qui l'a installé ; il lui revient de compléter cette page."],
      ],
      [
        "Conditions d'utilisation",
        [
          "Un compte est personnel : une adresse à votre nom, un mot de passe que vous êtes seul à connaître.",
          "Vous n'agissez que pour les structures qui vous emploient ou vous ont mandaté.",
          "Chaque action est inscrite à l'historique de la structure concernée.",
        ],
      ],
      ["Logiciel", ["Unisson est un logiciel libre, sous licence EUPL 1.2."]],
    ],
  },
  {
    url: "/donnees-personnelles",
    title: "Données personnelles",
    more: { href: "/donnees-personnelles/registre", label: "Registre des traitements" },
    sections: [
      [
        "Ce que le portail garde",
        [
          "Votre adresse, votre prénom, votre nom ; votre téléphone, votre adresse postale et une adresse de contact si vous les donnez.",
          "De chaque connexion : le navigateur et le réseau, pour vous montrer vos sessions et vous prévenir d'une connexion inhabituelle.",
          "Si vous reliez une identité à votre compte : son fournisseur, et l'adresse qu'il donne.",
          "Vos rattachements, vos droits, et l'historique de vos actions dans chaque structure.",
        ],
      ],
      [
        "Pour quoi, et combien de temps",
        [
          "Savoir qui agit pour chaque structure : c'est l'objet du portail.",
          "Un compte jamais activé est effacé après 30 jours ; un compte dont personne ne se sert, fermé après 24 mois et deux avis.",
          "Un compte fermé, votre nom et votre adresse disparaissent sous 24 heures, sauf de l'historique des actions, gardé dix ans comme preuve.",
        ],
      ],
      [
        "Témoins de connexion",
        [
          "Un pour votre session, strictement nécessaire ; un pour un navigateur de confiance, si vous le demandez, pendant trente jours.",
          "Aucun tiers, aucune mesure d'audience.",
        ],
      ],
      [
        "Vos droits",
        [
          "Depuis « Mon compte », vous rectifiez votre identité, téléchargez vos données, désactivez ou fermez votre compte.",
          "Pour le reste, adressez-vous à l'hébergeur du portail.",
        ],
      ],
    ],
  },
  {
    url: "/securite",
    title: "Sécurité",
    sections: [
      [
        "Signaler une faille",
        [
          "Écrivez au responsable de la sécurité de l'hébergeur ; le fichier /.well-known/security.txt donne son adresse.",
          "Ne publiez rien avant sa correction, et ne consultez pas les données d'autrui.",
        ],
      ],
    ],
  },
];

/** Home, domain page, welcome, notifications and the pages of text. */
function routes(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/",
    access: "public",
    handler: async (ctx) => {
      return ctx.html(<HomePage ctx={ctx} waiting={await countWaiting(ctx)} news={await latestNews(ctx)} />);
    },
  });
  organisationPages(portal);
  operatorPage(portal);
  welcomePages(portal);
  ownRequestsPage(portal);
  for (const { url, title, sections, more } of texts)
    portal.page({
      method: "GET",
      url,
      access: "public",
      handler: (ctx) =>
        ctx.html(
          <Page chrome={ctx.chrome} title={title}>
            {sections.map(([heading, lines]) => (
              <section class="u-section" key={heading}>
                <Heading>{heading}</Heading>
                {lines.map((line) => (
                  <Paragraph key={line}>{line}</Paragraph>
                ))}
              </section>
            ))}
            {more && (
              <Paragraph>
                <Link href={more.href}>{more.label}</Link>
              </Paragraph>
            )}
          </Page>,
        ),
    });
  portal.page({
    method: "GET",
    url: "/aide",
    access: "public",
    handler: (ctx) => ctx.html(<HelpPage ctx={ctx} />),
  });
  portal.page({
    method: "GET",
    url: "/accessibilite",
    access: "public",
    handler: (ctx) => ctx.html(<AccessibilityPage ctx={ctx} />),
  });
  portal.page({
    method: "GET",
    url: "/plan-du-site",
    access: "public",
    handler: (ctx) => ctx.html(<SiteMapPage ctx={ctx} />),
  });
  portal.page({
    method: "GET",
    url: "/.well-known/security.txt",
    access: "public",
    handler: (ctx) => {
      const contact = portal.config.SECURITY_CONTACT;
      const expires = new Date(ctx.now.getTime() + 180 * 24 * 3_600_000).toISOString();
      return ctx.reply
        .type("text/plain; charset=utf-8")
        .send(`Contact: ${contact}\nExpires: ${expires}\nPreferred-Languages: fr, en\n`);
    },
  });
}

export const home: Module = { routes, jobs: [] };
