import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { idChoice } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  Form,
  FormFooter,
  Heading,
  Link,
  Paragraph,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { findProfile, grantsOf, linesOf } from "../../rights/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { listGrants } from "../grants-store.ts";
import { listOwnRequests, type RequestRow } from "../requests-store.ts";
import { findMembership, type IdleMembership, listIdleMembershipsOf } from "../store.ts";
import { leaveStructure, renounceMainManager } from "../use-cases/changes.ts";
import { mayRemind, remindAnswerers, withdrawRequest } from "../use-cases/requests.ts";
import { refusalWords } from "./refusal-fields.tsx";
import { RightsExplained } from "./rights-explained.tsx";

const eyes = "the person asks a structure she is no member of";
const DAY_MS = 24 * 3_600_000;
const ownCrumbs = [{ label: "Mes rattachements", href: "/mes-rattachements" }];

const requestStates: {
  readonly [S in RequestRow["state"]]: {
    readonly tone: "info" | "success" | "error" | "neutral";
    readonly label: string;
  };
} = {
  pending: { tone: "info", label: "En cours de validation" },
  approved: { tone: "success", label: "Validée" },
  refused: { tone: "error", label: "Refusée" },
  withdrawn: { tone: "neutral", label: "Retirée" },
  expired: { tone: "neutral", label: "Expirée" },
};

function MembershipsPage({
  ctx,
  pending,
  idle,
}: {
  ctx: Context;
  pending: readonly RequestRow[];
  idle: readonly IdleMembership[];
}) {
  const { memberships } = ctx.who;
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
          <RequestsTable ctx={ctx} requests={pending} caption="Demandes en attente de réponse" />
        </>
      )}
      {idle.length > 0 && (
        <Table
          caption="Rattachements à venir ou suspendus"
          rows={idle}
          keyOf={(one) => one.structureId}
          columns={[
            { title: "Structure", heads: true, cell: (one) => one.structureName },
            {
              title: "État",
              cell: (one) =>
                one.state === "suspended" ? (
                  <Tag tone="warning">Suspendu</Tag>
                ) : (
                  <Tag tone="info">À venir, le {formatDate(one.startsAt)}</Tag>
                ),
            },
          ]}
        />
      )}
      {memberships.length === 0 ? (
        <EmptyState action={{ href: "/bienvenue", label: "Choisir ma structure" }}>
          Vous n'êtes rattaché à aucune structure.
        </EmptyState>
      ) : (
        <Table
          caption="Structures pour lesquelles je travaille"
          rows={memberships}
          keyOf={(one) => one.membershipId}
          columns={[
            {
              title: "Structure",
              heads: true,
              cell: (one) => (
                <a href={`/organisation/structures/${one.structureId}`}>{one.structure.displayName}</a>
              ),
            },
            {
              title: "Rôle",
              cell: (one) => (one.role === "mainManager" ? "Gestionnaire principal" : "Utilisateur"),
            },
            { title: "Niveau", cell: (one) => (one.scope === "structure" ? "Structure" : "Services") },
            {
              title: "Action",
              cell: (one) => (
                <a class="govuk-link" href={`/mes-rattachements/${one.structureId}/quitter`}>
                  Quitter<span class="govuk-visually-hidden"> {one.structure.displayName}</span>
                </a>
              ),
            },
          ]}
        />
      )}
    </Page>
  );
}

function RequestsTable({
  ctx,
  requests,
  caption,
}: {
  ctx: Context;
  requests: readonly RequestRow[];
  caption: string;
}) {
  return (
    <Table
      caption={caption}
      rows={requests}
      keyOf={(one) => one.id}
      columns={[
        { title: "Structure", heads: true, cell: (one) => one.structureName },
        {
          title: "Niveau",
          cell: (one) => (one.scope === "structure" ? "Structure" : one.serviceCodes.join(", ")),
        },
        { title: "Envoyée le", cell: (one) => formatDateTime(one.askedAt) },
        {
          title: "État",
          cell: (one) => <Tag tone={requestStates[one.state].tone}>{requestStates[one.state].label}</Tag>,
        },
        {
          title: "Réponse",
          cell: (one) =>
            one.state === "refused" ? refusalWords(one) : one.answeredAt ? formatDate(one.answeredAt) : "—",
        },
        {
          title: "Action",
          cell: (one) =>
            one.state === "pending" ? (
              <>
                <OwnAct ctx={ctx} request={one} act="retirer" label="Retirer" />
                {mayRemind(one, ctx.now) && (
                  <OwnAct ctx={ctx} request={one} act="relancer" label="Relancer" />
                )}
              </>
            ) : one.state === "approved" ? (
              "—"
            ) : (
              <a href={`/mes-rattachements/demander?structure=${one.structureId}`}>
                Corriger et renvoyer
                <span class="govuk-visually-hidden"> ma demande pour {one.structureName}</span>
              </a>
            ),
        },
      ]}
    />
  );
}

