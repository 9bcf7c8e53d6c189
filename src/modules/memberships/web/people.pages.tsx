import { z } from "zod";
import type { Tx } from "../../../platform/database/index.ts";
import { emailAddress } from "../../../shared/email-address.ts";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { readPlace, readSorting, writePlace, writeSorting } from "../../../shared/sorting.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime, formatMonth } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import { listAddress } from "../../../web/list-address.ts";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, choices, idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Card,
  Checkbox,
  Checkboxes,
  DateTimeInput,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  Heading,
  Link,
  ListSearch,
  noForm,
  Pagination,
  Radios,
  RowBox,
  Select,
  SummaryList,
  sortFilter,
  Table,
  Tag,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { linesFrom, offeredProfiles, RightsFields, rightsShape } from "../../profiles/index.ts";
import { findProfile, grantsOf, linesOf, type ReadyProfile } from "../../rights/index.ts";
import { listOpenServices, type ServiceRow } from "../../structures/index.ts";
import { type MembershipRefusal, refusalTexts } from "../domain/decisions.ts";
import { isExpiring, renewedEnd } from "../domain/expiry.ts";
import { areSameEverywhere } from "../domain/rights-grid.ts";
import {
  everybody,
  findMembership,
  findRequest,
  type GrantRow,
  type InvitationRow,
  type ListedMember,
  listGrants,
  listInvitations,
  listMembers,
  listRequests,
  type MemberSearch,
  type MembershipRow,
  memberOrders,
  PAGE_SIZE,
  type RequestRow,
} from "../store.ts";
import { attachUser, type Gift } from "../use-cases/attach.ts";
import {
  changeGrants,
  detachUser,
  mayActOn,
  renewMembership,
  resumeMembership,
  revokeInvitation,
  suspendMembership,
} from "../use-cases/changes.ts";
import { approveRequest, mayAnswer, refusalReasons, refuseRequest } from "../use-cases/requests.ts";
import { RequestTabs } from "./request-tabs.tsx";
import { RightsExplained } from "./rights-explained.tsx";
import { selectionActs } from "./selection.pages.tsx";

const organisation = { label: "Organisation", href: "/organisation" };
const users = (structureId: number) => ({
  label: "Utilisateurs",
  href: `/organisation/utilisateurs?structureId=${structureId}`,
});
const attachEyes = "whether an address has an account is not for the manager to see";

/** What a structure has to offer: its services, and its sets of rights. */
type Offer = {
  readonly services: readonly ServiceRow[];
  readonly profiles: readonly ReadyProfile[];
};
const loadOffer = async (tx: Tx, structureId: number, now: Date): Promise<Offer> => ({
  services: await listOpenServices(tx, structureId, now),
  profiles: await offeredProfiles(tx, structureId),
});

/** Level, services and rights: what a manager gives, whether she attaches or accepts. */
function GiftFields({
  form,
  offer: { services, profiles },
  defaultProfile = "utilisateur",
}: {
  form: FormState;
  offer: Offer;
  defaultProfile?: string;
}) {
  return (
    <>
      <Radios
        form={form}
        name="scope"
        label="Niveau de rattachement"
        required
        value="structure"
        options={[
          {
            value: "structure",
            label: "Maille structure",
            hint: "Toute la structure, avec tous ses services.",
          },
          ...(services.length > 0
            ? [
                {
                  value: "service",
                  label: "Maille service",
                  hint: "Seulement les services choisis ci-dessous.",
                },
              ]
            : []),
        ]}
      />
      {services.length > 0 && (
        <Checkboxes
          form={form}
          name="serviceIds"
          label="Services"
          list
          hint="Pour la maille service."
          options={services.map((one) => ({ value: String(one.id), label: `${one.code} – ${one.label}` }))}
        />
      )}
      <Select
        form={form}
        name="profile"
        label="Droits"
        required
        value={defaultProfile}
        options={profiles.map((one) => ({ value: one.code, label: `${one.name} : ${one.says}` }))}
      />
      <Checkbox
        form={form}
        name="mayAccept"
        label="Peut accepter de nouveaux rattachements"
        checked={defaultProfile === "utilisateur"}
      />
      <DateTimeInput
        form={form}
        name="endsAt"
        label="Fin d'accès"
        hint="Accès d'un prestataire ? Donnez une date de fin, par exemple 31/12/2027."
      />
    </>
  );
}

