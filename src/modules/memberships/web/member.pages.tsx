import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Form,
  FormFooter,
  Heading,
  noForm,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { isExpiring, renewedEnd } from "../domain/expiry.ts";
import { type GrantRow, listGrants } from "../grants-store.ts";
import { findMembership, type MembershipRow } from "../store.ts";
import {
  detachUser,
  mayActOn,
  renewMembership,
  resumeMembership,
  suspendMembership,
} from "../use-cases/changes.ts";
import { fullName, memberUrl, organisation, rightsUrl, stateTag, users } from "./person.tsx";
import { RightsExplained } from "./rights-explained.tsx";

type Sheet = {
  readonly member: MembershipRow;
  readonly grants: readonly GrantRow[];
};

function loadMember(ctx: Context): Promise<Sheet> {
  return ctx.tx(async (tx) => {
    const member = await findMembership(tx, ctx.membership.structureId, ctx.id("membershipId"));
    if (!member || member.state === "ended") throw notFound();
    return { member, grants: await listGrants(tx, member.id) };
  });
}

function mustMayAct(ctx: Context, sheet: Sheet): void {
  if (!mayActOn(ctx.membership, sheet.member.openServiceIds, sheet.member.scope, ctx.now)) throw forbidden();
}

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
      actions={
        canAct &&
        member.role === "member" && (
          <ButtonLink href={rightsUrl(member)}>Modifier ses habilitations</ButtonLink>
        )
      }
    >
      <SummaryList
        rows={[
          { label: "Adresse", value: member.signInEmail },
          { label: "Rôle", value: member.role === "mainManager" ? "Gestionnaire principal" : "Utilisateur" },
          { label: "État", value: stateTag(member, ctx.now) },
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
      {canAct && <OtherActs ctx={ctx} member={member} />}
    </Page>
  );
}

/** What one may do with a person beside changing her rights: with those of others, then with her access. */
function OtherActs({ ctx, member }: { ctx: Context; member: MembershipRow }) {
  const { structureId } = member;
  const copyUrl = `/organisation/utilisateurs/selection?structureId=${structureId}&acte=copier`;
  if (member.role === "mainManager")
    return (
      <div class="u-buttons">
        <ButtonLink kind="secondary" href={`/organisation/gestionnaires?structureId=${structureId}`}>
          Gestionnaires principaux
        </ButtonLink>
        {member.state === "suspended" && <PauseForm ctx={ctx} member={member} />}
      </div>
    );
  return (
    <>
      <Heading>Partager des droits</Heading>
      <div class="u-buttons">
        <ButtonLink kind="secondary" href={`${copyUrl}&qui=${member.id}`}>
          Copier les droits d'une autre personne
        </ButtonLink>
        <ButtonLink
          kind="secondary"
          href={`/organisation/utilisateurs/copier?structureId=${structureId}&de=${member.id}`}
        >
          Donner ses droits à d'autres
        </ButtonLink>
        {ctx.can("manager.name") && (
          <ButtonLink
            kind="secondary"
            href={`/organisation/gestionnaires/designer?structureId=${structureId}&qui=${member.id}`}
          >
            Désigner gestionnaire principal
          </ButtonLink>
        )}
      </div>
      <Heading>Son accès à la structure</Heading>
      <div class="u-buttons">
        <PauseForm ctx={ctx} member={member} />
        <ButtonLink kind="secondary" href={`${memberUrl(member)}/detacher`}>
          Détacher
        </ButtonLink>
      </div>
    </>
  );
}

function PauseForm({ ctx, member }: { ctx: Context; member: MembershipRow }) {
  const isSuspended = member.state === "suspended";
  return (
    <Form
      token={ctx.formToken}
      action={`${memberUrl(member)}/${isSuspended ? "retablir" : "suspendre"}`}
      inline
    >
      <Button kind="secondary">{isSuspended ? "Rétablir l'accès" : "Suspendre l'accès"}</Button>
    </Form>
  );
}

/** One person in one structure: her sheet, her rights, what ends them. */
export function memberPages(portal: Portal): void {
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
