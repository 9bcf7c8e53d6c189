import { maskEmail } from "../../../shared/email-address.ts";
import { notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime, formatSince } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  Card,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  SummaryList,
  Table,
  Tag,
  Textarea,
} from "../../../web/ui/index.ts";
import { REMINDER_PAUSE_DAYS, refusalTexts } from "../domain/decisions.ts";
import { type Concerned, peopleToTell } from "../people-store.ts";
import { listOwnRequests, type OwnRequestRow, type RequestRow } from "../requests-store.ts";
import { mayRemind, remindAnswerers, withdrawRequest } from "../use-cases/requests.ts";
import { refusalWords } from "./refusal-fields.tsx";

const DAY_MS = 24 * 3_600_000;
/** Days after which the ways out are shown to somebody whom nobody answers (organisation.md 10.6). */
const UNANSWERED_DAYS = 10;
const eyes = "the person asked a structure she is no member of";
export const ownCrumbs = [{ label: "Mes rattachements", href: "/mes-rattachements" }];

/** Where one asks to manage a structure that nobody manages any longer. */
export const claimUrl = (structure: { readonly identifierType: string; readonly identifierValue: string }) =>
  `/organisation/reprise?type=${structure.identifierType}&identifiant=${encodeURIComponent(structure.identifierValue)}`;

const followUpUrl = (request: RequestRow) => `/mes-demandes/${request.id}/relancer`;

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

const levelOf = (request: RequestRow) =>
  request.scope === "structure" ? "Toute la structure" : `Services ${request.serviceCodes.join(", ")}`;

/** What one asked to join, and what became of it; those that wait can be followed up or taken back. */
export function OwnRequests(props: { ctx: Context; requests: readonly OwnRequestRow[]; caption: string }) {
  const { ctx, requests, caption } = props;
  return (
    <Table
      caption={caption}
      rows={requests}
      keyOf={(one) => one.id}
      columns={[
        { title: "Structure", heads: true, cell: (one) => one.structureName },
        { title: "Niveau", cell: levelOf },
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
        { title: "Action", cell: (one) => <RequestActs ctx={ctx} request={one} /> },
      ]}
    />
  );
}

function RequestActs({ ctx, request }: { ctx: Context; request: OwnRequestRow }) {
  const forWhat = <span class="govuk-visually-hidden"> ma demande pour {request.structureName}</span>;
  if (request.state === "approved") return <>—</>;
  if (request.state !== "pending")
    return (
      <a href={`/mes-rattachements/demander?structure=${request.structureId}`}>
        Corriger et renvoyer{forWhat}
      </a>
    );
  return (
    <>
      {mayRemind(request, ctx.now) && (
        <Form token={ctx.formToken} action={followUpUrl(request)} inline>
          <Button kind="secondary" small>
            Relancer{forWhat}
          </Button>
        </Form>
      )}{" "}
      <WithdrawForm ctx={ctx} request={request} />{" "}
      <Link href={followUpUrl(request)}>
        Leur écrire
        <span class="govuk-visually-hidden"> au sujet de ma demande pour {request.structureName}</span>
      </Link>
    </>
  );
}

function WithdrawForm({ ctx, request }: { ctx: Context; request: OwnRequestRow }) {
  return (
    <Form token={ctx.formToken} action={`/mes-demandes/${request.id}/retirer`} inline>
      <input type="hidden" name="of" value={request.structureId} />
      <Button kind="secondary" small>
        Retirer<span class="govuk-visually-hidden"> ma demande pour {request.structureName}</span>
      </Button>
    </Form>
  );
}

/** What is left to somebody whom nobody answers. */
export function NobodyAnswers({ requests, now }: { requests: readonly OwnRequestRow[]; now: Date }) {
  const old = requests.filter((one) => now.getTime() - one.askedAt.getTime() >= UNANSWERED_DAYS * DAY_MS);
  if (old.length === 0) return null;
  return (
    <Banner tone="info" title="Personne ne vous répond depuis dix jours ?">
      <Bullets
        items={[
          "Relancez les gestionnaires, ou écrivez-leur : ils recevront un nouveau message.",
          ...old.map((one) => (
            <Link href={claimUrl(one)}>Les gestionnaires de {one.structureName} ne sont plus là</Link>
          )),
          "Ce n'était pas la bonne structure ? Retirez votre demande.",
        ]}
      />
    </Banner>
  );
}

type FollowUp = {
  readonly request: OwnRequestRow;
  readonly answerers: readonly Concerned[];
  /** Nobody could answer, or nobody did for long (organisation.md 10.6). */
  readonly isUnanswered: boolean;
};

