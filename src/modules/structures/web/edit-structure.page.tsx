import type { ComponentChildren } from "preact";
import { z } from "zod";
import { phoneNumber, phoneRefusalText, showPhone } from "../../../shared/phone.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, text, typedValues } from "../../../web/read-form.ts";
import {
  Card,
  ChangedMeanwhile,
  Checkbox,
  type Conflict,
  Fieldset,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import { isHeldByRegister, mayChooseListing } from "../domain/sheet.ts";
import { frenchVatNumber, vatNumber, vatNumberTexts } from "../domain/vat-number.ts";
import type { StructureRow } from "../store.ts";
import { changeSheet, type SheetChange } from "../use-cases/sheet.ts";
import { lastChangeOf, loadToChange, sheetCrumbs, version } from "./loaded-structure.tsx";

type EditProps = { ctx: Context; structure: StructureRow; form: FormState; conflict?: Conflict };

const isPerson = ({ identifierType }: StructureRow) => identifierType === "PARTICULIER";
const legalNameLabel = (structure: StructureRow) =>
  isPerson(structure) ? "Prénom et nom" : "Raison sociale";
const isFrench = ({ country }: StructureRow) => country === "FR";

function EditPage({ ctx, structure, form, conflict }: EditProps) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Modifier la structure"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      hasErrors={conflict !== undefined || Object.keys(form.errors).length > 0}
    >
      {conflict && <ChangedMeanwhile {...conflict} />}
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Identity structure={structure} form={form} />
        <Address structure={structure} form={form} />
        <Contact structure={structure} form={form} />
        <Activity structure={structure} form={form} />
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

type PartProps = { structure: StructureRow; form: FormState };

/** Fields of one nature, in a frame of their own: the form is long. */
function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <Card title={title}>
      <Fieldset legend={title} isTitled>
        {children}
      </Fieldset>
    </Card>
  );
}

function Identity({ structure, form }: PartProps) {
  const proposed =
    structure.identifierType === "SIRET" && isFrench(structure)
      ? frenchVatNumber(structure.identifierValue.slice(0, 9))
      : null;
  return (
    <Part title="Identité">
      {isHeldByRegister(structure) ? (
        <Held structure={structure} />
      ) : (
        <TextInput
          form={form}
          name="legalName"
          label={legalNameLabel(structure)}
          value={structure.legalName}
          required
          maxlength={255}
          autocomplete={isPerson(structure) ? "name" : "organization"}
        />
      )}
      <TextInput
        form={form}
        name="displayName"
        label="Libellé"
        hint="Le nom sous lequel le portail la montre."
        value={structure.displayName}
        required
        maxlength={255}
      />
      {!isPerson(structure) && (
        <TextInput
          form={form}
          name="vatNumber"
          label="Numéro de TVA intracommunautaire"
          hint={
            proposed ? `D'après son SIREN, ce serait ${proposed}.` : "Code du pays, puis 2 à 13 caractères."
          }
          suggestions={proposed ? [{ value: proposed, label: "d'après le SIREN" }] : undefined}
          value={structure.vatNumber ?? ""}
          maxlength={25}
          width={20}
          spellcheck={false}
        />
      )}
      {structure.kind === "private" && !isPerson(structure) && (
        <TextInput
          form={form}
          name="tradeRegister"
          label="Registre du commerce (RCS)"
          hint="Par exemple RCS Paris 732 829 320."
          value={structure.tradeRegister ?? ""}
          maxlength={50}
        />
      )}
    </Part>
  );
}

/** STR-03. What the national register holds is shown, with its date, and is not typed. */
function Held({ structure }: { structure: StructureRow }) {
  return (
    <>
      <SummaryList
        rows={[
          { label: "Raison sociale", value: structure.legalName },
          { label: "Adresse", value: `${structure.addressLine}, ${structure.postcode} ${structure.town}` },
        ]}
      />
      <Paragraph>
        Données du répertoire national, mises à jour le {formatDate(structure.registerDataAt!)} : elles se
        corrigent auprès de l'Insee.{" "}
        <Link href={`/organisation/structures/${structure.id}/repertoire`}>
          Mettre à jour depuis le répertoire
        </Link>
      </Paragraph>
    </>
  );
}

