import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime, formatMonth } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Table,
  Tag,
  TextInput,
} from "../../../web/ui/index.ts";
import { findMembership, type MembershipRow } from "../../memberships/index.ts";
import { proposalRefusalTexts } from "../domain/proposal.ts";
import {
  type ClaimRow,
  listMainManagers,
  listOpenClaims,
  listProposals,
  type ManagerRow,
  type ProposalRow,
} from "../store.ts";
import { answerProposal, propose } from "../use-cases/proposals.ts";
import { access, crumbsIn, managersUrl } from "./managers-address.ts";

const eyes = "the last sign-in and the second factor of a manager are told to the other managers";

function ManagersPage({
  ctx,
  managers,
  proposals,
  claims,
}: {
  ctx: Context;
  managers: readonly ManagerRow[];
  proposals: readonly ProposalRow[];
  claims: readonly ClaimRow[];
}) {
  const { structureId, structure } = ctx.membership;
  const mayAct = ctx.can("manager.name");
  const active = managers.filter((one) => one.isActive);
  const actUrl = (one: ManagerRow) =>
    `/organisation/structures/${structureId}/gestionnaires/${one.membershipId}/retirer`;
  return (
    <Page
      chrome={ctx.chrome}
      title="Gestionnaires principaux"
      caption={structure.displayName}
      crumbs={[{ label: "Organisation", href: "/organisation" }]}
      lead="Ils répondent de la structure : ses utilisateurs, leurs droits, ses services et ses coordonnées bancaires."
      wide
    >
      {mayAct &&
        claims.map((claim) => (
          <Banner
            tone="warning"
            title={`${claim.claimantName} demande à gérer cette structure à votre place.`}
            key={claim.id}
          >
            <p>
              Vous pouvez l'arrêter jusqu'à la décision de l'opérateur, possible dès le{" "}
              {formatDateTime(claim.objectionUntil)}.{" "}
              <Link href={`/organisation/structures/${structureId}/reprise`}>Voir et arrêter la reprise</Link>
            </p>
          </Banner>
        ))}
      {mayAct && active.length === 1 && (
        <Banner tone="warning" title="Cette structure n'a qu'un gestionnaire principal.">
          <p>
            S'il part ou perd son accès, plus personne ne peut y rattacher quelqu'un. Désignez-en un second.
          </p>
        </Banner>
      )}
      {mayAct && (
        <div class="u-buttons">
          <ButtonLink href={`/organisation/gestionnaires/designer?structureId=${structureId}`}>
            Désigner un autre gestionnaire
          </ButtonLink>
          <ButtonLink
            kind="secondary"
            href={`/organisation/gestionnaires/transmettre?structureId=${structureId}`}
          >
            Transmettre mon rôle
          </ButtonLink>
        </div>
      )}
      <Table
        caption="Gestionnaires principaux de la structure"
        rows={managers}
        keyOf={(one) => one.membershipId}
        columns={[
          {
            title: "Personne",
            heads: true,
            cell: (one) => (
              <>
                {one.name}
                {one.accountId === ctx.who.accountId && " (vous)"}{" "}
                {!one.isActive && <Tag tone="warning">Accès suspendu</Tag>}
              </>
            ),
          },
          { title: "Depuis le", cell: (one) => (one.since ? formatDate(one.since) : "—") },
          { title: "Désigné par", cell: (one) => one.namedByName ?? "Création de la structure" },
          ...(mayAct
            ? [
                {
                  title: "Dernière connexion",
                  cell: (one: ManagerRow) => (one.lastSignInAt ? formatMonth(one.lastSignInAt) : "Jamais"),
                },
                {
                  title: "Double authentification",
                  cell: (one: ManagerRow) => (one.hasSecondFactor ? "En place" : "Absente"),
                },
                {
                  title: "Action",
                  cell: (one: ManagerRow) =>
                    one.accountId === ctx.who.accountId ? (
                      <Link href={`/mes-rattachements/${structureId}/quitter`}>Renoncer ou quitter</Link>
                    ) : proposals.some((waiting) => waiting.membershipId === one.membershipId) ? (
                      "Retrait en cours"
                    ) : (
                      <Link href={actUrl(one)}>
                        Retirer<span class="govuk-visually-hidden"> le rôle de {one.name}</span>
                      </Link>
                    ),
                },
              ]
            : []),
        ]}
      />
      {mayAct && proposals.length > 0 && <Proposals ctx={ctx} proposals={proposals} />}
    </Page>
  );
}

const kinds: { readonly [K in ProposalRow["kind"]]: string } = {
  name: "Gestionnaire de plus",
  handOver: "Prend la suite",
  remove: "Retrait du rôle",
};

function Proposals({ ctx, proposals }: { ctx: Context; proposals: readonly ProposalRow[] }) {
  return (
    <Table
      caption="Propositions en cours"
      rows={proposals}
      keyOf={(one) => one.id}
      columns={[
        { title: "Personne", heads: true, cell: (one) => one.personName },
        { title: "Proposition", cell: (one) => kinds[one.kind] },
        { title: "Par", cell: (one) => `${one.authorName}, le ${formatDate(one.proposedAt)}` },
        { title: "Motif", cell: (one) => one.reason || "—" },
        {
          title: "État",
          cell: (one) =>
            one.state === "objected" ? (
              <>
                <Tag tone="warning">Contesté</Tag> {one.answer}
              </>
            ) : (
              `${one.kind === "remove" ? "Effectif" : "Expire"} le ${formatDateTime(one.dueAt)}`
            ),
        },
        {
          title: "Action",
          cell: (one) => <ProposalActs ctx={ctx} proposal={one} />,
        },
      ]}
    />
  );
}

