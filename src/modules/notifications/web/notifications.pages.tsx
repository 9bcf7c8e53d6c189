import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Button,
  ButtonLink,
  Card,
  EmptyState,
  Fieldset,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  Select,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import {
  type ChosenFamily,
  defaultRhythm,
  familiesOf,
  type MailFamily,
  newsFamily,
  type Rhythm,
  rhythmLabels,
} from "../domain/preferences.ts";
import {
  listNotifications,
  listPreferences,
  markNotificationsRead,
  type NotificationRow,
  type PreferenceRow,
} from "../store.ts";
import { chooseNewsRhythm, chooseRhythms, type RhythmRefusal } from "../use-cases/choose-rhythms.ts";

const SETTINGS = "/mon-compte/notifications";
const NEWS_SETTINGS = `${SETTINGS}/actualites`;
/** What belongs to no structure. */
const PORTAL = 0;
const fieldOf = (family: MailFamily, structureId: number) => `${family}-${structureId}`;

function BellPage({ ctx, news }: { ctx: Context; news: readonly NotificationRow[] }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Notifications"
      wide
      actions={
        <ButtonLink kind="secondary" href={SETTINGS}>
          Choisir mes messages
        </ButtonLink>
      }
    >
      {news.length === 0 ? (
        <EmptyState>Aucune notification pour le moment.</EmptyState>
      ) : (
        <>
          <Table
            caption="De la plus récente à la plus ancienne"
            rows={news}
            keyOf={(one) => one.id}
            columns={[
              { title: "Sujet", heads: true, cell: (one) => <a href={one.path}>{one.title}</a> },
              { title: "Le", cell: (one) => formatDateTime(one.createdAt) },
              { title: "État", cell: (one) => (one.readAt ? "Lue" : <Tag tone="info">Non lue</Tag>) },
            ]}
          />
          <Form token={ctx.formToken} action="/notifications/lues">
            <Button kind="secondary">Tout marquer comme lu</Button>
          </Form>
        </>
      )}
    </Page>
  );
}

function SettingsPage({
  ctx,
  preferences,
  wrong,
}: {
  ctx: Context;
  preferences: readonly PreferenceRow[];
  /** The structure whose form came back, with what was typed. */
  wrong?: { readonly structureId: number; readonly form: FormState };
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Choisir mes messages"
      crumbs={[{ label: "Mon compte", href: "/mon-compte" }]}
      lead="Tout se lit aussi dans vos notifications, quel que soit votre choix."
      hasErrors={wrong !== undefined}
    >
      <Paragraph>
        Ce qui touche à la sécurité de votre compte vous est toujours écrit tout de suite.
      </Paragraph>
      {ctx.who.memberships.length === 0 && (
        <EmptyState action={{ href: "/bienvenue", label: "Choisir ma structure" }}>
          Vous n'êtes rattaché à aucune structure : il n'y a rien à choisir.
        </EmptyState>
      )}
      {ctx.who.memberships.map((membership) => (
        <RhythmForm
          ctx={ctx}
          title={membership.structure.displayName}
          structureId={membership.structureId}
          families={familiesOf(membership, ctx.now)}
          action={SETTINGS}
          preferences={preferences}
          form={wrong?.structureId === membership.structureId ? wrong.form : noForm}
          key={membership.structureId}
        />
      ))}
      <RhythmForm
        ctx={ctx}
        title="Le portail"
        structureId={PORTAL}
        families={[newsFamily]}
        action={NEWS_SETTINGS}
        preferences={preferences}
        form={wrong?.structureId === PORTAL ? wrong.form : noForm}
      />
    </Page>
  );
}

/** The choices of one structure, or of the portal, saved together. */
function RhythmForm({
  ctx,
  title,
  structureId,
  families,
  action,
  preferences,
  form,
}: {
  ctx: Context;
  title: string;
  structureId: number;
  families: readonly ChosenFamily[];
  action: string;
  preferences: readonly PreferenceRow[];
  form: FormState;
}) {
  return (
    <Card title={title}>
      <Form token={ctx.formToken} action={action} state={form}>
        {structureId !== PORTAL && <input type="hidden" name="structureId" value={structureId} />}
        <Fieldset legend={title} isTitled>
          {families.map((family) => (
            <Select
              form={form}
              name={fieldOf(family.code, structureId)}
              label={family.label}
              hint={family.hint}
              required
              options={family.rhythms.map((rhythm) => ({ value: rhythm, label: rhythmLabels[rhythm] }))}
              value={rhythmOf(preferences, structureId, family.code)}
              key={family.code}
            />
          ))}
        </Fieldset>
        <FormFooter
          submit={
            <>
              Enregistrer<span class="govuk-visually-hidden"> pour {title}</span>
            </>
          }
        />
      </Form>
    </Card>
  );
}