function Address({ structure, form }: PartProps) {
  const isHeld = isHeldByRegister(structure);
  return (
    <Part title={isHeld ? "Compléments d'adresse" : "Adresse"}>
      {!isHeld && (
        <TextInput
          form={form}
          name="addressLine"
          label="Adresse"
          value={structure.addressLine}
          required
          maxlength={38}
          autocomplete="address-line1"
        />
      )}
      <TextInput
        form={form}
        name="addressExtra1"
        label="Complément d'adresse 1"
        value={structure.addressExtra1}
        maxlength={38}
        autocomplete="address-line2"
      />
      <TextInput
        form={form}
        name="addressExtra2"
        label="Complément d'adresse 2"
        value={structure.addressExtra2}
        maxlength={38}
        autocomplete="address-line3"
      />
      {!isHeld && (
        <>
          <TextInput
            form={form}
            name="postcode"
            label="Code postal"
            value={structure.postcode}
            required={isFrench(structure)}
            maxlength={10}
            width={10}
            autocomplete="postal-code"
          />
          <TextInput
            form={form}
            name="town"
            label="Ville"
            value={structure.town}
            required
            maxlength={80}
            autocomplete="address-level2"
          />
        </>
      )}
    </Part>
  );
}

function Contact({ structure, form }: PartProps) {
  return (
    <Part title="Contact">
      <TextInput
        form={form}
        name="email"
        label="Adresse électronique de la structure"
        type="email"
        value={structure.email ?? ""}
        maxlength={254}
      />
      <Checkbox
        form={form}
        name="emailPublished"
        label="Publier cette adresse dans l'annuaire"
        checked={structure.emailPublished}
      />
      <TextInput
        form={form}
        name="phone"
        label="Téléphone"
        hint="Avec son indicatif hors de France, par exemple +32 2 123 45 67."
        type="tel"
        value={structure.phone ? showPhone(structure.phone) : ""}
        maxlength={20}
        width={20}
      />
      {mayChooseListing(structure) && (
        <Checkbox
          form={form}
          name="listedInDirectory"
          label="Figurer dans l'annuaire public"
          hint="Son nom, son identifiant et son adresse s'y voient alors sans compte."
          checked={structure.listedInDirectory}
        />
      )}
    </Part>
  );
}

const roles = [
  ["issuesInvoices", "Émet des factures", undefined],
  ["receivesInvoices", "Reçoit des factures", undefined],
  ["worksOwner", "Maîtrise d'ouvrage (MOA)", "Elle peut recevoir des factures de travaux."],
  ["worksOwnerOnly", "MOA uniquement", "Aucune autre facture ne peut alors lui être adressée."],
  ["worksManager", "Maîtrise d'œuvre (MOE)", undefined],
  ["delegatedValidator", "Valideur délégué", "Elle valide des factures de travaux pour un maître d'ouvrage."],
] as const;

function Activity({ structure, form }: PartProps) {
  return (
    <Part title="Ce que fait la structure">
      {roles.map(([name, label, hint]) => (
        <Checkbox form={form} name={name} label={label} hint={hint} checked={structure[name]} key={name} />
      ))}
    </Part>
  );
}

/** The fields that a structure's form has: what the register holds, or what it has no use for, is refused by name. */
function shapeOf(structure: StructureRow): z.ZodRawShape {
  const whenTyped: z.ZodRawShape = isHeldByRegister(structure)
    ? {}
    : {
        legalName: text.required(legalNameLabel(structure), 255),
        addressLine: text.required("Adresse", 38),
        postcode: isFrench(structure) ? text.required("Code postal", 10) : text.optional("Code postal", 10),
        town: text.required("Ville", 80),
      };
  return {
    version,
    ...whenTyped,
    displayName: text.required("Libellé", 255),
    addressExtra1: text.optional("Complément d'adresse 1", 38),
    addressExtra2: text.optional("Complément d'adresse 2", 38),
    ...(isPerson(structure)
      ? {}
      : { vatNumber: text.optional("Numéro de TVA intracommunautaire", 25).transform(readVatNumber) }),
    ...(structure.kind === "private" && !isPerson(structure)
      ? { tradeRegister: text.optional("Registre du commerce (RCS)", 50).transform((typed) => typed || null) }
      : {}),
    email: z
      .union([
        z.literal("").transform(() => null),
        z.email({ error: "Cette adresse n'est pas complète. Exemple : mairie@exemple.fr" }),
      ])
      .default(null),
    emailPublished: box,
    phone: text.optional("Téléphone", 20).transform(readPhone),
    ...(mayChooseListing(structure) && { listedInDirectory: box }),
    ...Object.fromEntries(roles.map(([name]) => [name, box])),
  };
}

