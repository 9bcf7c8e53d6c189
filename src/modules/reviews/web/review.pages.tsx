import { z } from "zod";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  Card,
  Checkbox,
  DateTimeInput,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  RowSelect,
  SummaryList,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { mayActOn, type RowOutcome, refusalTexts } from "../../memberships/index.ts";
import { offeredProfiles } from "../../profiles/index.ts";
import type { ReadyProfile } from "../../rights/index.ts";
import { reviewRefusalTexts, YEARLY_REVIEW_DAYS } from "../domain/review.ts";
import { isReviewedYearly, listReviews, listUnanswered, type ReviewItem, type ReviewRow } from "../store.ts";
import {
  answerReview,
  type ReviewAnswer,
  setYearlyReview,
  startReview,
  stopReview,
} from "../use-cases/reviews.ts";

const SHOWN_AT_ONCE = 50;
const reviewUrl = (structureId: number) => `/organisation/revue?structureId=${structureId}`;
const actUrl = (structureId: number, verb: string) => `/organisation/structures/${structureId}/revue/${verb}`;
const fieldOf = (item: ReviewItem) => `reponse-${item.membershipId}`;

const states = {
  open: { tone: "info", label: "En cours" },
  closed: { tone: "success", label: "Close" },
  stopped: { tone: "neutral", label: "Arrêtée" },
} as const;

type Sheet = {
  readonly reviews: readonly ReviewRow[];
  readonly open: ReviewRow | undefined;
  /** Those for whom the reader may answer, the first ones. */
  readonly items: readonly ReviewItem[];
  /** How many wait for somebody else's answer. */
  readonly others: number;
  readonly profiles: readonly ReadyProfile[];
  readonly isYearly: boolean;
};

async function load(ctx: Context): Promise<Sheet> {
  const { structureId, accountId, role } = ctx.membership;
  return ctx.tx(async (tx, now) => {
    const reviews = await listReviews(tx, structureId);
    const open = reviews.find((one) => one.state === "open");
    const unanswered = open ? await listUnanswered(tx, open.id) : [];
    const mine = unanswered.filter(
      (one) =>
        one.accountId !== accountId &&
        (one.role === "member" || role === "mainManager") &&
        mayActOn(ctx.membership, one.openServiceIds, one.scope, now),
    );
    return {
      reviews,
      open,
      items: mine.slice(0, SHOWN_AT_ONCE),
      others: unanswered.length - mine.length,
      profiles: await offeredProfiles(tx, structureId),
      isYearly: await isReviewedYearly(tx, structureId),
    };
  });
}

function ReviewPage({
  ctx,
  sheet,
  form,
  outcomes,
}: {
  ctx: Context;
  sheet: Sheet;
  form: FormState;
  outcomes: readonly RowOutcome[];
}) {
  const { structure } = ctx.membership;
  const isManager = ctx.can("review.start");
  const past = sheet.reviews.filter((one) => one.state !== "open");
  return (
    <Page
      chrome={ctx.chrome}
      title="Revue des rattachements"
      caption={structure.displayName}
      crumbs={[{ label: "Organisation", href: "/organisation" }]}
      lead="Qui travaille encore avec vous, et avec quels droits ?"
      wide
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Outcomes outcomes={outcomes} />
      {sheet.open ? (
        <OpenReview ctx={ctx} sheet={sheet} open={sheet.open} isManager={isManager} />
      ) : isManager ? (
        <StartForm ctx={ctx} form={form} />
      ) : (
        <EmptyState>Aucune revue n'est en cours. Un gestionnaire principal peut en commencer une.</EmptyState>
      )}
      {isManager && <YearlyForm ctx={ctx} isYearly={sheet.isYearly} />}
      {past.length > 0 && (
        <Table
          caption="Revues passées"
          rows={past}
          keyOf={(one) => one.id}
          columns={[
            { title: "Commencée le", heads: true, cell: (one) => formatDate(one.startedAt) },
            { title: "Par", cell: (one) => one.startedByName ?? "Réglage annuel" },
            { title: "Finie le", cell: (one) => formatDate(one.closedAt!) },
            { title: "Réponses", cell: (one) => `${one.answeredCount} sur ${one.peopleCount}` },
            { title: "Suspendus", cell: (one) => one.suspendedCount },
            {
              title: "État",
              cell: (one) => <Tag tone={states[one.state].tone}>{states[one.state].label}</Tag>,
            },
          ]}
        />
      )}
    </Page>
  );
}