async function loadFollowUp(ctx: Context): Promise<FollowUp> {
  return ctx.systemTx(eyes, async (tx, now) => {
    const own = await listOwnRequests(tx, ctx.who.accountId);
    const request = own.find((one) => one.id === ctx.id("requestId"));
    if (!request) throw notFound();
    const answerers = await peopleToTell(tx, request.structureId, "answerers");
    const days = (now.getTime() - request.askedAt.getTime()) / DAY_MS;
    return { request, answerers, isUnanswered: answerers.length === 0 || days >= UNANSWERED_DAYS };
  });
}

/** Who a person is, for one whom she does not know: « C. M. (c…@exemple.fr) ». */
const discreetName = ({ firstName, lastName, address }: Concerned) =>
  `${[firstName, lastName].map((name) => `${[...name][0]}.`).join(" ")} (${maskEmail(address)})`;

function FollowUpPage({ ctx, follow, form }: { ctx: Context; follow: FollowUp; form: FormState }) {
  const { request, answerers } = follow;
  const last = request.requesterRemindedAt ?? request.askedAt;
  return (
    <Page
      chrome={ctx.chrome}
      title="Relancer les gestionnaires"
      caption={request.structureName}
      crumbs={ownCrumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <SummaryList
        rows={[
          {
            label: "Demande envoyée",
            value: `Le ${formatDateTime(request.askedAt)}, ${formatSince(request.askedAt, ctx.now)}`,
          },
          { label: "Niveau", value: levelOf(request) },
          ...(request.message ? [{ label: "Votre message", value: request.message }] : []),
          ...(request.requesterRemindedAt
            ? [{ label: "Dernière relance", value: formatDateTime(request.requesterRemindedAt) }]
            : []),
          {
            label: "Peuvent répondre",
            value: answerers.length > 0 ? <Bullets items={answerers.map(discreetName)} /> : "Personne",
          },
        ]}
      />
      {request.state !== "pending" ? (
        <Banner tone="info" title={refusalTexts.ALREADY_ANSWERED} />
      ) : answerers.length === 0 ? (
        <Banner tone="info" title="Aucun gestionnaire de cette structure ne peut répondre pour le moment." />
      ) : !mayRemind(request, ctx.now) ? (
        <Banner tone="info" title={refusalTexts.REMINDED_RECENTLY}>
          <p>
            Vous pourrez relancer le {formatDateTime(new Date(last.getTime() + REMINDER_PAUSE_DAYS * DAY_MS))}
            .
          </p>
        </Banner>
      ) : (
        <Form token={ctx.formToken} action={followUpUrl(request)} state={form}>
          <Textarea
            form={form}
            name="message"
            label="Leur écrire"
            rows={4}
            maxlength={500}
            hint="Ils verront votre nom et votre adresse, et pourront vous répondre."
          />
          <FormFooter submit="Relancer" cancel="/mes-rattachements" />
        </Form>
      )}
      {follow.isUnanswered && request.state === "pending" && (
        <Card title="Personne ne répond ?">
          <Bullets
            items={[
              <>
                Les gestionnaires ne sont plus là :{" "}
                <Link href={claimUrl(request)}>demandez à reprendre la gestion de la structure</Link>.
              </>,
              "Ce n'était pas la bonne structure : retirez votre demande.",
            ]}
          />
          <WithdrawForm ctx={ctx} request={request} />
        </Card>
      )}
    </Page>
  );
}

/** What becomes of one's own requests for attachments: followed up, taken back. */
export function ownRequestPages(portal: Portal): void {
  const url = "/mes-demandes/:requestId/relancer";
  portal.page({
    method: "GET",
    url,
    access: "account",
    handler: async (ctx) =>
      ctx.html(<FollowUpPage ctx={ctx} follow={await loadFollowUp(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access: "account",
    handler: async (ctx) => {
      const again = async (errors: FormState["errors"]) =>
        ctx.html(
          <FollowUpPage
            ctx={ctx}
            follow={await loadFollowUp(ctx)}
            form={{ values: typedValues(ctx.body), errors }}
          />,
          422,
        );
      const form = ctx.form({ message: text.optional("Leur écrire", 500) });
      if (!form.ok) return again(form.state.errors);
      const done = await ctx.systemTx(eyes, (tx, now) =>
        remindAnswerers(
          tx,
          { accountId: ctx.who.accountId, requestId: ctx.id("requestId"), text: form.values.message },
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) {
        if (done.refusal.code === "NOT_FOUND") throw notFound();
        return again({ message: refusalTexts[done.refusal.code] });
      }
      return ctx.redirect("/mes-rattachements", {
        confirmation: {
          title: `Les gestionnaires de ${done.value.structureName} sont relancés.`,
          text: "Ils viennent de recevoir un message ; vous serez prévenu de leur réponse.",
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
}
