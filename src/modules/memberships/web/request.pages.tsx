import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  ButtonLink,
  Card,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Radios,
  SummaryList,
  Table,
  Textarea,
} from "../../../web/ui/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { findRequest, listRequests, type RequestRow } from "../requests-store.ts";
import { approveRequest, mayAnswer, refusalReasons, refuseRequest } from "../use-cases/requests.ts";
import { GiftFields, giftShape, loadOffer, type Offer, readGift, refusedForm } from "./gift-fields.tsx";
import { fullName, organisation } from "./person.tsx";
import { RequestTabs } from "./request-tabs.tsx";

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
              <GiftFields form={asked} offer={offer} />
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

/** Requests to be attached: the list, one request, the answer. */
export function requestPages(portal: Portal): void {
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
      const read = readGift(form.values);
      if ("errors" in read) return again({ values: typedValues(ctx.body), errors: read.errors });
      const done = await ctx.tx((tx, now) =>
        approveRequest(tx, { requestId: found.request.id, gift: read.gift }, ctx.membership, ctx.actor, now),
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