function Outcomes({ outcomes }: { outcomes: readonly RowOutcome[] }) {
  const refused = outcomes.filter((one) => one.refusal !== null);
  if (outcomes.length === 0) return null;
  return (
    <>
      <Banner
        tone={refused.length === 0 ? "success" : "warning"}
        title={`Réponses enregistrées : ${outcomes.length - refused.length}. Refusées : ${refused.length}.`}
      />
      {refused.length > 0 && (
        <Table
          caption="Réponses refusées"
          rows={refused}
          keyOf={(one) => one.membershipId}
          columns={[
            { title: "Personne", heads: true, cell: (one) => one.name },
            { title: "Motif", cell: (one) => refusalTexts[one.refusal!] },
          ]}
        />
      )}
    </>
  );
}

function OpenReview({
  ctx,
  sheet,
  open,
  isManager,
}: {
  ctx: Context;
  sheet: Sheet;
  open: ReviewRow;
  isManager: boolean;
}) {
  const { structureId } = ctx.membership;
  const choices = [
    { value: "", label: "Pas encore de réponse" },
    { value: "keep", label: "Garder" },
    { value: "end", label: "Mettre fin" },
    ...sheet.profiles.map((one) => ({ value: `narrow:${one.code}`, label: `Restreindre à « ${one.name} »` })),
  ];
  return (
    <>
      <SummaryList
        rows={[
          {
            label: "Commencée",
            value: `Le ${formatDate(open.startedAt)}, par ${open.startedByName ?? "le réglage annuel"}`,
          },
          {
            label: "À répondre avant le",
            value: `${formatDate(open.dueAt)}. Qui n'a pas de réponse sera alors suspendu.`,
          },
          { label: "Réponses", value: `${open.answeredCount} sur ${open.peopleCount}` },
        ]}
      />
      {sheet.items.length === 0 ? (
        <EmptyState>Vous n'avez plus de réponse à donner.</EmptyState>
      ) : (
        <Form token={ctx.formToken} action={actUrl(structureId, "repondre")} wide>
          <Table
            caption="À revoir, de la connexion la plus ancienne à la plus récente"
            rows={sheet.items}
            keyOf={(one) => one.membershipId}
            columns={[
              {
                title: "Personne",
                heads: true,
                cell: (one) => (
                  <a href={`/organisation/structures/${structureId}/utilisateurs/${one.membershipId}`}>
                    {one.name}
                  </a>
                ),
              },
              {
                title: "Niveau",
                cell: (one) => (one.scope === "structure" ? "Structure" : one.serviceCodes.join(", ")),
              },
              {
                title: "Droits",
                cell: (one) =>
                  one.role === "mainManager" ? "Gestionnaire principal" : one.sets.join(", ") || "Sur mesure",
              },
              {
                title: "Dernière connexion",
                cell: (one) => (one.lastSignInAt ? formatDate(one.lastSignInAt) : "Jamais"),
              },
              {
                title: "Réponse",
                cell: (one) => (
                  <RowSelect name={fieldOf(one)} label={`Réponse pour ${one.name}`} options={choices} />
                ),
              },
            ]}
          />
          <FormFooter submit="Enregistrer les réponses" />
        </Form>
      )}
      {sheet.others > 0 && (
        <Paragraph>
          Réponses qui reviennent à d'autres gestionnaires : {sheet.others}. Nul ne répond pour soi-même.
        </Paragraph>
      )}
      {isManager && (
        <section class="u-section">
          <Form token={ctx.formToken} action={actUrl(structureId, "arreter")} inline>
            <Button kind="secondary">Arrêter la revue sans suspendre personne</Button>
          </Form>
        </section>
      )}
    </>
  );
}

function StartForm({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Card title="Commencer une revue">
      <Paragraph>
        Chaque rattachement est à garder, à restreindre ou à terminer avant la date choisie. Qui n'a pas de
        réponse est alors suspendu ; le dernier gestionnaire principal ne l'est jamais.
      </Paragraph>
      <Form token={ctx.formToken} action={actUrl(ctx.membership.structureId, "commencer")} state={form}>
        <DateTimeInput
          form={form}
          name="dueAt"
          label="Répondre avant le"
          required
          hint="Dans sept jours au moins, par exemple 31/12/2027."
        />
        <FormFooter submit="Commencer la revue" />
      </Form>
    </Card>
  );
}

