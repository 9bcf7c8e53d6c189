import { z } from "zod";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { choices, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Checkboxes,
  DateTimeInput,
  Form,
  FormFooter,
  type FormState,
  Heading,
  Link,
  noForm,
  Radios,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import { linesFrom, RightsFields, rightsShape } from "../../profiles/index.ts";
import { grantsOf } from "../../rights/index.ts";
import { listOpenServices, type ServiceRow } from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { isExpiring, renewedEnd } from "../domain/expiry.ts";
import { areSameEverywhere } from "../domain/rights-grid.ts";
import { type GrantRow, listGrants } from "../grants-store.ts";
import { findMembership, type MembershipRow } from "../store.ts";
import {
  changeGrants,
  detachUser,
  mayActOn,
  renewMembership,
  resumeMembership,
  suspendMembership,
} from "../use-cases/changes.ts";
import { giftShape, refusedForm, WRONG_END } from "./gift-fields.tsx";
import { fullName, memberUrl, organisation, stateTag, users } from "./person.tsx";
import { RightsExplained } from "./rights-explained.tsx";

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