function OwnAct({
  ctx,
  request,
  act,
  label,
}: {
  ctx: Context;
  request: RequestRow;
  act: string;
  label: string;
}) {
  return (
    <Form token={ctx.formToken} action={`/mes-demandes/${request.id}/${act}`} inline>
      <input type="hidden" name="of" value={request.structureId} />
      <Button kind="secondary" small>
        {label}
        <span class="govuk-visually-hidden"> ma demande pour {request.structureName}</span>
      </Button>
    </Form>
  );
}

/** Days after which the ways out are shown to somebody whom nobody answers (organisation.md 10.6). */
const UNANSWERED_DAYS = 10;

/** What is left to somebody whom nobody answers. */
function NobodyAnswers({ requests, now }: { requests: readonly RequestRow[]; now: Date }) {
  const old = requests.filter((one) => now.getTime() - one.askedAt.getTime() >= UNANSWERED_DAYS * DAY_MS);
  if (old.length === 0) return null;
  return (
    <Banner tone="info" title="Personne ne vous répond depuis dix jours ?">
      <Bullets
        items={[
          "Relancez les gestionnaires : ils recevront un nouveau message.",
          ...old.map((one) => (
            <Link href={`/organisation/structures/${one.structureId}/reprise`}>
              Les gestionnaires de {one.structureName} ne sont plus là
            </Link>
          )),
          "Ce n'était pas la bonne structure ? Retirez votre demande.",
        ]}
      />
    </Banner>
  );
}

