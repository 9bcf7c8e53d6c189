import { readPlace, readSorting, writePlace, writeSorting } from "../../../shared/sorting.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime, formatMonth } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import { listAddress } from "../../../web/list-address.ts";
import type { Context, Portal } from "../../../web/portal.ts";
import { StructureTabs } from "../../../web/structure-tabs.tsx";
import {
  Button,
  ButtonLink,
  EmptyState,
  Form,
  ListSearch,
  noForm,
  Pagination,
  RowBox,
  Select,
  sortFilter,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { listOpenServices } from "../../structures/index.ts";
import { refusalText } from "../domain/decisions.ts";
import { type InvitationRow, listInvitations } from "../invitations-store.ts";
import {
  everybody,
  type ListedMember,
  listMembers,
  type MemberSearch,
  type MembershipRow,
  memberOrders,
  PAGE_SIZE,
} from "../store.ts";
import { mayActOn } from "../use-cases/changes.ts";
import { FORMER_RIGHTS } from "../use-cases/gift.ts";
import { resendInvitation, revokeInvitation } from "../use-cases/invitations.ts";
import { fullName, memberUrl, organisation, stateTag, users } from "./person.tsx";
import { selectionActs } from "./selection.pages.tsx";

/** The people of a structure, and the invitations under way. */
export function memberListPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/utilisateurs",
    access: { action: "member.list", on: "structure" },
    handler: async (ctx) => {
      const { structureId, structure } = ctx.membership;
      const seenServices = ctx.can("member.list", { serviceId: null }) ? null : ctx.membership.serviceIds;
      const after = readPlace(ctx.one("apres"));
      const { found, invitations, services, search } = await ctx.tx(async (tx, now) => {
        const services = (await listOpenServices(tx, structureId, now)).filter(
          (one) => seenServices === null || seenServices.includes(one.id),
        );
        const search = searchOf(ctx, services, seenServices);
        return {
          services,
          search,
          found: await listMembers(tx, structureId, search, after),
          invitations:
            filterNames.every((name) => !ctx.one(name)) && ctx.can("member.attach", { serviceId: null })
              ? await listInvitations(tx, structureId, now)
              : [],
        };
      });
      const rows = found.slice(0, PAGE_SIZE);
      const last = rows.at(-1);
      const next = found.length > PAGE_SIZE && last ? { value: last.sortValue, id: last.id } : null;
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Gérer les utilisateurs"
          searched={search.words}
          caption={structure.displayName}
          crumbs={[organisation]}
          wide
          actions={
            <>
              <ButtonLink kind="secondary" href={`/organisation/utilisateurs.csv?structureId=${structureId}`}>
                Exporter (CSV)
              </ButtonLink>
              {ctx.can("member.attach", { serviceId: "any" }) && (
                <>
                  <ButtonLink
                    kind="secondary"
                    href={`/organisation/imports/rattachements?structureId=${structureId}`}
                  >
                    Importer
                  </ButtonLink>
                  <ButtonLink href={`/organisation/utilisateurs/rattacher?structureId=${structureId}`}>
                    Rattacher un utilisateur
                  </ButtonLink>
                </>
              )}
            </>
          }
        >
          <StructureTabs ctx={ctx} current="users" />
          <ListSearch
            label="Nom ou adresse électronique"
            value={search.words}
            action="/organisation/utilisateurs"
            hidden={{ structureId: String(structureId) }}
            filters={[
              {
                name: "role",
                label: "Rôle",
                value: ctx.one("role"),
                options: [
                  { value: "", label: "Tous" },
                  { value: "gestionnaire", label: "Gestionnaire principal" },
                  { value: "utilisateur", label: "Utilisateur" },
                ],
              },
              {
                name: "etat",
                label: "État",
                value: ctx.one("etat"),
                options: [
                  { value: "", label: "Tous" },
                  { value: "actif", label: "Actif" },
                  { value: "suspendu", label: "Suspendu" },
                  { value: "parti", label: "Parti" },
                ],
              },
              ...(services.length > 0
                ? [
                    {
                      name: "service",
                      label: "Service",
                      value: ctx.one("service"),
                      options: [
                        { value: "", label: "Tous" },
                        ...services.map((one) => ({ value: String(one.id), label: one.code })),
                      ],
                    },
                  ]
                : []),
              sortFilter(orders, search.sorting),
            ]}
          />
          {rows.length === 0 ? (
            <EmptyState action={{ href: users(structureId).href, label: "Voir toutes les personnes" }}>
              Personne ne correspond à cette recherche.
            </EmptyState>
          ) : (
            <MembersTable ctx={ctx} rows={rows} search={search} />
          )}
          <Pagination
            first={after ? listUrl(ctx) : null}
            next={next && listUrl(ctx, { apres: writePlace(next) })}
          />
          {invitations.length > 0 && <Invitations ctx={ctx} invitations={invitations} />}
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/invitations/:invitationId/renvoyer",
    access: { action: "member.attach", on: "structure" },
    handler: async (ctx) => {
      if (!ctx.can("member.attach", { serviceId: null })) throw forbidden();
      const { INVITATION_DAYS: invitationDays } = ctx.config;
      const done = await ctx.tx((tx, now) =>
        resendInvitation(tx, ctx.id("invitationId"), ctx.membership, { invitationDays }, ctx.actor, now),
      );
      if (!done.ok && done.refusal.code === "NOT_FOUND") throw notFound();
      return ctx.redirect(users(ctx.membership.structureId).href, {
        confirmation: {
          title: done.ok ? `L'invitation de ${done.value.name} est renvoyée.` : refusalText(done.refusal),
        },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/invitations/:invitationId/annuler",
    access: { action: "member.attach", on: "structure" },
    handler: async (ctx) => {
      if (!ctx.can("member.attach", { serviceId: null })) throw forbidden();
      const done = await ctx.tx((tx, now) =>
        revokeInvitation(tx, ctx.id("invitationId"), ctx.membership, ctx.actor, now),
      );
      if (!done.ok) throw notFound();
      return ctx.redirect(users(ctx.membership.structureId).href, {
        confirmation: { title: `L'invitation de ${done.value.name} est annulée.` },
      });
    },
  });
}

const preset = everybody.sorting;
const orders: readonly (readonly [MemberSearch["sorting"], string])[] = [
  [preset, "Par nom"],
  [{ by: "nom", descending: true }, "Par nom, de Z à A"],
  [{ by: "depuis", descending: false }, "Du plus ancien au plus récent"],
  [{ by: "depuis", descending: true }, "Du plus récent au plus ancien"],
  [{ by: "fin", descending: false }, "Fin d'accès la plus proche"],
  [{ by: "fin", descending: true }, "Sans fin, puis la plus lointaine"],
  [{ by: "connexion", descending: false }, "Absents depuis le plus longtemps"],
  [{ by: "connexion", descending: true }, "Connectés le plus récemment"],
];
const roles: Readonly<Record<string, MemberSearch["role"]>> = {
  gestionnaire: "mainManager",
  utilisateur: "member",
};
const states: Readonly<Record<string, MemberSearch["state"]>> = {
  actif: "active",
  suspendu: "suspended",
  parti: "ended",
};

/**
 * The search that an address asks for.
 * @param seen the services that the reader may see people of; null: all
 */
function searchOf(
  ctx: Context,
  services: readonly { readonly id: number }[],
  seen: readonly number[] | null,
): MemberSearch {
  const service = services.find((one) => String(one.id) === ctx.one("service"));
  return {
    words: ctx.one("q").trim().slice(0, 100),
    role: roles[ctx.one("role")] ?? null,
    state: states[ctx.one("etat")] ?? null,
    serviceIds: service ? [service.id] : seen,
    sorting: readSorting(ctx.one("tri"), memberOrders, preset),
  };
}

/** What filters the list, as it stands in the address. */
const filterNames = ["q", "role", "etat", "service"] as const;

/** The address of the list with the filters of the page, changed. */
const listUrl = (ctx: Context, change: Readonly<Record<string, string>> = {}): string =>
  listAddress(ctx, "/organisation/utilisateurs", [...filterNames, "tri"], change);

/** Where somebody who has left is attached again, with her former rights proposed first. */
const againUrl = ({ structureId, signInEmail }: MembershipRow): string =>
  `/organisation/utilisateurs/rattacher?${new URLSearchParams({
    structureId: String(structureId),
    email: signInEmail,
    profile: FORMER_RIGHTS,
  })}`;

/** The people of a page of the list; those that the reader may act on can be ticked, for one act on all of them. */
function MembersTable({
  ctx,
  rows,
  search,
}: {
  ctx: Context;
  rows: readonly ListedMember[];
  search: MemberSearch;
}) {
  const { structureId } = ctx.membership;
  const canChoose = (one: MembershipRow) =>
    one.state !== "ended" &&
    one.accountId !== ctx.who.accountId &&
    mayActOn(ctx.membership, one.openServiceIds, one.scope, ctx.now);
  const canChooseAny = rows.some(canChoose);
  const table = (
    <Table
      caption="Personnes rattachées"
      rows={rows}
      keyOf={(one) => one.id}
      sorting={{ current: search.sorting, href: (sorting) => listUrl(ctx, { tri: writeSorting(sorting) }) }}
      columns={[
        ...(canChooseAny
          ? [
              {
                title: "Choisir",
                cell: (one: MembershipRow) =>
                  canChoose(one) ? (
                    <RowBox name="qui" value={one.id} label={`Choisir ${fullName(one)}`} />
                  ) : one.accountId === ctx.who.accountId ? (
                    "Vous"
                  ) : (
                    "—"
                  ),
              },
            ]
          : []),
        {
          title: "Personne",
          sort: "nom",
          heads: true,
          cell: (one) => (
            <>
              {one.state === "ended" ? (
                `${one.lastName} ${one.firstName}`
              ) : (
                <a href={memberUrl(one)}>{`${one.lastName} ${one.firstName}`}</a>
              )}
              <span class="u-muted u-small u-under">{one.signInEmail}</span>
            </>
          ),
        },
        {
          title: "Rôle",
          cell: (one) => (one.role === "mainManager" ? "Gestionnaire principal" : "Utilisateur"),
        },
        {
          title: "Niveau",
          cell: (one) =>
            one.scope === "structure" ? <span class="u-nowrap">Structure</span> : one.serviceCodes.join(", "),
        },
        { title: "Depuis le", sort: "depuis", nowrap: true, cell: (one) => formatDate(one.startsAt) },
        {
          title: "Jusqu'au",
          sort: "fin",
          nowrap: true,
          cell: (one) => (one.endsAt ? formatDate(one.endsAt) : "—"),
        },
        {
          title: "Dernière connexion",
          sort: "connexion",
          nowrap: true,
          cell: (one) => (one.lastSignInAt ? formatMonth(one.lastSignInAt) : "Jamais"),
        },
        {
          title: "État",
          cell: (one) =>
            one.state === "ended" && ctx.can("member.attach", { serviceId: "any" }) ? (
              <a class="govuk-link" href={againUrl(one)}>
                Rattacher de nouveau<span class="govuk-visually-hidden"> {fullName(one)}</span>
              </a>
            ) : (
              stateTag(one, ctx.now)
            ),
        },
      ]}
    />
  );
  if (!canChooseAny) return table;
  return (
    <form method="get" action="/organisation/utilisateurs/selection">
      <input type="hidden" name="structureId" value={structureId} />
      {table}
      <Select
        form={noForm}
        name="acte"
        label="Pour les personnes cochées"
        required
        options={selectionActs.map((one) => ({ value: one.code, label: one.label }))}
      />
      <Button kind="secondary">Continuer</Button>
    </form>
  );
}

function Invitations({ ctx, invitations }: { ctx: Context; invitations: readonly InvitationRow[] }) {
  return (
    <Table
      caption="Invitations en attente"
      rows={invitations}
      keyOf={(one) => one.id}
      columns={[
        {
          title: "Personne",
          heads: true,
          cell: (one) => `${one.lastName} ${one.firstName}`.trim() || one.email,
        },
        { title: "Adresse", cell: (one) => one.email },
        { title: "Envoyée le", cell: (one) => formatDateTime(one.sentAt) },
        {
          title: "État",
          cell: (one) =>
            one.expiresAt > ctx.now ? (
              <Tag tone="info">Valable jusqu'au {formatDate(one.expiresAt)}</Tag>
            ) : (
              <Tag tone="neutral">Expirée</Tag>
            ),
        },
        {
          title: "Action",
          cell: (one) => (
            <>
              <InvitationAct ctx={ctx} invitation={one} act="renvoyer" label="Renvoyer" />{" "}
              {one.expiresAt > ctx.now && (
                <InvitationAct ctx={ctx} invitation={one} act="annuler" label="Annuler" />
              )}
            </>
          ),
        },
      ]}
    />
  );
}

function InvitationAct(props: {
  ctx: Context;
  invitation: InvitationRow;
  act: "renvoyer" | "annuler";
  label: string;
}) {
  const { ctx, invitation, act, label } = props;
  return (
    <Form
      token={ctx.formToken}
      action={`/organisation/structures/${invitation.structureId}/invitations/${invitation.id}/${act}`}
      inline
    >
      <Button kind="secondary" small>
        {label}
        <span class="govuk-visually-hidden"> l'invitation de {invitation.email}</span>
      </Button>
    </Form>
  );
}
