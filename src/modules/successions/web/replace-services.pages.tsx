import { z } from "zod";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { choices, typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Checkboxes,
  Code,
  DateTimeInput,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  Heading,
  noForm,
  Paragraph,
  Select,
  SummaryList,
  Table,
} from "../../../web/ui/index.ts";
import { listInvitations, listRequests, peopleToTell } from "../../memberships/index.ts";
import { listAllServices, type ServiceRow, serviceLabel, serviceState } from "../../structures/index.ts";
import { endOf } from "../domain/succession.ts";
import {
  type Following,
  replaceServices,
  type SuccessionInput,
  type WeighedSuccession,
  weighSuccession,
} from "../use-cases/replace-services.ts";
import { rightsText } from "./rights-text.ts";
import { successionTexts } from "./texts.ts";

const url = "/organisation/structures/:structureId/services/remplacer";
const access = { action: "service.replace", on: "structure" } as const;
const PEOPLE_SHOWN = 100;
const stateWords = { active: "", planned: " (à venir)", ended: " (terminé)", disabled: " (désactivé)" };

const listOf = (structureId: number) => `/organisation/services?structureId=${structureId}`;
const crumbsOf = (ctx: Context) => [
  { label: "Organisation", href: "/organisation" },
  { label: "Services", href: listOf(ctx.membership.structureId) },
];
const many = (count: number, one: string, several: string) =>
  `${count.toLocaleString("fr-FR")} ${count > 1 ? several : one}`;

function AskPage({
  ctx,
  services,
  chosen,
  form,
}: {
  ctx: Context;
  services: readonly ServiceRow[];
  chosen: readonly string[];
  form: FormState;
}) {
  const stateOf = (one: ServiceRow) => serviceState(one, ctx.now);
  const isOpen = (one: ServiceRow) => ["active", "planned"].includes(stateOf(one));
  const name = (one: ServiceRow) => `${serviceLabel(one)}${stateWords[stateOf(one)]}`;
  const isOffered = (one: ServiceRow) => isOpen(one) || chosen.includes(String(one.id));
  const closable = services.filter((one) => one.successorId === null && isOffered(one));
  const successors = services.filter(isOpen);
  return (
    <Page
      chrome={ctx.chrome}
      title="Fusionner ou remplacer des services"
      caption={ctx.membership.structure.displayName}
      crumbs={crumbsOf(ctx)}
      lead="Les services choisis se ferment à la date dite ; leurs personnes passent au successeur, avec les droits qu'elles y ont. Un aperçu montre tout avant que rien ne change."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {successors.length < 1 || closable.length < 1 || services.length < 2 ? (
        <EmptyState
          action={{
            href: `/organisation/services/nouveau?structureId=${ctx.membership.structureId}`,
            label: "Créer un service",
          }}
        >
          Il faut deux services au moins : celui qui se ferme, et celui qui prend sa place.
        </EmptyState>
      ) : (
        <Form token={ctx.formToken} state={form}>
          <Checkboxes
            form={form}
            name="serviceIds"
            label="Services à fermer"
            required
            list
            value={chosen}
            options={closable.map((one) => ({ value: String(one.id), label: name(one) }))}
          />
          <Select
            form={form}
            name="successorId"
            label="Service qui prend leur place"
            required
            hint={
              <>
                S'il n'existe pas encore,{" "}
                <a
                  class="govuk-link"
                  href={`/organisation/services/nouveau?structureId=${ctx.membership.structureId}`}
                >
                  créez-le d'abord
                </a>
                .
              </>
            }
            options={[
              { value: "", label: "Choisir un service" },
              ...successors.map((one) => ({ value: String(one.id), label: name(one) })),
            ]}
          />
          <DateTimeInput
            form={form}
            name="at"
            label="Date du remplacement"
            hint="Vide : dès que vous confirmez. Sinon, par exemple 01/01/2027 : tout se fera à cette date."
          />
          <FormFooter submit="Continuer" cancel={listOf(ctx.membership.structureId)} />
        </Form>
      )}
    </Page>
  );
}

