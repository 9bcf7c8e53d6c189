import { z } from "zod";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden } from "../../../web/access.ts";
import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { box, idChoice, text, typedValues } from "../../../web/read-form.ts";
import { readValidity } from "../../../web/read-validity.ts";
import {
  Card,
  Checkbox,
  Code,
  DateTimeInput,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Select,
  SummaryList,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { SERVICE_CODE_MAX, serviceState } from "../domain/service.ts";
import type { ServiceRow } from "../service-store.ts";
import type { StructureRow } from "../store.ts";
import {
  changeService,
  createService,
  ServiceCodeTaken,
  type ServiceRefusal,
  serviceTexts,
} from "../use-cases/services.ts";
import { crumbsOf, loadService, mayChange, organisation, sheetOf } from "./service-parts.tsx";

/** « Créer un service », exactly the guide's form. */
function CreatePage({
  ctx,
  structures,
  chosen,
  form,
}: {
  ctx: Context;
  structures: readonly CallerMembership[];
  chosen: CallerMembership;
  form: FormState;
}) {
  const isPublic = chosen.structure.kind === "public";
  return (
    <Page
      chrome={ctx.chrome}
      title="Créer un service"
      lead="Créer un nouveau service lié à une structure."
      crumbs={[organisation, { label: "Services", href: "/organisation/services" }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/organisation/services/nouveau" state={form}>
        {structures.length > 1 ? (
          <Select
            form={form}
            name="structureId"
            label="Choisir la structure"
            required
            value={String(chosen.structureId)}
            options={structures.map((one) => ({
              value: String(one.structureId),
              label: `${formatIdentifier(one.structure.identifierValue)} – ${one.structure.displayName}`,
            }))}
          />
        ) : (
          <>
            <input type="hidden" name="structureId" value={chosen.structureId} />
            <SummaryList
              rows={[
                {
                  label: "Structure",
                  value: <Code>{formatIdentifier(chosen.structure.identifierValue)}</Code>,
                },
                { label: "Raison sociale", value: chosen.structure.displayName },
              ]}
            />
          </>
        )}
        <Card title="Informations générales">
          <TextInput
            form={form}
            name="code"
            label="Code de service"
            required
            maxlength={SERVICE_CODE_MAX + 20}
            spellcheck={false}
            hint="100 caractères au plus. Court, stable et sans accents : vos fournisseurs le saisissent."
          />
          <TextInput form={form} name="label" label="Libellé du service" required maxlength={255} />
          <Textarea
            form={form}
            name="description"
            label="Description"
            rows={3}
            maxlength={1000}
            hint="Vue par vos fournisseurs dans l'annuaire."
          />
        </Card>
        <Card title="Paramètres">
          <DateTimeInput
            form={form}
            name="startsAt"
            label="Date de début d'activation"
            required
            value={toFrenchDateTime(ctx.now)}
          />
          <DateTimeInput form={form} name="endsAt" label="Date de fin d'activation" />
          {(isPublic || structures.some((one) => one.structure.kind === "public")) && (
            <Checkbox
              form={form}
              name="commitmentRequired"
              label="Le numéro d'engagement est obligatoire"
              hint={isPublic ? undefined : "Structures publiques seulement."}
            />
          )}
        </Card>
        <FormFooter cancel="/organisation/services" />
      </Form>
    </Page>
  );
}

function EditPage({
  ctx,
  structure,
  service,
  form,
}: {
  ctx: Context;
  structure: StructureRow;
  service: ServiceRow;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Modifier le service ${service.code}`}
      caption={structure.displayName}
      crumbs={crumbsOf(structure)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={service.version} />
        <TextInput
          form={form}
          name="label"
          label="Libellé du service"
          required
          value={service.label}
          maxlength={255}
        />
        <Textarea
          form={form}
          name="description"
          label="Description"
          rows={3}
          maxlength={1000}
          value={service.description}
        />
        <DateTimeInput
          form={form}
          name="startsAt"
          label="Date de début d'activation"
          required
          value={toFrenchDateTime(service.startsAt)}
        />
        <DateTimeInput
          form={form}
          name="endsAt"
          label="Date de fin d'activation"
          value={service.endsAt ? toFrenchDateTime(service.endsAt) : ""}
        />
        {structure.kind === "public" && (
          <Checkbox
            form={form}
            name="commitmentRequired"
            label="Le numéro d'engagement est obligatoire"
            checked={service.commitmentRequired}
          />
        )}
        <FormFooter cancel={sheetOf(service)} />
      </Form>
    </Page>
  );
}

const datesShape = {
  label: text.required("Libellé du service", 255),
  description: text.optional("Description", 1000),
  startsAt: z.string().default(""),
  endsAt: z.string().default(""),
  commitmentRequired: box,
};

/** « Créer un service » and the same form for a known one. */
export function serviceFormPages(portal: Portal): void {
  const creatable = (ctx: Context) =>
    ctx.who.memberships.filter((one) => ctx.can("service.create", { membership: one }));
  portal.page({
    method: "GET",
    url: "/organisation/services/nouveau",
    access: "account",
    handler: (ctx) => {
      const structures = creatable(ctx);
      const asked = ctx.one("structureId") || String(ctx.who.current?.structureId ?? "");
      const chosen = structures.find((one) => String(one.structureId) === asked) ?? structures[0];
      if (!chosen)
        throw forbidden(
          "Il vous faut l'habilitation « Organisation – structures », en modification, pour créer un service. Demandez-la à un gestionnaire principal.",
        );
      return ctx.html(<CreatePage ctx={ctx} structures={structures} chosen={chosen} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/services/nouveau",
    access: { action: "service.create", on: "structure" },
    handler: async (ctx) => {
      const structures = creatable(ctx);
      const again = (state: FormState, status = 422) =>
        ctx.html(
          <CreatePage ctx={ctx} structures={structures} chosen={ctx.membership} form={state} />,
          status,
        );
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        code: text.required("Code de service", 1000),
        ...datesShape,
      });
      if (!form.ok) return again(form.state);
      const dates = readValidity(form.values);
      if ("errors" in dates) return again({ values: typedValues(ctx.body), errors: dates.errors });
      const { structureId, code, label, description, commitmentRequired } = form.values;
      const refuse = (refusal: ServiceRefusal["code"]) => {
        const { field, text: says } = serviceTexts[refusal];
        return again({ values: typedValues(ctx.body), errors: { [field]: says } });
      };
      try {
        const created = await ctx.tx((tx, now) =>
          createService(
            tx,
            { structureId, code, label, description, commitmentRequired, ...dates },
            ctx.who.accountId,
            ctx.actor,
            now,
          ),
        );
        if (!created.ok) return refuse(created.refusal.code);
        const state = serviceState(created.value, ctx.now);
        const since = formatDateTime(created.value.startsAt);
        return ctx.redirect(sheetOf(created.value), {
          confirmation: {
            title: "L'envoi des données pour « Créer un service » a bien été effectuée",
            text: `Le service ${created.value.code} est créé. ${state === "active" ? `Il est actif depuis le ${since}.` : state === "planned" ? `Il sera actif à partir du ${since}.` : "Sa date de fin est passée : il n'est pas actif."}`,
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
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/services/:serviceId/modifier",
    access: { action: "service.update", on: "structure" },
    handler: async (ctx) => {
      const found = await loadService(ctx);
      mayChange(ctx, found.service);
      return ctx.html(<EditPage ctx={ctx} {...found} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/services/:serviceId/modifier",
    access: { action: "service.update", on: "structure" },
    handler: async (ctx) => {
      const found = await loadService(ctx);
      mayChange(ctx, found.service);
      const form = ctx.form({ version: z.coerce.number().int(), ...datesShape });
      if (!form.ok) return ctx.html(<EditPage ctx={ctx} {...found} form={form.state} />, 422);
      const dates = readValidity(form.values);
      if ("errors" in dates)
        return ctx.html(
          <EditPage ctx={ctx} {...found} form={{ values: typedValues(ctx.body), errors: dates.errors }} />,
          422,
        );
      const { label, description } = form.values;
      const commitmentRequired = found.structure.kind === "public" && form.values.commitmentRequired;
      const changed = await ctx.tx((tx, now) =>
        changeService(
          tx,
          {
            structureId: found.structure.id,
            serviceId: found.service.id,
            version: form.values.version,
            change: { label, description, commitmentRequired, ...dates },
          },
          ctx.actor,
          now,
        ),
      );
      if (!changed.ok) {
        const { field, text: says } = serviceTexts[changed.refusal.code];
        return ctx.html(
          <EditPage
            ctx={ctx}
            {...found}
            form={{ values: typedValues(ctx.body), errors: { [field]: says } }}
          />,
          changed.refusal.code === "CHANGED_MEANWHILE" ? 409 : 422,
        );
      }
      return ctx.redirect(sheetOf(found.service), {
        confirmation: { title: `Le service ${found.service.code} est modifié.` },
      });
    },
  });
}
