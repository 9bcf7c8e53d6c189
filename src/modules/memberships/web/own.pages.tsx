import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { choices, idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Button,
  ButtonLink,
  Card,
  Checkboxes,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  Heading,
  Link,
  noForm,
  Paragraph,
  Radios,
  Select,
  Table,
  Tag,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { findProfile, grantsOf, linesOf } from "../../rights/index.ts";
import {
  findKnown,
  findStructure,
  identifierText,
  identifierTypes,
  listOpenServices,
  publicFace,
  type ServiceRow,
  type StructureRow,
  structureIdentifier,
} from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { listGrants } from "../grants-store.ts";
import { listOwnRequests, type RequestRow } from "../requests-store.ts";
import { findMembership, type IdleMembership, listIdleMembershipsOf } from "../store.ts";
import { leaveStructure, renounceMainManager } from "../use-cases/changes.ts";
import {
  type RefusalReason,
  refusalReasons,
  requestMembership,
  withdrawRequest,
} from "../use-cases/requests.ts";
import { RightsExplained } from "./rights-explained.tsx";

const eyes = "the person asks a structure she is no member of";
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
        <RequestsTable ctx={ctx} requests={pending} caption="Demandes en attente de réponse" />
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
            one.state === "refused"
              ? [refusalReasons[one.refusalReason as RefusalReason] ?? "", one.refusalText]
                  .filter(Boolean)
                  .join(" : ")
              : one.answeredAt
                ? formatDate(one.answeredAt)
                : "—",
        },
        {
          title: "Action",
          cell: (one) =>
            one.state === "pending" ? (
              <Form token={ctx.formToken} action={`/mes-demandes/${one.id}/retirer`} inline>
                <input type="hidden" name="of" value={one.structureId} />
                <Button kind="secondary" small>
                  Retirer<span class="govuk-visually-hidden"> ma demande pour {one.structureName}</span>
                </Button>
              </Form>
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

function FindPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Demander un rattachement"
      crumbs={ownCrumbs}
      lead="À quelle structure ? Donnez son identifiant complet."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <form method="get" action="/mes-rattachements/demander" class="u-form--narrow">
        <Select
          form={form}
          name="type"
          label="Type d'identifiant"
          required
          options={identifierTypes.map((type) => ({ value: type.code, label: type.label }))}
          value="SIRET"
        />
        <TextInput
          form={form}
          name="identifiant"
          label="Identifiant"
          required
          maxlength={30}
          width={20}
          spellcheck={false}
          hint="Une structure publique se trouve aussi par son nom, dans l'annuaire."
        />
        <FormFooter submit="Continuer" cancel="/mes-rattachements" />
      </form>
    </Page>
  );
}

function AskPage({
  ctx,
  structure,
  services,
  form,
}: {
  ctx: Context;
  structure: StructureRow;
  services: readonly ServiceRow[];
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Demander un rattachement"
      caption={publicFace(structure)}
      crumbs={ownCrumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/mes-rattachements/demander" state={form}>
        <input type="hidden" name="of" value={structure.id} />
        <Radios
          form={form}
          name="scope"
          label="Niveau de rattachement"
          required
          value="structure"
          options={[
            { value: "structure", label: "Toute la structure" },
            ...(services.length > 0 ? [{ value: "service", label: "Certains services" }] : []),
          ]}
        />
        {services.length > 0 && (
          <Checkboxes
            form={form}
            name="serviceIds"
            label="Services"
            list
            options={services.map((one) => ({ value: String(one.id), label: `${one.code} – ${one.label}` }))}
          />
        )}
        <Textarea
          form={form}
          name="message"
          label="Message aux gestionnaires"
          rows={3}
          maxlength={500}
          hint="Dites qui vous êtes et pour quoi faire : ils répondront plus vite."
        />
        <FormFooter submit="Envoyer la demande" cancel="/mes-rattachements" />
      </Form>
    </Page>
  );
}

/** What a person asked to know of a structure: its own identifier typed in full, or one she already asked to join. */
async function askedStructure(
  ctx: Context,
): Promise<{ structure: StructureRow; services: ServiceRow[] } | { errors: Record<string, string> } | null> {
  const again = ctx.one("structure");
  if (again) {
    const own = (await ctx.tx((tx) => listOwnRequests(tx, ctx.who.accountId))).find(
      (one) => String(one.structureId) === again,
    );
    if (!own) throw notFound();
    return withServices(ctx, own.structureId);
  }
  if (!ctx.one("identifiant")) return null;
  const type = identifierTypes.find((one) => one.code === ctx.one("type"))?.code ?? "SIRET";
  const identifier = structureIdentifier(type, ctx.one("identifiant"));
  if (!identifier.ok) return { errors: { identifiant: identifierText(identifier.refusal) } };
  const found = await findKnown(ctx, type, identifier.value.value);
  if (!found)
    return {
      errors: {
        identifiant:
          "Aucune structure du portail n'a cet identifiant. Créez-la depuis le domaine Organisation si elle est la vôtre.",
      },
    };
  if (found.closed !== null) return { errors: { identifiant: found.closed } };
  return withServices(ctx, found.structure.id);
}

async function withServices(
  ctx: Context,
  structureId: number,
): Promise<{ structure: StructureRow; services: ServiceRow[] }> {
  return ctx.systemTx(eyes, async (tx, now) => {
    return {
      structure: (await findStructure(tx, structureId))!,
      services: await listOpenServices(tx, structureId, now),
    };
  });
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
    method: "GET",
    url: "/mes-rattachements/demander",
    access: "account",
    handler: async (ctx) => {
      const asked = await askedStructure(ctx);
      if (asked === null) return ctx.html(<FindPage ctx={ctx} form={noForm} />);
      if ("errors" in asked)
        return ctx.html(
          <FindPage
            ctx={ctx}
            form={{
              values: { type: ctx.one("type"), identifiant: ctx.one("identifiant") },
              errors: asked.errors,
            }}
          />,
          422,
        );
      return ctx.html(<AskPage ctx={ctx} {...asked} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/mes-rattachements/demander",
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({
        of: idChoice("Choisissez une structure."),
        scope: z.enum(["structure", "service"]),
        serviceIds: choices,
        message: text.optional("Message", 500),
      });
      if (!form.ok) return ctx.html(<FindPage ctx={ctx} form={form.state} />, 422);
      const { of, scope, message } = form.values;
      const serviceIds =
        scope === "service" ? form.values.serviceIds.map(Number).filter(Number.isSafeInteger) : [];
      const asked = await ctx.systemTx(eyes, (tx, now) =>
        requestMembership(
          tx,
          { accountId: ctx.who.accountId, structureId: of, scope, serviceIds, message },
          ctx.actor,
          now,
        ),
      );
      if (!asked.ok) {
        if (asked.refusal.code === "NOT_FOUND") throw notFound();
        const field = asked.refusal.code === "NO_SERVICE" ? "serviceIds" : "scope";
        return ctx.html(
          <AskPage
            ctx={ctx}
            {...(await withServices(ctx, of))}
            form={{ values: typedValues(ctx.body), errors: { [field]: refusalTexts[asked.refusal.code] } }}
          />,
          422,
        );
      }
      return ctx.redirect("/mes-demandes", {
        confirmation: {
          title: `Votre demande pour ${asked.value.structureName} est envoyée.`,
          text: "Ses gestionnaires viennent d'être prévenus ; vous le serez de leur réponse.",
        },
      });
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