/** Who else is concerned, beside those whose rights follow. */
type Around = { readonly managers: number; readonly invitations: number; readonly requests: number };

function PreviewPage({
  ctx,
  input,
  weighed,
  around,
}: {
  ctx: Context;
  input: SuccessionInput;
  weighed: WeighedSuccession;
  around: Around;
}) {
  const { closing, successor, following } = weighed;
  const isNow = input.at === null;
  return (
    <Page
      chrome={ctx.chrome}
      title={isNow ? "Confirmer le remplacement" : "Confirmer le remplacement prévu"}
      caption={ctx.membership.structure.displayName}
      crumbs={crumbsOf(ctx)}
      wide
    >
      <SummaryList
        rows={[
          {
            label: "Successeur",
            value: (
              <>
                <Code>{successor.code}</Code> {successor.label}
              </>
            ),
          },
          { label: "Date", value: input.at ? formatDateTime(input.at) : "Dès que vous confirmez" },
        ]}
      />
      <Table
        caption="Ce qui se ferme"
        rows={closing}
        keyOf={(one) => one.id}
        columns={[
          { title: "Code", heads: true, cell: (one) => <Code>{one.code}</Code> },
          { title: "Libellé", cell: (one) => one.label },
          { title: "Fin actuelle", cell: (one) => (one.endsAt ? formatDateTime(one.endsAt) : "Aucune") },
          { title: "Nouvelle fin", cell: (one) => newEnd(one, input, ctx.now) },
        ]}
      />
      {following.length === 0 ? (
        <Paragraph>
          Personne n'est rattaché à ces services en particulier : aucun droit n'est copié.
        </Paragraph>
      ) : (
        <Table
          caption={`Les droits qui suivent sur ${successor.code}${following.length > PEOPLE_SHOWN ? ` (les ${PEOPLE_SHOWN} premières personnes sur ${following.length})` : ""}`}
          rows={following.slice(0, PEOPLE_SHOWN)}
          keyOf={(one) => one.follower.membershipId}
          columns={[
            { title: "Personne", heads: true, nowrap: true, cell: (one) => one.follower.name },
            { title: `Droits donnés sur ${successor.code}`, cell: (one) => givenText(one) },
            ...(following.some((one) => one.leftOut.length > 0)
              ? [{ title: "Remarque", cell: (one: Following) => remarkOn(one, ctx.who.accountId) }]
              : []),
          ]}
        />
      )}
      <Heading>Et ensuite</Heading>
      <Bullets
        items={[
          `${many(around.managers, "gestionnaire principal reçoit", "gestionnaires principaux reçoivent")} un message${following.length > 0 ? ", ainsi que les personnes ci-dessus" : ""}.`,
          `L'annuaire et la fiche de chaque service disent « remplacé par ${successor.code} ».`,
          !isNow &&
            "Les personnes rattachées d'ici là suivront aussi, dans la limite des droits que vous aurez à cette date.",
          around.invitations > 0 &&
            `${many(around.invitations, "invitation en attente vise", "invitations en attente visent")} ces services : acceptées ensuite, elles vaudront sur ${successor.code}.`,
          around.requests > 0 &&
            `${many(around.requests, "demande de rattachement en attente vise", "demandes de rattachement en attente visent")} ces services : ${successor.code} sera proposé à qui y répondra.`,
          isNow
            ? "Vous pourrez l'annuler pendant sept jours."
            : "Vous pourrez y renoncer jusque-là, puis l'annuler pendant sept jours.",
        ].filter((item) => item !== false)}
      />
      <Form token={ctx.formToken}>
        {input.serviceIds.map((id) => (
          <input type="hidden" name="serviceIds" value={id} key={id} />
        ))}
        <input type="hidden" name="successorId" value={input.successorId} />
        <input type="hidden" name="at" value={String(ctx.body.at ?? "")} />
        <input type="hidden" name="confirme" value="oui" />
        <FormFooter
          submit={isNow ? "Remplacer maintenant" : "Prévoir ce remplacement"}
          kind={isNow ? "warning" : undefined}
          cancel={listOf(input.structureId)}
        />
      </Form>
    </Page>
  );
}