function ProposalActs({ ctx, proposal }: { ctx: Context; proposal: ProposalRow }) {
  const url = `/organisation/structures/${proposal.structureId}/gestionnaires/propositions/${proposal.id}`;
  const act = (verb: string, label: string) => (
    <Form token={ctx.formToken} action={`${url}/${verb}`} inline>
      <Button kind="secondary" small>
        {label}
        <span class="govuk-visually-hidden"> : {proposal.personName}</span>
      </Button>
    </Form>
  );
  const { accountId } = ctx.who;
  if (accountId === proposal.accountId)
    return <Link href={`/mes-rattachements/propositions/${proposal.id}`}>Répondre</Link>;
  if (proposal.kind !== "remove" || accountId === proposal.proposedBy) return act("annuler", "Annuler");
  if (proposal.state !== "objected") return <>Attend la réponse de l'intéressé</>;
  return (
    <>
      {act("confirmer", "Confirmer le retrait")} {act("abandonner", "Abandonner le retrait")}
    </>
  );
}

function RemovalPage({ ctx, person, form }: { ctx: Context; person: MembershipRow; form: FormState }) {
  const { structureId, structure } = ctx.membership;
  const name = `${person.firstName} ${person.lastName}`;
  return (
    <Page
      chrome={ctx.chrome}
      title={`Retirer le rôle de ${name}`}
      caption={structure.displayName}
      crumbs={crumbsIn(structureId)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Bullets
        items={[
          "La personne est prévenue, avec votre motif, et peut s'y opposer pendant 72 heures.",
          "Sans opposition, elle devient simple utilisateur de la structure.",
          "Si elle s'oppose, un autre gestionnaire, ou l'opérateur du portail, décide.",
        ]}
      />
      <Form token={ctx.formToken} state={form}>
        <TextInput
          form={form}
          name="reason"
          label="Motif"
          required
          maxlength={500}
          hint="La personne le lira. Par exemple : a changé de poste."
        />
        <FormFooter submit={`Retirer le rôle de ${name}`} kind="warning" cancel={managersUrl(structureId)} />
      </Form>
    </Page>
  );
}

function removalPages(portal: Portal): void {
  const url = "/organisation/structures/:structureId/gestionnaires/:membershipId/retirer";
  const load = async (ctx: Context) => {
    const person = await ctx.tx((tx) =>
      findMembership(tx, ctx.membership.structureId, ctx.id("membershipId")),
    );
    if (person?.role !== "mainManager" || person.state === "ended") throw notFound();
    return person;
  };
  portal.page({
    method: "GET",
    url,
    access,
    fresh: true,
    handler: async (ctx) => ctx.html(<RemovalPage ctx={ctx} person={await load(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const person = await load(ctx);
      const { structureId } = ctx.membership;
      const again = (form: FormState) => ctx.html(<RemovalPage ctx={ctx} person={person} form={form} />, 422);
      const form = ctx.form({ reason: text.required("Motif", 500) });
      if (!form.ok) return again(form.state);
      const { reason } = form.values;
      const done = await ctx.tx((tx, now) =>
        propose(
          tx,
          { kind: "remove", structureId, target: person, becomes: null, reason },
          ctx.who,
          ctx.actor,
          now,
        ),
      );
      if (!done.ok)
        return again({
          values: typedValues(ctx.body),
          errors: { reason: proposalRefusalTexts[done.refusal.code] },
        });
      return ctx.redirect(managersUrl(structureId), {
        confirmation: {
          title: `Le retrait du rôle de ${done.value.name} est demandé.`,
          text: "Il prend effet dans 72 heures, sauf opposition.",
        },
      });
    },
  });
}

/** The main managers of a structure: who they are, naming, handing over, removing. Source: organisation.md 13.2. */
export function managerPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/gestionnaires",
    access: { action: "structure.read", on: "structure" },
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const found = await ctx.systemTx(eyes, async (tx) => ({
        managers: await listMainManagers(tx, structureId),
        proposals: await listProposals(tx, structureId),
        claims: await listOpenClaims(tx, [structureId]),
      }));
      return ctx.html(<ManagersPage ctx={ctx} {...found} />);
    },
  });
  removalPages(portal);
  for (const [verb, kind, says] of [
    ["annuler", "cancel", "La proposition est annulée."],
    ["confirmer", "confirm", "Le rôle est retiré."],
    ["abandonner", "dismiss", "Le retrait est abandonné."],
  ] as const)
    portal.page({
      method: "POST",
      url: `/organisation/structures/:structureId/gestionnaires/propositions/:proposalId/${verb}`,
      access,
      handler: async (ctx) => {
        const { structureId } = ctx.membership;
        const done = await ctx.tx((tx, now) =>
          answerProposal(
            tx,
            { id: ctx.id("proposalId"), kind, text: "" },
            { accountId: ctx.who.accountId, structureId },
            ctx.actor,
            now,
          ),
        );
        if (!done.ok) throw forbidden(proposalRefusalTexts[done.refusal.code]);
        return ctx.redirect(managersUrl(structureId), { confirmation: { title: says } });
      },
    });
}
