import { forbidden } from "../../../web/access.ts";
import { formatDate, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import {
  Banner,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  Form,
  FormFooter,
  Link,
  Paragraph,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { findProfile, grantsOf, linesOf } from "../../rights/index.ts";
import { type MembershipRefusal, refusalTexts } from "../domain/decisions.ts";
import { listOwnMemberships, type OwnMembershipRow } from "../own-store.ts";
import { listOwnRequests, type OwnRequestRow } from "../requests-store.ts";
import { leaveStructure, renounceMainManager } from "../use-cases/changes.ts";
import { NobodyAnswers, OwnRequests, ownCrumbs } from "./own-requests.pages.tsx";

const eyes = "who manages a structure is told to its people, and its requests to who asks";

function MembershipsPage({
  ctx,
  memberships,
  pending,
}: {
  ctx: Context;
  memberships: readonly OwnMembershipRow[];
  pending: readonly OwnRequestRow[];
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Mes rattachements"
      wide
      actions={<ButtonLink href="/mes-rattachements/demander">Demander un rattachement</ButtonLink>}
    >
      {pending.length > 0 && (
        <>
          <NobodyAnswers requests={pending} now={ctx.now} />
          <OwnRequests ctx={ctx} requests={pending} caption="Demandes en attente de réponse" />
        </>
      )}
      {memberships.length === 0 ? (
        <EmptyState action={{ href: "/bienvenue", label: "Choisir ma structure" }}>
          Vous n'êtes rattaché à aucune structure.
        </EmptyState>
      ) : (
        <Table
          caption="Structures pour lesquelles je travaille"
          rows={memberships}
          keyOf={(one) => one.id}
          columns={[
            { title: "Structure", heads: true, cell: (one) => <StructureCell membership={one} /> },
            {
              title: "Rôle et niveau",
              cell: (one) => (
                <div>
                  {one.role === "mainManager" ? "Gestionnaire principal" : "Utilisateur"}
                  <br />
                  <span class="u-muted">
                    {one.scope === "structure"
                      ? "Toute la structure"
                      : `Services ${one.serviceCodes.join(", ")}`}
                  </span>
                </div>
              ),
            },
            {
              title: "Période",
              nowrap: true,
              cell: (one) => (
                <div>
                  {one.startsAt > ctx.now ? "À partir du" : "Depuis le"} {formatDate(one.startsAt)}
                  {one.endsAt && (
                    <>
                      <br />
                      Jusqu'au {formatDate(one.endsAt)}
                    </>
                  )}
                </div>
              ),
            },
            {
              title: "Gestionnaires principaux",
              cell: (one) => one.managers.join(", ") || "Aucun",
            },
            { title: "Actions", cell: (one) => <MembershipActs membership={one} now={ctx.now} /> },
          ]}
        />
      )}
    </Page>
  );
}

function StructureCell({ membership: one }: { membership: OwnMembershipRow }) {
  return (
    <div>
      {one.state === "active" ? (
        <a href={`/organisation/structures/${one.structureId}`}>{one.structureName}</a>
      ) : (
        one.structureName
      )}
      <br />
      <span class="u-muted u-small">{formatIdentifier(one.identifierValue)}</span>{" "}
      {one.state === "suspended" && <Tag tone="warning">Accès suspendu</Tag>}
      {one.structureState !== "active" && <Tag tone="neutral">Structure inactive</Tag>}
    </div>
  );
}

function MembershipActs({ membership: one, now }: { membership: OwnMembershipRow; now: Date }) {
  const where = <span class="govuk-visually-hidden"> : {one.structureName}</span>;
  if (one.state === "suspended") return <>Un gestionnaire peut rétablir votre accès</>;
  if (one.startsAt > now) return <>À venir</>;
  return (
    <ul class="govuk-list">
      <li>
        <Link href={`/mes-habilitations?structureId=${one.structureId}`}>Voir mes habilitations{where}</Link>
      </li>
      {one.scope === "service" && one.structureState === "active" && (
        <li>
          <Link href={`/mes-rattachements/demander?structure=${one.structureId}`}>
            Demander un autre service{where}
          </Link>
        </li>
      )}
      <li>
        <Link href={`/mes-rattachements/${one.structureId}/quitter`}>Quitter{where}</Link>
      </li>
    </ul>
  );
}

function LeavePage({ ctx }: { ctx: Context }) {
  const { structure, role, structureId } = ctx.membership;
  return (
    <Page chrome={ctx.chrome} title={`Quitter ${structure.displayName}`} crumbs={ownCrumbs}>
      <Paragraph>
        Vos droits dans cette structure cesseront tout de suite. Votre compte et vos autres structures ne
        changent pas.
      </Paragraph>
      <Form token={ctx.formToken}>
        <FormFooter submit={`Quitter ${structure.displayName}`} kind="warning" cancel="/mes-rattachements" />
      </Form>
      {role === "mainManager" && (
        <Card title="Rester simple utilisateur">
          <Paragraph>
            Vous pouvez aussi renoncer au rôle de gestionnaire principal et rester rattaché.
          </Paragraph>
          <Form token={ctx.formToken} action={`/mes-rattachements/${structureId}/renoncer`}>
            <Button kind="secondary">Renoncer au rôle de gestionnaire principal</Button>
          </Form>
        </Card>
      )}
    </Page>
  );
}

/** MGR-03. What the only manager does before she may leave. */
function LastManagerPage({ ctx }: { ctx: Context }) {
  const { structure, structureId } = ctx.membership;
  return (
    <Page chrome={ctx.chrome} title={`Quitter ${structure.displayName}`} crumbs={ownCrumbs}>
      <Banner
        tone="warning"
        title={`Vous êtes le seul gestionnaire principal de ${structure.displayName}. Désignez d'abord une autre personne.`}
      >
        <p>Sans gestionnaire, plus personne ne pourrait y rattacher quelqu'un ni changer ses droits.</p>
      </Banner>
      <div class="u-buttons">
        <ButtonLink href={`/organisation/gestionnaires/transmettre?structureId=${structureId}`}>
          Transmettre mon rôle et quitter
        </ButtonLink>
        <ButtonLink kind="secondary" href={`/organisation/gestionnaires/designer?structureId=${structureId}`}>
          Désigner un second gestionnaire
        </ButtonLink>
      </div>
      <Paragraph>
        La structure n'existe plus ou ne sert plus ?{" "}
        <Link href={`/organisation/structures/${structureId}/desactiver`}>Désactivez-la</Link>.
      </Paragraph>
    </Page>
  );
}

/** « Mes rattachements », and the ways out of one. */
export function ownMembershipPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mes-rattachements",
    access: "account",
    handler: async (ctx) => {
      const { accountId } = ctx.who;
      const found = await ctx.systemTx(eyes, async (tx) => ({
        memberships: await listOwnMemberships(tx, accountId),
        requests: await listOwnRequests(tx, accountId),
      }));
      return ctx.html(
        <MembershipsPage
          ctx={ctx}
          memberships={found.memberships}
          pending={found.requests.filter((one) => one.state === "pending")}
        />,
      );
    },
  });
  const access = { action: "structure.read", on: "structure" } as const;
  const isLast = async (ctx: Context) => {
    const own = await ctx.systemTx(eyes, (tx) => listOwnMemberships(tx, ctx.who.accountId));
    const here = own.find((one) => one.structureId === ctx.membership.structureId);
    return here?.role === "mainManager" && here.managers.length === 1;
  };
  const refuse = async (ctx: Context, refusal: MembershipRefusal) => {
    if (refusal.code !== "LAST_MAIN_MANAGER") throw forbidden(refusalTexts[refusal.code]);
    return ctx.html(<LastManagerPage ctx={ctx} />, 422);
  };
  portal.page({
    method: "GET",
    url: "/mes-rattachements/:structureId/quitter",
    access,
    handler: async (ctx) =>
      ctx.html((await isLast(ctx)) ? <LastManagerPage ctx={ctx} /> : <LeavePage ctx={ctx} />),
  });
  portal.page({
    method: "POST",
    url: "/mes-rattachements/:structureId/quitter",
    access,
    handler: async (ctx) => {
      const done = await ctx.tx((tx, now) =>
        leaveStructure(tx, ctx.membership.membershipId, ctx.membership, ctx.actor, now),
      );
      if (!done.ok) return refuse(ctx, done.refusal);
      return ctx.redirect("/mes-rattachements", {
        confirmation: { title: `Vous avez quitté ${ctx.membership.structure.displayName}.` },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/mes-rattachements/:structureId/renoncer",
    access: { action: "manager.name", on: "structure" },
    handler: async (ctx) => {
      const grants = grantsOf(linesOf(findProfile("utilisateur")!), null);
      const done = await ctx.tx((tx, now) =>
        renounceMainManager(tx, ctx.membership.membershipId, ctx.membership, grants, ctx.actor, now),
      );
      if (!done.ok) return refuse(ctx, done.refusal);
      return ctx.redirect("/mes-habilitations", {
        confirmation: {
          title: `Vous êtes désormais utilisateur de ${ctx.membership.structure.displayName}.`,
        },
      });
    },
  });
}
