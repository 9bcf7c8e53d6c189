import { formatSince } from "../../web/format.ts";
import { Page } from "../../web/layout.tsx";
import type { Context, Portal } from "../../web/portal.ts";
import {
  Bullets,
  Button,
  ButtonLink,
  Form,
  Heading,
  Link,
  Paragraph,
  Tile,
  Tiles,
} from "../../web/ui/index.ts";
import { ARRIVAL_PATH, receivesNothing, trustAddressAgain } from "../accounts/index.ts";
import { listOwnClaims, listProposalsTo } from "../managers/index.ts";
import { listOwnRequests } from "../memberships/index.ts";

const INVITED_PATH = "/bienvenue/invitation";
const DEAD_ADDRESS_PATH = "/bienvenue/adresse";
const eyes = "what a person asked of structures she is no member of";

/** What a person waits for, or is waited for, before she can work. */
async function waiting(ctx: Context) {
  const { accountId } = ctx.who;
  const found = await ctx.systemTx(eyes, async (tx, now) => ({
    requests: await listOwnRequests(tx, accountId),
    claims: await listOwnClaims(tx, accountId),
    proposals: await listProposalsTo(tx, accountId, now),
  }));
  return [
    ...found.proposals.map((one) => (
      <Link href={`/mes-rattachements/propositions/${one.id}`}>
        On vous propose de gérer {one.structureName} : répondez
      </Link>
    )),
    ...found.requests
      .filter((one) => one.state === "pending")
      .map((one) => (
        <>
          Votre demande pour {one.structureName} attend la réponse d'un gestionnaire{" "}
          {formatSince(one.askedAt, ctx.now)}.{" "}
          <Link href="/mes-rattachements">
            Suivre<span class="govuk-visually-hidden"> ma demande pour {one.structureName}</span>
          </Link>
        </>
      )),
    ...found.claims
      .filter((one) => one.state === "open")
      .map((one) => (
        <>
          Votre demande de gestion de {one.structureName} est examinée par l'opérateur du portail.{" "}
          <Link href="/organisation/reprise">
            Suivre<span class="govuk-visually-hidden"> ma demande pour {one.structureName}</span>
          </Link>
        </>
      )),
    ...ctx.who.memberships
      .filter((one) => one.role === "mainManager" && one.structure.proofState === "toVerify")
      .map(({ structureId, structure }) => (
        <>
          {structure.displayName} est à vérifier : prouvez que vous agissez pour elle.{" "}
          <Link href={`/organisation/structures/${structureId}/preuve`}>
            Vérifier<span class="govuk-visually-hidden"> {structure.displayName}</span>
          </Link>
        </>
      )),
  ];
}

async function WelcomePage(ctx: Context) {
  const items = await waiting(ctx);
  const hasStructure = ctx.who.memberships.length > 0;
  const isWelcome = hasStructure || items.length > 0;
  return (
    <Page
      chrome={ctx.chrome}
      title={isWelcome ? `Bienvenue, ${ctx.who.firstName}` : "Pour quelle structure travaillez-vous ?"}
      lead={
        hasStructure
          ? "Votre compte est prêt. Voici par quoi commencer."
          : "Qui saisit, dépose ou traite une facture doit être rattaché à la structure qui l'emploie."
      }
      wide
    >
      {items.length > 0 && (
        <section class="u-section">
          <Heading>En attente</Heading>
          <Bullets items={items} />
        </section>
      )}
      {hasStructure ? (
        <FirstSteps ctx={ctx} />
      ) : (
        <Choices heading={isWelcome ? "Une autre structure ?" : "Trois façons de commencer"} />
      )}
      <Paragraph>
        <Link href="/">{hasStructure ? "Aller à l'accueil" : "Plus tard"}</Link>
      </Paragraph>
    </Page>
  );
}

function Choices({ heading }: { heading: string }) {
  return (
    <>
      <Heading>{heading}</Heading>
      <Tiles>
        <Tile href="/organisation/structures/nouvelle" title="Créer ma structure" icon="plus">
          Elle n'est pas encore dans le portail : vous en serez gestionnaire principal.
        </Tile>
        <Tile href="/mes-rattachements/demander" title="Me rattacher à une structure existante" icon="people">
          Ses gestionnaires recevront votre demande.
        </Tile>
        <Tile href={INVITED_PATH} title="J'ai reçu une invitation" icon="inbox">
          Elle vaut pour l'adresse qui l'a reçue.
        </Tile>
      </Tiles>
    </>
  );
}