const giftShape = {
  scope: z.enum(["structure", "service"], { error: "Choisissez un niveau de rattachement." }),
  serviceIds: choices,
  profile: z.string({ error: "Choisissez un ensemble de droits." }),
  mayAccept: box,
  endsAt: z.string().default(""),
};

function readGift(values: {
  scope: "structure" | "service";
  serviceIds: string[];
  profile: string;
  mayAccept: boolean;
  endsAt: string;
}): Gift | null {
  const endsAt = values.endsAt.trim() === "" ? null : frenchDateTime(values.endsAt, "end");
  if (values.endsAt.trim() !== "" && !endsAt) return null;
  return { ...values, serviceIds: values.serviceIds.map(Number).filter(Number.isSafeInteger), endsAt };
}

const WRONG_END = "Saisissez la date de fin comme 31/12/2027, ou laissez le champ vide.";
const fieldOf: { readonly [C in MembershipRefusal["code"]]?: string } = {
  NO_SERVICE: "serviceIds",
  UNKNOWN_PROFILE: "profile",
  CANNOT_GRANT_MORE: "profile",
};
const refusedForm = (ctx: Context, refusal: MembershipRefusal, field = "email"): FormState => ({
  values: typedValues(ctx.body),
  errors: { [fieldOf[refusal.code] ?? field]: refusalTexts[refusal.code] },
});

/** People attached by one form. */
const ADDRESSES_AT_ONCE = 50;

/** The addresses of a form, one by line, or what is wrong with them. */
function readAddresses(typed: string): { readonly addresses: string[] } | { readonly error: string } {
  const lines = [...new Set(typed.split(/[\s,;]+/).filter(Boolean))];
  if (lines.length === 0) return { error: "Donnez l'adresse de la personne à rattacher." };
  if (lines.length > ADDRESSES_AT_ONCE)
    return {
      error: `${lines.length} adresses : ${ADDRESSES_AT_ONCE} au plus. Pour davantage, importez un fichier.`,
    };
  const read = lines.map((line) => ({ line, address: emailAddress(line) }));
  const wrong = read.find((one) => !one.address.ok);
  if (wrong)
    return { error: `« ${wrong.line} » n'est pas une adresse complète. Exemple : prenom.nom@exemple.fr` };
  return { addresses: read.flatMap(({ address }) => (address.ok ? [address.value] : [])) };
}

