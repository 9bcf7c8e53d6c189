import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Button,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Radios,
  Select,
  Table,
  Tag,
  Textarea,
} from "../../../web/ui/index.ts";
import { applicationsOf } from "../../rights/index.ts";
import { grantRequestRefusalTexts } from "../domain/grant-request.ts";
import { type GrantRequestRow, listOwnGrantRequests } from "../store.ts";
import { askedWords, askForGrant, withdrawGrantRequest } from "../use-cases/grant-requests.ts";

const access = { action: "structure.read", on: "structure" } as const;
const crumbs = [{ label: "Mes habilitations", href: "/mes-habilitations" }];

const states: {
  readonly [S in GrantRequestRow["state"]]: {
    readonly tone: "info" | "success" | "error" | "neutral";
    readonly label: string;
  };
} = {
  pending: { tone: "info", label: "En attente" },
  approved: { tone: "success", label: "Acceptée" },
  refused: { tone: "error", label: "Refusée" },
  withdrawn: { tone: "neutral", label: "Retirée" },
  expired: { tone: "neutral", label: "Expirée" },
};

function AskPage({ ctx, form }: { ctx: Context; form: FormState }) {
  const { structureId, structure, scope } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title="Demander une habilitation"
      caption={structure.displayName}
      crumbs={crumbs}
      lead={
        scope === "structure" ? "Pour toute la structure." : "Pour les services auxquels vous êtes rattaché."
      }
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/mes-habilitations/demander" state={form}>
        <input type="hidden" name="structureId" value={structureId} />
        <Select
          form={form}
          name="application"
          label="Application"
          required
          value={ctx.one("application")}
          options={applicationsOf(structure.kind).map((one) => ({ value: one.code, label: one.label }))}
        />
        <Radios
          form={form}
          name="level"
          label="Niveau"
          required
          value={ctx.one("niveau") === "write" ? "write" : "read"}
          options={[
            { value: "read", label: "Consultation" },
            { value: "write", label: "Modification", hint: "Elle comprend la consultation." },
          ]}
        />
        <Textarea
          form={form}
          name="message"
          label="Message aux gestionnaires"
          rows={3}
          maxlength={500}
          hint="Dites pour quoi faire : ils répondront plus vite."
        />
        <FormFooter submit="Envoyer la demande" cancel="/mes-habilitations" />
      </Form>
    </Page>
  );
}

/** The rights that one asked for, and what became of each request. */
export function OwnGrantRequests(props: {
  ctx: Context;
  requests: readonly GrantRequestRow[];
  caption: string;
}) {
  const { ctx, requests, caption } = props;
  return (
    <Table
      caption={caption}
      rows={requests}
      keyOf={(one) => one.id}
      columns={[
        { title: "Habilitation", heads: true, cell: askedWords },
        { title: "Structure", cell: (one) => one.structureName },
        { title: "Envoyée le", cell: (one) => formatDate(one.askedAt) },
        {
          title: "État",
          cell: (one) => <Tag tone={states[one.state].tone}>{states[one.state].label}</Tag>,
        },
        { title: "Motif", cell: (one) => one.refusalReason ?? "—" },
        {
          title: "Action",
          cell: (one) =>
            one.state === "pending" ? (
              <Form token={ctx.formToken} action={`/mes-habilitations/demandes/${one.id}/retirer`} inline>
                <input type="hidden" name="structureId" value={one.structureId} />
                <Button kind="secondary" small>
                  Retirer<span class="govuk-visually-hidden"> ma demande : {askedWords(one)}</span>
                </Button>
              </Form>
            ) : (
              "—"
            ),
        },
      ]}
    />
  );
}

/** What a member does about the rights she lacks: ask, follow, take back. */
export function askGrantPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mes-habilitations/demander",
    access,
    handler: (ctx) => ctx.html(<AskPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/mes-habilitations/demander",
    access,
    handler: async (ctx) => {
      const form = ctx.form({
        structureId: z.string(),
        application: z.string({ error: "Choisissez une application." }),
        level: z.enum(["read", "write"], { error: "Choisissez un niveau." }),
        message: text.optional("Message aux gestionnaires", 500),
      });
      if (!form.ok) return ctx.html(<AskPage ctx={ctx} form={form.state} />, 422);
      const { application, level, message } = form.values;
      const asked = await ctx.tx((tx, now) =>
        askForGrant(tx, { application, level, message }, ctx.membership, ctx.actor, now),
      );
      if (!asked.ok)
        return ctx.html(
          <AskPage
            ctx={ctx}
            form={{
              values: typedValues(ctx.body),
              errors: { application: grantRequestRefusalTexts[asked.refusal.code] },
            }}
          />,
          422,
        );
      return ctx.redirect("/mes-habilitations/demandes", {
        confirmation: {
          title: "Votre demande est envoyée.",
          text: `${asked.value.asked}. Les gestionnaires sont prévenus ; vous le serez de leur réponse.`,
        },
      });
    },
  });
  portal.page({
    method: "GET",
    url: "/mes-habilitations/demandes",
    access: "account",
    handler: async (ctx) => {
      const requests = await ctx.tx((tx) => listOwnGrantRequests(tx, ctx.who.accountId));
      return ctx.html(
        <Page chrome={ctx.chrome} title="Mes demandes d'habilitation" crumbs={crumbs} wide>
          {requests.length === 0 ? (
            <EmptyState action={{ href: "/mes-habilitations", label: "Voir mes habilitations" }}>
              Vous n'avez demandé aucune habilitation.
            </EmptyState>
          ) : (
            <OwnGrantRequests ctx={ctx} requests={requests} caption="De la plus récente à la plus ancienne" />
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/mes-habilitations/demandes/:requestId/retirer",
    access,
    handler: async (ctx) => {
      const done = await ctx.tx((tx, now) =>
        withdrawGrantRequest(tx, ctx.id("requestId"), ctx.membership, ctx.actor, now),
      );
      if (!done.ok && done.refusal.code === "NOT_FOUND") throw notFound();
      return ctx.redirect("/mes-habilitations/demandes", {
        confirmation: {
          title: done.ok ? "Votre demande est retirée." : grantRequestRefusalTexts[done.refusal.code],
        },
      });
    },
  });
}