/** « Mes rattachements », « Historique de mes demandes », « Mes habilitations ». */
export function ownPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mes-rattachements",
    access: "account",
    handler: async (ctx) => {
      const { requests, idle } = await ctx.systemTx(eyes, async (tx, now) => ({
        requests: await listOwnRequests(tx, ctx.who.accountId),
        idle: await listIdleMembershipsOf(tx, ctx.who.accountId, now),
      }));
      return ctx.html(
        <MembershipsPage ctx={ctx} pending={requests.filter((one) => one.state === "pending")} idle={idle} />,
      );
    },
  });
  portal.page({
    method: "GET",
    url: "/mes-demandes",
    access: "account",
    handler: async (ctx) => {
      const requests = await ctx.systemTx(eyes, (tx) => listOwnRequests(tx, ctx.who.accountId));
      return ctx.html(
        <Page chrome={ctx.chrome} title="Historique de mes demandes" crumbs={ownCrumbs} wide>
          {requests.length === 0 ? (
            <EmptyState action={{ href: "/mes-rattachements/demander", label: "Demander un rattachement" }}>
              Vous n'avez fait aucune demande.
            </EmptyState>
          ) : (
            <RequestsTable ctx={ctx} requests={requests} caption="Demandes de rattachement" />
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/mes-demandes/:requestId/retirer",
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({ of: idChoice("Choisissez une structure.") });
      if (!form.ok) throw notFound();
      const done = await ctx.systemTx(eyes, (tx, now) =>
        withdrawRequest(
          tx,
          { accountId: ctx.who.accountId, requestId: ctx.id("requestId"), structureId: form.values.of },
          ctx.actor,
          now,
        ),
      );
      if (!done.ok && done.refusal.code === "NOT_FOUND") throw notFound();
      return ctx.redirect("/mes-demandes", {
        confirmation: { title: done.ok ? "Votre demande est retirée." : refusalTexts[done.refusal.code] },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/mes-demandes/:requestId/relancer",
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({ of: idChoice("Choisissez une structure.") });
      if (!form.ok) throw notFound();
      const { accountId } = ctx.who;
      const input = { accountId, requestId: ctx.id("requestId"), structureId: form.values.of };
      const done = await ctx.systemTx(eyes, (tx, now) => remindAnswerers(tx, input, ctx.actor, now));
      if (!done.ok && done.refusal.code === "NOT_FOUND") throw notFound();
      return ctx.redirect("/mes-rattachements", {
        confirmation: done.ok
          ? { title: `Les gestionnaires de ${done.value.structureName} sont relancés.` }
          : { title: refusalTexts[done.refusal.code] },
      });
    },
  });
  portal.page({
    method: "GET",
    url: "/mes-habilitations",
    access: "account",
    handler: async (ctx) => {
      const all = await ctx.tx(async (tx) =>
        Promise.all(
          ctx.who.memberships.map(async ({ structureId, membershipId, structure }) => ({
            structure,
            member: (await findMembership(tx, structureId, membershipId))!,
            grants: await listGrants(tx, membershipId),
          })),
        ),
      );
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Mes habilitations"
          lead="Que puis-je faire, et pourquoi ?"
          wide
          actions={
            <ButtonLink kind="secondary" href="/mes-habilitations/demandes">
              Mes demandes d'habilitation
            </ButtonLink>
          }
        >
          {all.length === 0 && (
            <EmptyState action={{ href: "/bienvenue", label: "Choisir ma structure" }}>
              Vous n'êtes rattaché à aucune structure.
            </EmptyState>
          )}
          {all.map(({ structure, member, grants }) => (
            <section class="u-section" key={member.id}>
              <Heading>{structure.displayName}</Heading>
              <RightsExplained
                member={member}
                structure={structure}
                grants={grants}
                now={ctx.now}
                askUrl={`/mes-habilitations/demander?structureId=${member.structureId}`}
              />
              {member.role === "member" && (
                <ButtonLink
                  kind="secondary"
                  href={`/mes-habilitations/demander?structureId=${member.structureId}`}
                >
                  Demander une habilitation
                </ButtonLink>
              )}
            </section>
          ))}
        </Page>,
      );
    },
  });
  const access = { action: "structure.read", on: "structure" } as const;
  portal.page({
    method: "GET",
    url: "/mes-rattachements/:structureId/quitter",
    access,
    handler: (ctx) => {
      const { structure, role, structureId } = ctx.membership;
      return ctx.html(
        <Page chrome={ctx.chrome} title={`Quitter ${structure.displayName}`} crumbs={ownCrumbs}>
          <Paragraph>
            Vos droits dans cette structure cesseront tout de suite. Votre compte et vos autres structures ne
            changent pas.
          </Paragraph>
          <Form token={ctx.formToken}>
            <FormFooter
              submit={`Quitter ${structure.displayName}`}
              kind="warning"
              cancel="/mes-rattachements"
            />
          </Form>
          {role === "mainManager" && (
            <Card title="Rester simple utilisateur">
              <Paragraph>
                Vous pouvez aussi renoncer au rôle de gestionnaire principal et rester rattaché.
              </Paragraph>
              <Form token={ctx.formToken} action={`/mes-rattachements/${structureId}/renoncer`}>
                <Button kind="secondary">Renoncer au rôle de gestionnaire principal</Button>
              </Form>
              <Paragraph>
                Seul à gérer la structure ?{" "}
                <Link href={`/organisation/gestionnaires/transmettre?structureId=${structureId}`}>
                  Transmettez d'abord votre rôle
                </Link>
                .
              </Paragraph>
            </Card>
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/mes-rattachements/:structureId/quitter",
    access,
    handler: async (ctx) => {
      const done = await ctx.tx((tx, now) =>
        leaveStructure(tx, ctx.membership.membershipId, ctx.membership, ctx.actor, now),
      );
      if (!done.ok) throw forbidden(refusalTexts[done.refusal.code]);
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
      const done = await ctx.tx((tx, now) =>
        renounceMainManager(
          tx,
          ctx.membership.membershipId,
          ctx.membership,
          grantsOf(linesOf(findProfile("utilisateur")!), null),
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) throw forbidden(refusalTexts[done.refusal.code]);
      return ctx.redirect("/mes-habilitations", {
        confirmation: {
          title: `Vous êtes désormais utilisateur de ${ctx.membership.structure.displayName}.`,
        },
      });
    },
  });
}