/** What a person who works for a structure does first. */
function FirstSteps({ ctx }: { ctx: Context }) {
  const current = ctx.who.current!;
  const { structureId, structure } = current;
  const mayAttach = ctx.can("member.attach", { membership: current, serviceId: "any" });
  return (
    <>
      <Heading>Pour commencer</Heading>
      <Tiles>
        {!ctx.who.hasSecondFactor && (
          <Tile href="/mon-compte/double-authentification" title="Protéger mon compte" icon="shield">
            Une application ou une clé d'accès s'ajoute à votre mot de passe.
          </Tile>
        )}
        <Tile href={`/organisation/structures/${structureId}`} title="Voir ma structure" icon="building">
          {structure.displayName} : sa fiche, ses services, ses coordonnées bancaires.
        </Tile>
        {mayAttach && structure.proofState !== "toVerify" && (
          <Tile
            href={`/organisation/utilisateurs/rattacher?structureId=${structureId}`}
            title="Rattacher un collègue"
            icon="person"
          >
            Par son adresse, avec les droits que vous choisissez.
          </Tile>
        )}
        <Tile href="/mes-habilitations" title="Que puis-je faire ?" icon="key">
          Vos droits, et d'où ils viennent.
        </Tile>
      </Tiles>
    </>
  );
}

function InvitedPage({ ctx }: { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="J'ai reçu une invitation"
      crumbs={[{ label: "Bienvenue", href: "/bienvenue" }]}
      lead={`Une invitation vaut pour l'adresse qui l'a reçue. Votre compte porte l'adresse ${ctx.who.signInEmail}.`}
    >
      <Bullets
        items={[
          "Elle a été envoyée à cette adresse : elle a pris effet à l'activation de votre compte, à moins d'avoir expiré ou d'avoir été annulée. Demandez à son auteur de vous rattacher.",
          <>
            Elle a été envoyée à une autre de vos adresses :{" "}
            <Link href="/mon-compte/adresse">connectez-vous désormais avec celle-ci</Link>, ou demandez à son
            auteur de vous rattacher à {ctx.who.signInEmail}.
          </>,
        ]}
      />
      <Paragraph>
        <Link href="/bienvenue">Revenir aux autres façons de commencer</Link>
      </Paragraph>
    </Page>
  );
}

/** ACC-14. The sign-in address must receive mails: without them, a forgotten password closes the account for good. */
function DeadAddressPage({ ctx }: { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Votre adresse ne reçoit plus nos messages"
      lead={`Le serveur de ${ctx.who.signInEmail} les refuse : sans adresse qui reçoit, vous ne pourriez plus choisir un nouveau mot de passe.`}
    >
      <div class="u-buttons">
        <ButtonLink href="/mon-compte/adresse">Changer mon adresse de connexion</ButtonLink>
      </div>
      <Form token={ctx.formToken} action={DEAD_ADDRESS_PATH}>
        <Paragraph>
          Elle est rétablie ? Nous y écrirons de nouveau, et vous le dirons si elle refuse encore.
        </Paragraph>
        <Button kind="secondary">Elle fonctionne : continuer</Button>
      </Form>
      <Paragraph>
        <Link href="/">Plus tard</Link>
      </Paragraph>
    </Page>
  );
}

/** The first sign-in: what one waits for, and what one may do about one's structure. */
export function welcomePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: ARRIVAL_PATH,
    access: "account",
    handler: async (ctx) => {
      if (await ctx.tx((tx) => receivesNothing(tx, ctx.who.accountId)))
        return ctx.redirect(DEAD_ADDRESS_PATH);
      return ctx.redirect(ctx.who.memberships.length === 0 ? "/bienvenue" : "/");
    },
  });
  portal.page({
    method: "GET",
    url: DEAD_ADDRESS_PATH,
    access: "account",
    handler: (ctx) => ctx.html(<DeadAddressPage ctx={ctx} />),
  });
  portal.page({
    method: "POST",
    url: DEAD_ADDRESS_PATH,
    access: "account",
    handler: async (ctx) => {
      await trustAddressAgain(ctx.database, ctx.who.accountId);
      return ctx.redirect(ARRIVAL_PATH);
    },
  });
  portal.page({
    method: "GET",
    url: "/bienvenue",
    access: "account",
    handler: async (ctx) => ctx.html(await WelcomePage(ctx)),
  });
  portal.page({
    method: "GET",
    url: INVITED_PATH,
    access: "account",
    handler: (ctx) => ctx.html(<InvitedPage ctx={ctx} />),
  });
}