function AttachPage({
  ctx,
  offer,
  form,
  attached = [],
}: {
  ctx: Context;
  offer: Offer;
  form: FormState;
  /** Those for whom the last form worked, when it did not for others. */
  attached?: readonly string[];
}) {
  const { membership } = ctx;
  const structures = ctx.who.memberships.filter((one) =>
    ctx.can("member.attach", { membership: one, serviceId: "any" }),
  );
  return (
    <Page
      chrome={ctx.chrome}
      title="Rattacher un utilisateur"
      caption={membership.structure.displayName}
      crumbs={[organisation, users(membership.structureId)]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {structures.length > 1 && (
        <form method="get" action="/organisation/utilisateurs/rattacher">
          <Select
            form={noForm}
            name="structureId"
            label="Structure"
            required
            value={String(membership.structureId)}
            options={structures.map((one) => ({
              value: String(one.structureId),
              label: one.structure.displayName,
            }))}
          />
          <Button kind="secondary">Choisir cette structure</Button>
        </form>
      )}
      {attached.length > 0 && (
        <Banner tone="success" title={`C'est fait pour ${attached.join(", ")}.`}>
          <p>Les autres adresses sont ci-dessous, avec ce qui les arrête.</p>
        </Banner>
      )}
      <Form token={ctx.formToken} action="/organisation/utilisateurs/rattacher" state={form}>
        <input type="hidden" name="structureId" value={membership.structureId} />
        <Card title="Informations générales">
          <Textarea
            form={form}
            name="email"
            label="Adresse électronique de l'utilisateur à rattacher"
            required
            rows={2}
            maxlength={ADDRESSES_AT_ONCE * 100}
            hint={`Plusieurs personnes, mêmes droits : une adresse par ligne, ${ADDRESSES_AT_ONCE} au plus.`}
          />
          <TextInput
            form={form}
            name="firstName"
            label="Prénom"
            hint="Repris dans l'invitation, si cette personne n'a pas encore de compte."
            maxlength={80}
            autocomplete="off"
          />
          <TextInput form={form} name="lastName" label="Nom" maxlength={80} autocomplete="off" />
          <GiftFields form={form} offer={offer} />
          <Textarea form={form} name="message" label="Message" rows={3} maxlength={500} />
        </Card>
        <FormFooter cancel={users(membership.structureId).href} />
      </Form>
    </Page>
  );
}

function attachPages(portal: Portal): void {
  const access = { action: "member.attach", on: "structure" } as const;
  const offer = (ctx: Context) => ctx.tx((tx, now) => loadOffer(tx, ctx.membership.structureId, now));
  portal.page({
    method: "GET",
    url: "/organisation/utilisateurs/rattacher",
    access,
    handler: async (ctx) => ctx.html(<AttachPage ctx={ctx} offer={await offer(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/utilisateurs/rattacher",
    access,
    handler: async (ctx) => {
      const again = async (form: FormState, attached: readonly string[] = []) =>
        ctx.html(<AttachPage ctx={ctx} offer={await offer(ctx)} form={form} attached={attached} />, 422);
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        email: z.string().default(""),
        firstName: text.optional("Prénom", 80),
        lastName: text.optional("Nom", 80),
        message: text.optional("Message", 500),
        ...giftShape,
      });
      if (!form.ok) return again(form.state);
      const wrong = (errors: Record<string, string>) => again({ values: typedValues(ctx.body), errors });
      const read = readAddresses(form.values.email);
      if ("error" in read) return wrong({ email: read.error });
      const gift = readGift(form.values);
      if (!gift) return wrong({ endsAt: WRONG_END });
      const { structureId, message } = form.values;
      // a name is one person's
      const { firstName, lastName } =
        read.addresses.length === 1 ? form.values : { firstName: "", lastName: "" };
      const attached: string[] = [];
      const refused: { readonly email: string; readonly refusal: MembershipRefusal }[] = [];
      let given = "";
      for (const email of read.addresses) {
        const answer = await ctx.systemTx(attachEyes, (tx, now) =>
          attachUser(
            tx,
            { ...gift, structureId, email, firstName, lastName, message },
            { ...ctx.membership, email: ctx.who.signInEmail },
            { invitationDays: ctx.config.INVITATION_DAYS },
            ctx.actor,
            now,
          ),
        );
        if (answer.ok) {
          attached.push(email);
          given = answer.value.given;
        } else refused.push({ email, refusal: answer.refusal });
      }
      const [first] = refused;
      if (first && read.addresses.length === 1) return again(refusedForm(ctx, first.refusal));
      if (first) {
        const says = refused.map(({ email, refusal }) => `${email} : ${refusalTexts[refusal.code]}`);
        const left = refused.map(({ email }) => email).join("\n");
        const values = { ...typedValues(ctx.body), email: left };
        return again(
          { values, errors: { [fieldOf[first.refusal.code] ?? "email"]: says.join(" ") } },
          attached,
        );
      }
      const [only] = attached;
      return ctx.redirect(users(structureId).href, {
        confirmation: {
          title: "L'envoi des données pour « Rattacher un utilisateur » a bien été effectué.",
          text:
            attached.length === 1
              ? `${only} recevra un message. Son accès : ${given}.`
              : `${attached.length} personnes recevront un message. Leur accès : ${given}.`,
          next: [
            {
              label: "Rattacher une autre personne",
              href: `/organisation/utilisateurs/rattacher?structureId=${structureId}`,
            },
          ],
        },
      });
    },
  });
}

const stateTag = (member: Pick<MembershipRow, "state" | "accountState">) =>
  member.state === "suspended" ? (
    <Tag tone="warning">Suspendu</Tag>
  ) : member.accountState === "active" ? (
    <Tag tone="success">Actif</Tag>
  ) : (
    <Tag tone="neutral">Compte inactif</Tag>
  );

function listPages(portal: Portal): void {
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
              ? await listInvitations(tx, structureId)
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
const states: Readonly<Record<string, MemberSearch["state"]>> = { actif: "active", suspendu: "suspended" };

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
    one.accountId !== ctx.who.accountId && mayActOn(ctx.membership, one.openServiceIds, one.scope, ctx.now);
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
              <a href={memberUrl(one)}>{`${one.lastName} ${one.firstName}`}</a>
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
        { title: "État", cell: stateTag },
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
            <Form
              token={ctx.formToken}
              action={`/organisation/structures/${one.structureId}/invitations/${one.id}/annuler`}
              inline
            >
              <Button kind="secondary" small>
                Annuler<span class="govuk-visually-hidden"> l'invitation de {one.email}</span>
              </Button>
            </Form>
          ),
        },
      ]}
    />
  );
}