function rhythmOf(preferences: readonly PreferenceRow[], structureId: number, family: MailFamily): Rhythm {
  const chosen = preferences.find((one) => one.structureId === structureId && one.family === family);
  return chosen?.rhythm ?? defaultRhythm[family];
}

function refusalText({ code }: RhythmRefusal): string {
  return code === "LAST_ONE_TOLD"
    ? "Vous êtes le dernier gestionnaire principal averti des demandes : gardez au moins un message par semaine, ou désignez un autre gestionnaire."
    : "Choisissez un rythme de la liste.";
}

/** The bell, and how often its news come by mail. */
export function notificationPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/notifications",
    access: "account",
    handler: async (ctx) =>
      ctx.html(<BellPage ctx={ctx} news={await ctx.tx((tx) => listNotifications(tx, ctx.who.accountId))} />),
  });
  portal.page({
    method: "POST",
    url: "/notifications/lues",
    access: "account",
    handler: async (ctx) => {
      await ctx.tx((tx, now) => markNotificationsRead(tx, ctx.who.accountId, now));
      return ctx.redirect("/notifications");
    },
  });
  const preferencesOf = (ctx: Context) => ctx.tx((tx) => listPreferences(tx, ctx.who.accountId));
  const showWrong = async (ctx: Context, wrong: { structureId: number; form: FormState }) =>
    ctx.html(<SettingsPage ctx={ctx} preferences={await preferencesOf(ctx)} wrong={wrong} />, 422);
  portal.page({
    method: "GET",
    url: SETTINGS,
    access: "account",
    handler: async (ctx) => ctx.html(<SettingsPage ctx={ctx} preferences={await preferencesOf(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: SETTINGS,
    access: "account",
    handler: async (ctx) => {
      const structureId = Number(ctx.body.structureId);
      const membership = ctx.who.memberships.find((one) => one.structureId === structureId);
      if (!membership) throw notFound();
      const families = familiesOf(membership, ctx.now);
      const form = ctx.form({
        structureId: z.string(),
        ...Object.fromEntries(families.map(({ code }) => [fieldOf(code, structureId), z.string()])),
      });
      const again = (state: FormState) => showWrong(ctx, { structureId, form: state });
      if (!form.ok) return again(form.state);
      const values: Readonly<Record<string, string>> = form.values;
      const chosen = await ctx.tx((tx, now) =>
        chooseRhythms(
          tx,
          membership,
          families.map(({ code }) => ({
            family: code,
            rhythm: values[fieldOf(code, structureId)] as Rhythm,
          })),
          ctx.actor,
          now,
        ),
      );
      if (!chosen.ok)
        return again({
          values: typedValues(ctx.body),
          errors: { [fieldOf(chosen.refusal.family, structureId)]: refusalText(chosen.refusal) },
        });
      return ctx.redirect(SETTINGS, {
        confirmation: { title: `Vos messages de ${membership.structure.displayName} sont réglés.` },
      });
    },
  });
  portal.page({
    method: "POST",
    url: NEWS_SETTINGS,
    access: "account",
    handler: async (ctx) => {
      const field = fieldOf("news", PORTAL);
      const form = ctx.form({ [field]: z.string() });
      const chosen = form.ok
        ? await ctx.tx((tx) =>
            chooseNewsRhythm(tx, ctx.who.accountId, form.values[field] as Rhythm, ctx.actor),
          )
        : null;
      if (!chosen?.ok) {
        const errors = { [field]: refusalText({ code: "UNKNOWN_RHYTHM", family: "news" }) };
        return showWrong(ctx, { structureId: PORTAL, form: { values: typedValues(ctx.body), errors } });
      }
      return ctx.redirect(SETTINGS, { confirmation: { title: "Vos messages du portail sont réglés." } });
    },
  });
}
