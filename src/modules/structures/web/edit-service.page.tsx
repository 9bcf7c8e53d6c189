import { z } from "zod";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Card,
  ChangedMeanwhile,
  Code,
  type Conflict,
  type Difference,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  SummaryList,
} from "../../../web/ui/index.ts";
import { type ServiceRow, wasServiceUsed } from "../service-store.ts";
import type { StructureRow } from "../store.ts";
import { changeService, ServiceCodeTaken, type ServiceRefusal } from "../use-cases/services.ts";
import { lastChangeOf } from "./loaded-structure.tsx";
import {
  CodeInput,
  NameFields,
  type ReadService,
  readService,
  SettingFields,
  serviceShape,
  wrongOf,
} from "./service-fields.tsx";
import { crumbsOf, loadService, mayChange, sheetOf } from "./service-parts.tsx";

function EditPage({
  ctx,
  structure,
  service,
  mayChangeCode,
  form,
  conflict,
}: {
  ctx: Context;
  structure: StructureRow;
  service: ServiceRow;
  mayChangeCode: boolean;
  form: FormState;
  /** Somebody else saved first. */
  conflict?: Conflict;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Modifier le service ${service.code}`}
      caption={structure.displayName}
      crumbs={crumbsOf(structure)}
      hasErrors={conflict !== undefined || Object.keys(form.errors).length > 0}
    >
      {conflict && <ChangedMeanwhile {...conflict} />}
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={service.version} />
        <Card title="Informations générales">
          {mayChangeCode ? (
            <CodeInput form={form} value={service.code} />
          ) : (
            <SummaryList
              rows={[
                {
                  label: "Code de service",
                  value: (
                    <>
                      <Code>{service.code}</Code> Déjà connu, il ne change plus.
                      {ctx.can("service.replace") && (
                        <>
                          {" "}
                          <Link
                            href={`/organisation/structures/${structure.id}/services/remplacer?service=${service.id}`}
                          >
                            Remplacer ce service par un autre
                          </Link>
                        </>
                      )}
                    </>
                  ),
                },
              ]}
            />
          )}
          <NameFields form={form} service={service} />
        </Card>
        <SettingFields
          form={form}
          structure={structure}
          asksPublic={structure.kind === "public"}
          service={service}
          now={ctx.now}
        />
        <FormFooter cancel={sheetOf(service)} />
      </Form>
    </Page>
  );
}

const fieldLabels = {
  label: "Libellé du service",
  description: "Description",
  startsAt: "Date de début d'activation",
  endsAt: "Date de fin d'activation",
  commitmentRequired: "Le numéro d'engagement est obligatoire",
  paymentStatusReported: "Le statut « Mise en paiement » est remonté",
  addressLine: "Numéro et voie",
  postcode: "Code postal",
  town: "Ville",
} as const;

/** STR-06. What differs between a service as it is and as somebody typed it. */
function differencesOf(
  stored: Pick<ServiceRow, keyof typeof fieldLabels>,
  typed: ReadService,
): readonly Difference[] {
  const fields = Object.keys(fieldLabels) as (keyof typeof fieldLabels)[];
  return fields
    .map((field) => ({
      label: fieldLabels[field],
      stored: said(field, stored[field]),
      typed: said(field, typed[field]),
    }))
    .filter((one) => one.stored !== one.typed);
}

function said(field: keyof typeof fieldLabels, value: string | boolean | Date | null | undefined): string {
  if (field === "paymentStatusReported" && value === null) return "Comme la structure";
  if (value instanceof Date) return toFrenchDateTime(value);
  if (typeof value === "boolean") return value ? "Oui" : "Non";
  return value ?? "";
}

/** « Modifier » a service: the same form, its code fixed once somebody knows it. */
export function editServicePage(portal: Portal): void {
  const url = "/organisation/structures/:structureId/services/:serviceId/modifier";
  const access = { action: "service.update", on: "structure" } as const;
  const load = async (ctx: Context) => {
    const found = await loadService(ctx);
    mayChange(ctx, found.service);
    const wasUsed = await ctx.tx((tx, now) => wasServiceUsed(tx, found.service, now));
    return { ...found, mayChangeCode: !wasUsed };
  };
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => ctx.html(<EditPage ctx={ctx} {...(await load(ctx))} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const found = await load(ctx);
      const { structure, service } = found;
      const again = (form: FormState, status = 422) =>
        ctx.html(<EditPage ctx={ctx} {...found} form={form} />, status);
      const form = ctx.form({
        version: z.coerce.number().int(),
        code: z.string().optional(),
        ...serviceShape,
      });
      if (!form.ok) return again(form.state);
      const { version, code, ...values } = form.values;
      const read = readService(values, structure, service);
      if ("errors" in read) return again({ values: typedValues(ctx.body), errors: read.errors });
      const refuse = async (refusal: ServiceRefusal["code"]) => {
        if (refusal !== "CHANGED_MEANWHILE") return again(await wrongOf(ctx, structure.id, refusal));
        const present = await load(ctx);
        const last = await lastChangeOf(ctx, structure.id, { kind: "service", id: service.id });
        const conflict = { ...last, differences: differencesOf(present.service, read) };
        const kept = { values: typedValues(ctx.body), errors: {} };
        return ctx.html(<EditPage ctx={ctx} {...present} form={kept} conflict={conflict} />, 409);
      };
      try {
        const changed = await ctx.tx((tx, now) =>
          changeService(
            tx,
            {
              structureId: structure.id,
              serviceId: service.id,
              version,
              change: { ...read, ...(code === undefined ? {} : { code }) },
            },
            ctx.actor,
            now,
          ),
        );
        if (!changed.ok) return refuse(changed.refusal.code);
      } catch (error) {
        if (error instanceof ServiceCodeTaken) return refuse("SERVICE_CODE_TAKEN");
        throw error;
      }
      return ctx.redirect(sheetOf(service), {
        confirmation: { title: `Le service ${code?.trim() || service.code} est modifié.` },
      });
    },
  });
}
