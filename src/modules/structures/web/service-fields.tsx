import { z } from "zod";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import type { Context } from "../../../web/portal.ts";
import { box, text, typedValues } from "../../../web/read-form.ts";
import { readValidity } from "../../../web/read-validity.ts";
import {
  Card,
  Checkbox,
  DateTimeInput,
  type FormState,
  Paragraph,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { reportsPayment, SERVICE_CODE_MAX } from "../domain/service.ts";
import { listAllServices, type ServiceRow } from "../service-store.ts";
import type { StructureRow } from "../store.ts";
import { type ServiceInput, type ServiceRefusal, serviceTexts } from "../use-cases/services.ts";

const CODE_HINT = "100 caractères au plus. Court, stable et sans accents : vos fournisseurs le saisissent.";

export const CodeInput = ({ form, value }: { form: FormState; value?: string }) => (
  <TextInput
    form={form}
    name="code"
    label="Code de service"
    required
    maxlength={SERVICE_CODE_MAX + 20}
    spellcheck={false}
    value={value}
    hint={CODE_HINT}
  />
);

/** « Libellé » and « Description », of a new service or of a known one. */
export function NameFields({ form, service }: { form: FormState; service?: ServiceRow }) {
  return (
    <>
      <TextInput
        form={form}
        name="label"
        label="Libellé du service"
        required
        value={service?.label}
        maxlength={255}
      />
      <Textarea
        form={form}
        name="description"
        label="Description"
        rows={3}
        maxlength={1000}
        value={service?.description}
        hint="Vue par vos fournisseurs dans l'annuaire."
      />
    </>
  );
}

/** The block « Paramètres », and the address. What only public bodies have is shown for them only. */
export function SettingFields({
  form,
  structure,
  asksPublic,
  service,
  now,
}: {
  form: FormState;
  structure: StructureRow;
  /** Whether a structure that may be chosen is public. */
  asksPublic: boolean;
  service?: ServiceRow;
  now: Date;
}) {
  const isPublic = structure.kind === "public";
  const onlyPublic = isPublic ? undefined : "Structures publiques seulement.";
  const asStructure = { paymentStatusReported: null };
  return (
    <>
      <Card title="Paramètres">
        <DateTimeInput
          form={form}
          name="startsAt"
          label="Date de début d'activation"
          required
          value={toFrenchDateTime(service?.startsAt ?? now)}
        />
        <DateTimeInput
          form={form}
          name="endsAt"
          label="Date de fin d'activation"
          value={service?.endsAt ? toFrenchDateTime(service.endsAt) : ""}
        />
        {structure.commitmentRequired ? (
          <Paragraph>Le numéro d'engagement est obligatoire pour toute la structure.</Paragraph>
        ) : (
          asksPublic && (
            <Checkbox
              form={form}
              name="commitmentRequired"
              label="Le numéro d'engagement est obligatoire"
              checked={service?.commitmentRequired}
              hint={onlyPublic}
            />
          )
        )}
        {asksPublic && (
          <Checkbox
            form={form}
            name="paymentStatusReported"
            label="Le statut « Mise en paiement » est remonté"
            checked={reportsPayment(structure, service ?? asStructure)}
            hint={onlyPublic ?? (structure.paymentStatusReported ? "Comme pour la structure." : undefined)}
          />
        )}
      </Card>
      <Card title="Adresse (facultatif)">
        <Paragraph>Laissée vide, c'est celle de la structure.</Paragraph>
        <TextInput
          form={form}
          name="addressLine"
          label="Numéro et voie"
          maxlength={255}
          value={service?.addressLine}
        />
        <TextInput
          form={form}
          name="postcode"
          label="Code postal"
          maxlength={10}
          width={10}
          value={service?.postcode}
        />
        <TextInput form={form} name="town" label="Ville" maxlength={100} value={service?.town} />
      </Card>
    </>
  );
}

export const serviceShape = {
  label: text.required("Libellé du service", 255),
  description: text.optional("Description", 1000),
  startsAt: z.string().default(""),
  endsAt: z.string().default(""),
  commitmentRequired: box,
  paymentStatusReported: box,
  addressLine: text.optional("Numéro et voie", 255),
  postcode: text.optional("Code postal", 10),
  town: text.optional("Ville", 100),
};

type Typed = z.output<z.ZodObject<typeof serviceShape>>;

export type ReadService = Omit<ServiceInput, "structureId" | "code">;

/** What was typed as a service has it, or what is wrong beside which field. */
export function readService(
  values: Typed,
  structure: StructureRow,
  before?: ServiceRow,
): ReadService | { readonly errors: Record<string, string> } {
  const dates = readValidity(values);
  const { label, description, commitmentRequired, paymentStatusReported, ...address } = values;
  const { addressLine, postcode, town } = address;
  const errors = {
    ...("errors" in dates ? dates.errors : {}),
    ...missingOf({ addressLine, postcode, town }),
  };
  if ("errors" in dates || Object.keys(errors).length > 0) return { errors };
  const isPublic = structure.kind === "public";
  return {
    label,
    description,
    ...dates,
    // where the structure asks for it, the form has no box
    commitmentRequired: structure.commitmentRequired
      ? (before?.commitmentRequired ?? false)
      : isPublic && commitmentRequired,
    paymentStatusReported:
      isPublic && paymentStatusReported !== structure.paymentStatusReported ? paymentStatusReported : null,
    addressLine,
    postcode,
    town,
  };
}

/** An address is whole, or left out. */
function missingOf(address: {
  readonly addressLine: string;
  readonly postcode: string;
  readonly town: string;
}): Record<string, string> {
  const names = { addressLine: "Numéro et voie", postcode: "Code postal", town: "Ville" };
  const fields = Object.keys(names) as (keyof typeof names)[];
  const empty = fields.filter((field) => address[field] === "");
  if (empty.length === 0 || empty.length === fields.length) return {};
  return Object.fromEntries(
    empty.map((field) => [
      field,
      `Complétez l'adresse : renseignez « ${names[field]} », ou videz les autres.`,
    ]),
  );
}

/** What is wrong, beside its field; a code that is taken says by which service. */
export async function wrongOf(
  ctx: Context,
  structureId: number,
  refusal: ServiceRefusal["code"],
): Promise<FormState> {
  const { field, text: says } = serviceTexts[refusal];
  const [taken] =
    refusal === "SERVICE_CODE_TAKEN"
      ? await ctx.tx((tx) => listAllServices(tx, structureId, String(ctx.body.code ?? "").trim()))
      : [];
  return {
    values: typedValues(ctx.body),
    errors: {
      [field]: taken
        ? `Le code ${taken.code} est déjà celui de « ${taken.label} ». Choisissez-en un autre.`
        : says,
    },
  };
}