type Sheet = {
  readonly member: MembershipRow;
  readonly grants: readonly GrantRow[];
  readonly services: readonly ServiceRow[];
};

async function loadMember(ctx: Context): Promise<Sheet> {
  const sheet = await ctx.tx(async (tx, now) => {
    const member = await findMembership(tx, ctx.membership.structureId, ctx.id("membershipId"));
    if (!member || member.state === "ended") throw notFound();
    return {
      member,
      grants: await listGrants(tx, member.id),
      services: await listOpenServices(tx, member.structureId, now),
    };
  });
  return sheet;
}

function mustMayAct(ctx: Context, sheet: Sheet): void {
  if (!mayActOn(ctx.membership, sheet.member.openServiceIds, sheet.member.scope, ctx.now)) throw forbidden();
}

const memberUrl = (member: Pick<MembershipRow, "structureId" | "id">) =>
  `/organisation/structures/${member.structureId}/utilisateurs/${member.id}`;
const fullName = (member: Pick<MembershipRow, "firstName" | "lastName">) =>
  `${member.firstName} ${member.lastName}`;

function MemberPage({ ctx, sheet }: { ctx: Context; sheet: Sheet }) {
  const { member } = sheet;
  const isSelf = member.accountId === ctx.who.accountId;
  const canAct = !isSelf && mayActOn(ctx.membership, sheet.member.openServiceIds, member.scope, ctx.now);
  return (
    <Page
      chrome={ctx.chrome}
      title={fullName(member)}
      caption={ctx.membership.structure.displayName}
      crumbs={[organisation, users(member.structureId)]}
      wide
      actions={stateTag(member)}
    >
      <SummaryList
        rows={[
          { label: "Adresse", value: member.signInEmail },
          { label: "Rôle", value: member.role === "mainManager" ? "Gestionnaire principal" : "Utilisateur" },
        ]}
      />
      {member.role === "member" && isExpiring(member.endsAt, ctx.now) && (
        <Banner tone="warning" title={`Son accès se termine le ${formatDate(member.endsAt)}`}>
          {canAct && (
            <Form token={ctx.formToken} action={`${memberUrl(member)}/renouveler`} inline>
              <Button>Renouveler jusqu'au {formatDate(renewedEnd(member.endsAt))}</Button>
            </Form>
          )}
        </Banner>
      )}
      <Heading>Que peut faire {fullName(member)}, et pourquoi ?</Heading>
      <RightsExplained
        member={member}
        structure={ctx.membership.structure}
        grants={sheet.grants}
        now={ctx.now}
      />
      {canAct && (
        <div class="u-buttons">
          {member.role === "member" && (
            <ButtonLink href={`${memberUrl(member)}/droits`}>Changer les droits</ButtonLink>
          )}
          {member.role === "member" && (
            <ButtonLink kind="secondary" href={`${memberUrl(member)}/habilitations`}>
              Droits service par service
            </ButtonLink>
          )}
          {member.role === "member" && (
            <ButtonLink
              kind="secondary"
              href={`/organisation/utilisateurs/selection?structureId=${member.structureId}&acte=copier&qui=${member.id}`}
            >
              Copier les droits d'une autre personne
            </ButtonLink>
          )}
          {(member.role === "member" || member.state === "suspended") && (
            <Form
              token={ctx.formToken}
              action={`${memberUrl(member)}/${member.state === "suspended" ? "retablir" : "suspendre"}`}
              inline
            >
              <Button kind="secondary">
                {member.state === "suspended" ? "Rétablir l'accès" : "Suspendre l'accès"}
              </Button>
            </Form>
          )}
          {member.role === "member" && ctx.can("manager.name") && (
            <ButtonLink
              kind="secondary"
              href={`/organisation/gestionnaires/designer?structureId=${member.structureId}&qui=${member.id}`}
            >
              Désigner gestionnaire principal
            </ButtonLink>
          )}
          {member.role === "member" ? (
            <ButtonLink kind="secondary" href={`${memberUrl(member)}/detacher`}>
              Détacher
            </ButtonLink>
          ) : (
            <ButtonLink
              kind="secondary"
              href={`/organisation/gestionnaires?structureId=${member.structureId}`}
            >
              Gestionnaires principaux
            </ButtonLink>
          )}
        </div>
      )}
    </Page>
  );
}