function YearlyForm({ ctx, isYearly }: { ctx: Context; isYearly: boolean }) {
  return (
    <Card title="Chaque année">
      <Form token={ctx.formToken} action={actUrl(ctx.membership.structureId, "chaque-annee")}>
        <Checkbox
          form={noForm}
          name="yearly"
          label={`Commencer une revue chaque année, avec ${YEARLY_REVIEW_DAYS} jours pour répondre`}
          checked={isYearly}
          hint="La première commence la nuit prochaine, s'il n'y en a pas eu depuis un an."
        />
        <Button kind="secondary">Enregistrer ce réglage</Button>
      </Form>
    </Card>
  );
}

function readAnswer(typed: string, profiles: readonly ReadyProfile[]): ReviewAnswer | null {
  if (typed === "keep" || typed === "end") return { kind: typed };
  const set = profiles.find((one) => `narrow:${one.code}` === typed);
  return set ? { kind: "narrow", set } : null;
}

/** The review of all the attachments of a structure: start it, answer, stop it, have one each year. */
export function reviewPages(portal: Portal): void {
  const manages = { action: "review.start", on: "structure" } as const;
  const answers = { action: "member.change", on: "structure" } as const;
  const show = async (ctx: Context, form: FormState, outcomes: readonly RowOutcome[], status = 200) =>
    ctx.html(<ReviewPage ctx={ctx} sheet={await load(ctx)} form={form} outcomes={outcomes} />, status);
  portal.page({
    method: "GET",
    url: "/organisation/revue",
    access: answers,
    handler: (ctx) => show(ctx, noForm, []),
  });
  const url = "/organisation/structures/:structureId/revue";
  portal.page({
    method: "POST",
    url: `${url}/commencer`,
    access: manages,
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const wrong = (says: string) =>
        show(ctx, { values: typedValues(ctx.body), errors: { dueAt: says } }, [], 422);
      const form = ctx.form({ dueAt: z.string().default("") });
      if (!form.ok) return show(ctx, form.state, [], 422);
      const dueAt = frenchDateTime(form.values.dueAt, "end");
      if (!dueAt) return wrong("Saisissez la date comme 31/12/2027.");
      const done = await ctx.tx((tx, now) => startReview(tx, { structureId, dueAt }, ctx.actor, now));
      if (!done.ok) return wrong(reviewRefusalTexts[done.refusal.code]);
      return ctx.redirect(reviewUrl(structureId), {
        confirmation: {
          title: "La revue des rattachements est commencée.",
          text: `À revoir : ${done.value.people}. Les gestionnaires sont prévenus.`,
        },
      });
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/repondre`,
    access: answers,
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const done = await ctx.tx(async (tx, now) => {
        const profiles = await offeredProfiles(tx, structureId);
        const given = Object.entries(ctx.body).flatMap(([field, typed]) => {
          const membershipId = Number(/^reponse-(\d{1,15})$/.exec(field)?.[1] ?? Number.NaN);
          const answer = typeof typed === "string" ? readAnswer(typed, profiles) : null;
          return answer && Number.isSafeInteger(membershipId) ? [{ membershipId, answer }] : [];
        });
        return answerReview(tx, given, ctx.membership, ctx.actor, now);
      });
      if (!done.ok) throw forbidden(reviewRefusalTexts[done.refusal.code]);
      const { outcomes, isOver } = done.value;
      if (isOver)
        return ctx.redirect(reviewUrl(structureId), {
          confirmation: { title: "La revue des rattachements est close : chacun a sa réponse." },
        });
      return show(ctx, noForm, outcomes, outcomes.some((one) => one.refusal === null) ? 200 : 422);
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/arreter`,
    access: manages,
    handler: async (ctx) => {
      const done = await ctx.tx((tx, now) => stopReview(tx, ctx.membership, ctx.actor, now));
      if (!done.ok) throw forbidden(reviewRefusalTexts[done.refusal.code]);
      return ctx.redirect(reviewUrl(ctx.membership.structureId), {
        confirmation: { title: "La revue est arrêtée. Personne n'est suspendu." },
      });
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/chaque-annee`,
    access: manages,
    handler: async (ctx) => {
      const form = ctx.form({ yearly: box });
      const yearly = form.ok && form.values.yearly;
      await ctx.tx((tx, now) => setYearlyReview(tx, yearly, ctx.membership, ctx.actor, now));
      return ctx.redirect(reviewUrl(ctx.membership.structureId), {
        confirmation: {
          title: yearly ? "Une revue commencera chaque année." : "Il n'y aura plus de revue annuelle.",
        },
      });
    },
  });
}