function readVatNumber(typed: string, context: z.RefinementCtx): string | null {
  if (typed === "") return null;
  const read = vatNumber(typed);
  if (read.ok) return read.value;
  context.addIssue({ code: "custom", message: vatNumberTexts[read.refusal.code] });
  return z.NEVER;
}

function readPhone(typed: string, context: z.RefinementCtx): string | null {
  if (typed === "") return null;
  const read = phoneNumber(typed);
  if (read.ok) return read.value;
  context.addIssue({ code: "custom", message: phoneRefusalText });
  return z.NEVER;
}

const labels: { readonly [F in keyof SheetChange]-?: string } = {
  legalName: "Raison sociale",
  displayName: "Libellé",
  vatNumber: "Numéro de TVA intracommunautaire",
  tradeRegister: "Registre du commerce (RCS)",
  addressLine: "Adresse",
  addressExtra1: "Complément d'adresse 1",
  addressExtra2: "Complément d'adresse 2",
  postcode: "Code postal",
  town: "Ville",
  email: "Adresse électronique de la structure",
  emailPublished: "Publier cette adresse dans l'annuaire",
  phone: "Téléphone",
  issuesInvoices: "Émet des factures",
  receivesInvoices: "Reçoit des factures",
  worksOwner: "Maîtrise d'ouvrage (MOA)",
  worksOwnerOnly: "MOA uniquement",
  worksManager: "Maîtrise d'œuvre (MOE)",
  delegatedValidator: "Valideur délégué",
  listedInDirectory: "Figurer dans l'annuaire public",
};

/** A value of a field, as one reads it. */
function said(field: keyof SheetChange, value: unknown): string {
  if (typeof value === "boolean") return value ? "Oui" : "Non";
  if (typeof value !== "string") return "";
  return field === "phone" ? showPhone(value) : value;
}

const refusals = {
  WORKS_OWNER_ONLY_ALONE: {
    worksOwnerOnly: "« MOA uniquement » demande que « Maîtrise d'ouvrage (MOA) » soit cochée aussi.",
  },
  HELD_BY_REGISTER: {
    displayName: "Le nom et l'adresse viennent du répertoire national : ils ne se saisissent pas ici.",
  },
  NOT_LISTABLE: { displayName: "Cette structure ne peut pas figurer dans l'annuaire." },
} as const;

/** « Modifier la structure ». */
export function editStructurePage(portal: Portal): void {
  const url = "/organisation/structures/:structureId/modifier";
  const access = { action: "structure.update", on: "structure" } as const;
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) =>
      ctx.html(<EditPage ctx={ctx} structure={await loadToChange(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const form = ctx.form(shapeOf(structure));
      if (!form.ok) return ctx.html(<EditPage ctx={ctx} structure={structure} form={form.state} />, 422);
      // the fields depend on the structure: the shape read each of them as the change wants it
      const { version: seen, ...change } = form.values as unknown as SheetChange & { version: number };
      const changed = await ctx.tx((tx, now) =>
        changeSheet(tx, { structureId: structure.id, version: seen, change }, ctx.actor, now),
      );
      if (changed.ok)
        return ctx.redirect(`/organisation/structures/${structure.id}`, {
          confirmation: { title: "La structure est modifiée." },
        });
      const values = typedValues(ctx.body);
      const { code } = changed.refusal;
      if (code !== "CHANGED_MEANWHILE" && code !== "NOT_FOUND")
        return ctx.html(
          <EditPage ctx={ctx} structure={structure} form={{ values, errors: refusals[code] }} />,
          422,
        );
      const present = await loadToChange(ctx);
      const differences = (Object.keys(change) as (keyof SheetChange)[])
        .filter((field) => change[field] !== present[field])
        .map((field) => ({
          label: labels[field],
          stored: said(field, present[field]),
          typed: said(field, change[field]),
        }));
      const conflict = { ...(await lastChangeOf(ctx, present.id)), differences };
      return ctx.html(
        <EditPage ctx={ctx} structure={present} form={{ values, errors: {} }} conflict={conflict} />,
        409,
      );
    },
  });
}