function RightsPage({ ctx, sheet, form }: { ctx: Context; sheet: Sheet; form: FormState }) {
  const { member, services, grants } = sheet;
  const levelOf = (application: string) =>
    grants.find((one) => one.application === application)?.level ?? "none";
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer les droits"
      caption={`${fullName(member)} · ${ctx.membership.structure.displayName}`}
      crumbs={[organisation, users(member.structureId)]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {!areSameEverywhere(grants, member.scope === "structure" ? null : member.openServiceIds) && (
        <Banner tone="warning" title="Ses droits diffèrent d'un service à l'autre.">
          <p>
            Ce formulaire les rend égaux partout. Pour garder leurs différences, passez par{" "}
            <Link href={`${memberUrl(member)}/habilitations`}>ses droits service par service</Link>.
          </p>
        </Banner>
      )}
      <Form token={ctx.formToken} state={form}>
        <Radios
          form={form}
          name="scope"
          label="Niveau de rattachement"
          required
          value={member.scope}
          options={[
            { value: "structure", label: "Maille structure" },
            ...(services.length > 0 ? [{ value: "service", label: "Maille service" }] : []),
          ]}
        />
        {services.length > 0 && (
          <Checkboxes
            form={form}
            name="serviceIds"
            label="Services"
            list
            value={sheet.member.openServiceIds.map(String)}
            options={services.map((one) => ({ value: String(one.id), label: `${one.code} – ${one.label}` }))}
          />
        )}
        <RightsFields form={form} kind={ctx.membership.structure.kind} levelOf={levelOf} />
        <DateTimeInput
          form={form}
          name="endsAt"
          label="Fin d'accès"
          value={member.endsAt ? formatDate(member.endsAt) : ""}
          hint="Par exemple 31/12/2027 ; vide : sans fin."
        />
        <FormFooter cancel={memberUrl(member)} />
      </Form>
    </Page>
  );
}

