import { forbidden, notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { idChoice, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Card,
  Form,
  FormFooter,
  type FormState,
  noForm,
  SummaryList,
} from "../../../web/ui/index.ts";
import { listAllServices, openInPlaceOf } from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { findRequest, listSharedStructures, type RequestRow } from "../requests-store.ts";
import { approveRequest, refuseRequest } from "../use-cases/answers.ts";
import { GiftFields, giftShape, loadOffer, type Offer, readGift, refusedForm } from "./gift-fields.tsx";
import { fullName, organisation } from "./person.tsx";
import { missingText, RefusalFields, refusalShape, refusalWords } from "./refusal-fields.tsx";
import { wishesText } from "./request-list.pages.tsx";

type Loaded = {
  readonly request: RequestRow;
  /** The services proposed for an answer. */
  readonly serviceIds: readonly number[];
  readonly offer: Offer;
  /** The structures where the requester and the reader both work. */
  readonly shared: readonly string[];
};

const answers = {
  pending: "Cette demande attend une réponse",
  approved: "Demande acceptée",
  refused: "Demande refusée",
  withdrawn: "Demande retirée par son auteur",
  expired: "Demande expirée, faute de réponse",
} as const;

/** MEM-11. Who answered, and when. */
function answerWords({ state, answeredByName, answeredAt }: RequestRow): string {
  const by = answeredByName && state !== "withdrawn" ? ` par ${answeredByName}` : "";
  return `${answers[state]}${by}${answeredAt ? `, le ${formatDateTime(answeredAt)}` : ""}.`;
}

function RequestPage({
  ctx,
  request,
  serviceIds,
  offer,
  shared,
  form,
}: Loaded & { ctx: Context; form: FormState }) {
  const name = fullName(request);
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
          { label: "Pour", value: wishesText(request) },
          { label: "Envoyée le", value: formatDateTime(request.askedAt) },
          { label: "Message", value: request.message || "Aucun" },
          {
            label: "Structures que vous partagez",
            value: shared.length > 0 ? shared.join(", ") : "Aucune",
          },
          ...(request.state === "pending" && request.refusalReason
            ? [{ label: "Refusée une première fois", value: refusalWords(request) }]
            : []),
        ]}
      />
      {request.state !== "pending" ? (
        <Banner tone="info" title={answerWords(request)} />
      ) : (
        <>
          <Banner tone="warning">
            <p>Vérifiez que cette personne travaille bien pour vous.</p>
          </Banner>
          <Card title="Accepter">
            <Form token={ctx.formToken} action={`/organisation/demandes/${request.id}/accepter`} state={form}>
              <input type="hidden" name="structureId" value={request.structureId} />
              <GiftFields form={form} offer={offer} asked={{ ...request, serviceIds }} />
              <FormFooter submit="Valider la demande" cancel="/organisation/demandes" />
            </Form>
          </Card>
          <Card title="Refuser">
            <Form token={ctx.formToken} action={`/organisation/demandes/${request.id}/refuser`}>
              <input type="hidden" name="structureId" value={request.structureId} />
              <RefusalFields form={form} />
              <FormFooter submit="Refuser la demande" kind="warning" />
            </Form>
          </Card>
        </>
      )}
    </Page>
  );
}

/** One request to be attached, and its answer. */
export function requestPages(portal: Portal): void {
  const access = { action: "request.answer", on: "structure" } as const;
  const load = (ctx: Context) =>
    ctx.tx(async (tx, now): Promise<Loaded> => {
      const request = await findRequest(tx, ctx.membership.structureId, ctx.id("requestId"));
      if (!request) throw notFound();
      const services = await listAllServices(tx, request.structureId);
      return {
        request,
        // what was asked on a service that is replaced since is proposed on its successor
        serviceIds: openInPlaceOf(request.serviceIds, services, now),
        offer: await loadOffer(tx, request.structureId, now),
        shared: await listSharedStructures(tx, request.accountId, ctx.who.accountId),
      };
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
      const again = (form: FormState) => ctx.html(<RequestPage ctx={ctx} {...found} form={form} />, 422);
      const form = ctx.form({ structureId: idChoice("Choisissez une structure."), ...giftShape });
      if (!form.ok) return again(form.state);
      const read = readGift(form.values);
      if ("errors" in read) return again({ values: typedValues(ctx.body), errors: read.errors });
      const done = await ctx.tx((tx, now) =>
        approveRequest(tx, { requestId: found.request.id, gift: read.gift }, ctx.membership, ctx.actor, now),
      );
      if (!done.ok) {
        if (done.refusal.code === "CANNOT_APPROVE_SELF" || done.refusal.code === "NOT_ENTITLED")
          throw forbidden(refusalTexts[done.refusal.code]);
        if (done.refusal.code === "ALREADY_ANSWERED")
          return ctx.html(<RequestPage ctx={ctx} {...(await load(ctx))} form={noForm} />, 409);
        return again(refusedForm(ctx, done.refusal, "scope"));
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
        ...refusalShape,
      });
      if (!form.ok) return ctx.html(<RequestPage ctx={ctx} {...found} form={form.state} />, 422);
      const unsaid = missingText(form.values);
      if (unsaid)
        return ctx.html(
          <RequestPage ctx={ctx} {...found} form={{ values: typedValues(ctx.body), errors: unsaid }} />,
          422,
        );
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
