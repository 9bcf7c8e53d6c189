import { forbidden } from "../../../web/access.ts";
import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Card,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Select,
  SummaryList,
} from "../../../web/ui/index.ts";
import { serviceState } from "../domain/service.ts";
import type { ServiceRow } from "../service-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { createService, ServiceCodeTaken, type ServiceRefusal } from "../use-cases/services.ts";
import {
  CodeInput,
  NameFields,
  readService,
  SettingFields,
  serviceShape,
  wrongOf,
} from "./service-fields.tsx";
import { organisation, servicesPath, sheetOf } from "./service-parts.tsx";

/** « Créer un service », the guide's form. */
function CreatePage({
  ctx,
  structures,
  structure,
  form,
}: {
  ctx: Context;
  structures: readonly CallerMembership[];
  structure: StructureRow;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Créer un service"
      lead="Créer un nouveau service lié à une structure."
      crumbs={[organisation, { label: "Services", href: servicesPath(structure.id) }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/organisation/services/nouveau" state={form}>
        <Select
          form={form}
          name="structureId"
          label="Choisir la structure"
          required
          value={String(structure.id)}
          options={structures.map((one) => ({
            value: String(one.structureId),
            label: `${formatIdentifier(one.structure.identifierValue)}${structures.length > 1 ? ` – ${one.structure.displayName}` : ""}`,
          }))}
        />
        {structures.length === 1 && (
          <SummaryList rows={[{ label: "Raison sociale", value: structure.displayName }]} />
        )}
        <Card title="Informations générales">
          <CodeInput form={form} />
          <NameFields form={form} />
        </Card>
        <SettingFields
          form={form}
          structure={structure}
          asksPublic={structures.some((one) => one.structure.kind === "public")}
          now={ctx.now}
        />
        <FormFooter cancel={servicesPath(structure.id)} />
      </Form>
    </Page>
  );
}

const stateSays = (service: ServiceRow, now: Date): string => {
  const state = serviceState(service, now);
  if (state === "ended") return "Sa date de fin est passée : il n'est pas actif.";
  const since = formatDateTime(service.startsAt);
  return state === "active" ? `Il est actif depuis le ${since}.` : `Il sera actif à partir du ${since}.`;
};

/** « Créer un service ». Source: guide, « Création d'un nouveau service ». */
export function createServicePage(portal: Portal): void {
  const creatable = (ctx: Context) =>
    ctx.who.memberships.filter((one) => ctx.can("service.create", { membership: one }));
  const structureOf = async (ctx: Context, structureId: number): Promise<StructureRow> =>
    (await ctx.tx((tx) => findStructure(tx, structureId)))!;
  portal.page({
    method: "GET",
    url: "/organisation/services/nouveau",
    access: "account",
    handler: async (ctx) => {
      const structures = creatable(ctx);
      const asked = ctx.one("structureId") || String(ctx.who.current?.structureId ?? "");
      const chosen = structures.find((one) => String(one.structureId) === asked) ?? structures[0];
      if (!chosen)
        throw forbidden(
          "Il vous faut l'habilitation « Organisation – structures », en modification, pour créer un service. Demandez-la à un gestionnaire principal.",
        );
      const structure = await structureOf(ctx, chosen.structureId);
      return ctx.html(<CreatePage ctx={ctx} structures={structures} structure={structure} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/services/nouveau",
    access: { action: "service.create", on: "structure" },
    handler: async (ctx) => {
      const structures = creatable(ctx);
      const structure = await structureOf(ctx, ctx.membership.structureId);
      const again = (form: FormState) =>
        ctx.html(<CreatePage ctx={ctx} structures={structures} structure={structure} form={form} />, 422);
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        code: text.required("Code de service", 1000),
        ...serviceShape,
      });
      if (!form.ok) return again(form.state);
      const { structureId, code, ...values } = form.values;
      const read = readService(values, structure);
      if ("errors" in read) return again({ values: typedValues(ctx.body), errors: read.errors });
      const refuse = async (refusal: ServiceRefusal["code"]) =>
        again(await wrongOf(ctx, structureId, refusal));
      try {
        const created = await ctx.tx((tx, now) =>
          createService(tx, { structureId, code, ...read }, ctx.who.accountId, ctx.actor, now),
        );
        if (!created.ok) return refuse(created.refusal.code);
        return ctx.redirect(sheetOf(created.value), {
          confirmation: {
            title: "L'envoi des données pour « Créer un service » a bien été effectuée",
            text: `Le service ${created.value.code} est créé. ${stateSays(created.value, ctx.now)}`,
            next: [
              {
                label: "Rattacher des personnes à ce service",
                href: `/organisation/utilisateurs/rattacher?structureId=${structureId}`,
              },
              {
                label: "Créer un autre service",
                href: `/organisation/services/nouveau?structureId=${structureId}`,
              },
            ],
          },
        });
      } catch (error) {
        if (error instanceof ServiceCodeTaken) return refuse("SERVICE_CODE_TAKEN");
        throw error;
      }
    },
  });
}