function memberPages(portal: Portal): void {
  const url = "/organisation/structures/:structureId/utilisateurs/:membershipId";
  portal.page({
    method: "GET",
    url,
    access: { action: "member.list", on: "structure" },
    handler: async (ctx) => {
      const sheet = await loadMember(ctx);
      const seesAll = ctx.can("member.list", { serviceId: null });
      if (!seesAll && !sheet.member.openServiceIds.some((id) => ctx.membership.serviceIds.includes(id)))
        throw notFound();
      return ctx.html(<MemberPage ctx={ctx} sheet={sheet} />);
    },
  });
  const access = { action: "member.change", on: "structure" } as const;
  portal.page({
    method: "GET",
    url: `${url}/droits`,
    access,
    handler: async (ctx) => {
      const sheet = await loadMember(ctx);
      mustMayAct(ctx, sheet);
      return ctx.html(<RightsPage ctx={ctx} sheet={sheet} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/droits`,
    access,
    handler: async (ctx) => {
      const sheet = await loadMember(ctx);
      mustMayAct(ctx, sheet);
      const again = (form: FormState) => ctx.html(<RightsPage ctx={ctx} sheet={sheet} form={form} />, 422);
      const form = ctx.form({
        scope: giftShape.scope,
        serviceIds: choices,
        endsAt: z.string().default(""),
        ...rightsShape,
      });
      if (!form.ok) return again(form.state);
      const values = form.values as {
        scope: "structure" | "service";
        serviceIds: string[];
        endsAt: string;
      } & Record<string, string>;
      const endsAt = values.endsAt.trim() === "" ? null : frenchDateTime(values.endsAt, "end");
      if (values.endsAt.trim() !== "" && !endsAt)
        return again({ values: typedValues(ctx.body), errors: { endsAt: WRONG_END } });
      const known = new Set(sheet.services.map((one) => one.id));
      const serviceIds =
        values.scope === "service" ? values.serviceIds.map(Number).filter((id) => known.has(id)) : [];
      const grants = grantsOf(linesFrom(values), values.scope === "service" ? serviceIds : null);
      const done = await ctx.tx((tx, now) =>
        changeGrants(
          tx,
          { membershipId: sheet.member.id, grants, serviceIds, scope: values.scope, endsAt },
          ctx.membership,
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) return again(refusedForm(ctx, done.refusal, "scope"));
      return ctx.redirect(memberUrl(sheet.member), {
        confirmation: {
          title: `Les droits de ${done.value.name} sont changés.`,
          text: "Ils valent dès maintenant.",
        },
      });
    },
  });
  for (const [verb, act, says] of [
    ["suspendre", suspendMembership, "suspendu"],
    ["retablir", resumeMembership, "rétabli"],
    ["renouveler", renewMembership, "renouvelé pour un an"],
  ] as const)
    portal.page({
      method: "POST",
      url: `${url}/${verb}`,
      access,
      handler: async (ctx) => {
        const sheet = await loadMember(ctx);
        mustMayAct(ctx, sheet);
        const done = await ctx.tx((tx, now) => act(tx, sheet.member.id, ctx.membership, ctx.actor, now));
        if (!done.ok) throw forbidden(refusalTexts[done.refusal.code]);
        return ctx.redirect(memberUrl(sheet.member), {
          confirmation: { title: `L'accès de ${done.value.name} est ${says}.` },
        });
      },
    });
  portal.page({
    method: "GET",
    url: `${url}/detacher`,
    access,
    handler: async (ctx) => {
      const sheet = await loadMember(ctx);
      mustMayAct(ctx, sheet);
      const name = fullName(sheet.member);
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title={`Détacher ${name}`}
          caption={ctx.membership.structure.displayName}
          crumbs={[organisation, users(sheet.member.structureId)]}
        >
          <Bullets
            items={[
              "Ses droits dans la structure cessent tout de suite.",
              "Son compte et ses autres structures ne changent pas.",
              "L'historique garde son nom. Un message la ou le prévient.",
            ]}
          />
          <Form token={ctx.formToken}>
            <TextInput
              form={noForm}
              name="reason"
              label="Motif"
              maxlength={200}
              hint="Par exemple : a quitté la structure."
            />
            <FormFooter submit={`Détacher ${name}`} kind="warning" cancel={memberUrl(sheet.member)} />
          </Form>
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/detacher`,
    access,
    handler: async (ctx) => {
      const sheet = await loadMember(ctx);
      mustMayAct(ctx, sheet);
      const form = ctx.form({ reason: text.optional("Motif", 200) });
      const done = await ctx.tx((tx, now) =>
        detachUser(
          tx,
          { membershipId: sheet.member.id, reason: form.ok ? form.values.reason : "" },
          ctx.membership,
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) throw forbidden(refusalTexts[done.refusal.code]);
      return ctx.redirect(users(sheet.member.structureId).href, {
        confirmation: { title: `${done.value.name} n'est plus rattaché à la structure.` },
      });
    },
  });
}