function newEnd(service: ServiceRow, { at }: SuccessionInput, now: Date): string {
  const end = endOf(service, at ?? now, now);
  if (end === null || end.getTime() === service.endsAt?.getTime()) return "Déjà fermé";
  return at === null ? "Maintenant" : formatDateTime(at);
}

const givenText = ({ rights, joins }: Following): string =>
  rights.length > 0
    ? rightsText(rights.map((one) => one.right))
    : joins
      ? "Aucun de plus : elle rejoint le service"
      : "Aucun de plus";

function remarkOn({ follower, leftOut }: Following, accountId: number): string {
  if (leftOut.length === 0) return "—";
  return follower.accountId === accountId
    ? "Nul ne change ses propres droits : un autre gestionnaire vous les donnera."
    : `Ne suit pas : ${rightsText(leftOut.map((one) => one.right))}`;
}

/** « Fusionner / remplacer »: asked, shown with what follows, then done or planned. Source: organisation.md 8.4. */
export function replaceServicePages(portal: Portal): void {
  const servicesOf = (ctx: Context) =>
    ctx.tx(async (tx) =>
      (await listAllServices(tx, ctx.membership.structureId)).filter((one) => !one.reserved),
    );
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) =>
      ctx.html(
        <AskPage
          ctx={ctx}
          services={await servicesOf(ctx)}
          chosen={[ctx.query.service ?? []].flat()}
          form={noForm}
        />,
      ),
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const again = async (form: FormState) => {
        const chosen = [form.values.serviceIds ?? []].flat();
        return ctx.html(
          <AskPage ctx={ctx} services={await servicesOf(ctx)} chosen={chosen} form={form} />,
          422,
        );
      };
      const wrong = (field: string, says: string) =>
        again({ values: typedValues(ctx.body), errors: { [field]: says } });
      const form = ctx.form({
        serviceIds: choices,
        successorId: z.string().default(""),
        at: z.string().default(""),
        confirme: z.string().default(""),
      });
      if (!form.ok) return again(form.state);
      const typed = form.values.at.trim();
      const at = typed === "" ? null : frenchDateTime(typed, "start");
      if (typed !== "" && at === null)
        return wrong("at", "Saisissez la date comme 01/01/2027 ou 01/01/2027 08:00:00.");
      const input = {
        structureId,
        serviceIds: form.values.serviceIds.map(Number).filter(Number.isSafeInteger),
        successorId: Number(form.values.successorId) || 0,
        at,
      };
      if (form.values.confirme !== "oui") {
        const found = await ctx.tx(async (tx, now) => {
          const weighed = await weighSuccession(tx, input, ctx.membership, now);
          if (!weighed.ok) return weighed;
          const isHere = (one: { readonly serviceIds: readonly number[] }) =>
            one.serviceIds.some((id) => input.serviceIds.includes(id));
          const around = {
            managers: (await peopleToTell(tx, structureId, "managers")).length,
            invitations: (await listInvitations(tx, structureId, now)).filter(isHere).length,
            requests: (await listRequests(tx, [structureId])).filter(isHere).length,
          };
          return { ok: true, weighed: weighed.value, around } as const;
        });
        if (!found.ok) {
          const { field, text } = successionTexts(found.refusal);
          return wrong(field, text);
        }
        return ctx.html(
          <PreviewPage ctx={ctx} input={input} weighed={found.weighed} around={found.around} />,
        );
      }
      const done = await ctx.tx((tx, now) => replaceServices(tx, input, ctx.membership, ctx.actor, now));
      if (!done.ok) {
        const { field, text } = successionTexts(done.refusal);
        return wrong(field, text);
      }
      return ctx.redirect(
        `/organisation/structures/${structureId}/services/${input.serviceIds[0]}/remplacement`,
        {
          confirmation: {
            title: at === null ? "Le remplacement est fait." : "Le remplacement est prévu.",
            text:
              at === null
                ? "Les personnes concernées et les gestionnaires sont prévenus."
                : `Il se fera le ${formatDateTime(at)}. Les personnes concernées et les gestionnaires sont prévenus.`,
          },
        },
      );
    },
  });
}