function RequestPage({
  ctx,
  request,
  offer,
  form,
}: {
  ctx: Context;
  request: RequestRow;
  offer: Offer;
  form: FormState;
}) {
  const name = fullName(request);
  const asked: FormState =
    Object.keys(form.values).length > 0
      ? form
      : {
          values: {
            scope: request.scope,
            serviceIds: request.serviceIds.map(String),
            profile: "utilisateur",
          },
          errors: form.errors,
        };
  return (
    <Page
      chrome={ctx.chrome}
      title={`Demande de ${name}`}
      caption={ctx.membership.structure.displayName}
      crumbs={[organisation, { label: "Demandes de rattachement", href: "/organisation/demandes" }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <SummaryList
        rows={[
          { label: "Personne", value: `${name} (${request.signInEmail})` },
          {
            label: "Demande",
            value:
              request.scope === "structure"
                ? "Toute la structure"
                : `Services ${request.serviceCodes.join(", ")}`,
          },
          { label: "Envoyée le", value: formatDateTime(request.askedAt) },
          { label: "Message", value: request.message || "Aucun" },
        ]}
      />
      {request.state !== "pending" ? (
        <Banner tone="info" title="Cette demande a déjà reçu une réponse." />
      ) : (
        <>
          <Banner tone="warning">
            <p>Vérifiez que cette personne travaille bien pour vous.</p>
          </Banner>
          <Card title="Accepter">
            <Form token={ctx.formToken} action={`/organisation/demandes/${request.id}/accepter`} state={form}>
              <input type="hidden" name="structureId" value={request.structureId} />
              <GiftFields form={asked} offer={offer} defaultProfile="utilisateur-sans-acceptation" />
              <FormFooter submit="Valider la demande" cancel="/organisation/demandes" />
            </Form>
          </Card>
          <Card title="Refuser">
            <Form token={ctx.formToken} action={`/organisation/demandes/${request.id}/refuser`}>
              <input type="hidden" name="structureId" value={request.structureId} />
              <Radios
                form={form}
                name="reason"
                label="Motif"
                required
                options={Object.entries(refusalReasons).map(([value, label]) => ({ value, label }))}
              />
              <Textarea form={form} name="text" label="Précision" rows={2} maxlength={500} />
              <FormFooter submit="Refuser la demande" kind="warning" />
            </Form>
          </Card>
        </>
      )}
    </Page>
  );
}

function requestPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/demandes",
    access: "account",
    handler: async (ctx) => {
      const answerable = ctx.who.memberships.filter((one) =>
        ctx.can("request.answer", { membership: one, serviceId: "any" }),
      );
      if (answerable.length === 0) throw forbidden(refusalTexts.NOT_ENTITLED);
      const all = await ctx.tx((tx) =>
        listRequests(
          tx,
          answerable.map((one) => one.structureId),
        ),
      );
      const requests = all.filter(
        (one) =>
          one.accountId !== ctx.who.accountId &&
          mayAnswer(answerable.find((member) => member.structureId === one.structureId)!, one, ctx.now),
      );
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Demandes de rattachement"
          crumbs={[organisation]}
          wide
          actions={
            <ButtonLink kind="secondary" href="/organisation/demandes.csv">
              Exporter (CSV)
            </ButtonLink>
          }
        >
          <RequestTabs ctx={ctx} />
          {requests.length === 0 ? (
            <EmptyState>Aucune demande n'attend de réponse.</EmptyState>
          ) : (
            <Table
              caption="Demandes en attente, de la plus ancienne à la plus récente"
              rows={requests}
              keyOf={(one) => one.id}
              columns={[
                {
                  title: "Personne",
                  heads: true,
                  cell: (one) => (
                    <a href={`/organisation/demandes/${one.id}?structureId=${one.structureId}`}>
                      {fullName(one)}
                    </a>
                  ),
                },
                { title: "Adresse", cell: (one) => one.signInEmail },
                { title: "Structure", cell: (one) => one.structureName },
                {
                  title: "Niveau",
                  cell: (one) => (one.scope === "structure" ? "Structure" : one.serviceCodes.join(", ")),
                },
                { title: "Envoyée le", cell: (one) => formatDateTime(one.askedAt) },
                { title: "Message", cell: (one) => one.message || "—" },
              ]}
            />
          )}
        </Page>,
      );
    },
  });
  const access = { action: "request.answer", on: "structure" } as const;
  const load = (ctx: Context) =>
    ctx.tx(async (tx, now) => {
      const request = await findRequest(tx, ctx.membership.structureId, ctx.id("requestId"));
      if (!request) throw notFound();
      return { request, offer: await loadOffer(tx, request.structureId, now) };
    });
  portal.page({
    method: "GET",
    url: "/organisation/demandes/:requestId",
    access,
    handler: async (ctx) => ctx.html(<RequestPage ctx={ctx} {...(await load(ctx))} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/demandes/:requestId/accepter",
    access,
    handler: async (ctx) => {
      const found = await load(ctx);
      const again = (form: FormState, status = 422) =>
        ctx.html(<RequestPage ctx={ctx} {...found} form={form} />, status);
      const form = ctx.form({ structureId: idChoice("Choisissez une structure."), ...giftShape });
      if (!form.ok) return again(form.state);
      const gift = readGift(form.values);
      if (!gift) return again({ values: typedValues(ctx.body), errors: { endsAt: WRONG_END } });
      const done = await ctx.tx((tx, now) =>
        approveRequest(tx, { requestId: found.request.id, gift }, ctx.membership, ctx.actor, now),
      );
      if (!done.ok) {
        if (done.refusal.code === "CANNOT_APPROVE_SELF" || done.refusal.code === "NOT_ENTITLED")
          throw forbidden(refusalTexts[done.refusal.code]);
        return again(
          refusedForm(ctx, done.refusal, "scope"),
          done.refusal.code === "ALREADY_ANSWERED" ? 409 : 422,
        );
      }
      return ctx.redirect("/organisation/demandes", {
        confirmation: {
          title: `${done.value.name} est rattaché à la structure.`,
          text: `Son accès : ${done.value.given}.`,
        },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/demandes/:requestId/refuser",
    access,
    handler: async (ctx) => {
      const found = await load(ctx);
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        reason: z.enum(["NOT_OURS", "DUPLICATE", "WRONG_STRUCTURE", "OTHER"], {
          error: "Choisissez un motif : la personne le lira.",
        }),
        text: text.optional("Précision", 500),
      });
      if (!form.ok) return ctx.html(<RequestPage ctx={ctx} {...found} form={form.state} />, 422);
      const done = await ctx.tx((tx, now) =>
        refuseRequest(
          tx,
          { requestId: found.request.id, reason: form.values.reason, text: form.values.text },
          ctx.membership,
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) {
        if (done.refusal.code !== "ALREADY_ANSWERED") throw forbidden(refusalTexts[done.refusal.code]);
        return ctx.html(<RequestPage ctx={ctx} {...(await load(ctx))} form={noForm} />, 409);
      }
      return ctx.redirect("/organisation/demandes", {
        confirmation: {
          title: `La demande de ${done.value.name} est refusée.`,
          text: "Un message lui donne le motif.",
        },
      });
    },
  });
}

/** What managers do with people: attach, answer, look, change, detach. */
export function peoplePages(portal: Portal): void {
  attachPages(portal);
  listPages(portal);
  memberPages(portal);
  requestPages(portal);
}

export const defaultGrants = () => grantsOf(linesOf(findProfile("utilisateur")!), null);
