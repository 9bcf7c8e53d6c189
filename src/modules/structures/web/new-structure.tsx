import { z } from "zod";
import { countryChoices } from "../../../shared/countries.ts";
import { frenchDay } from "../../../shared/french-date-time.ts";
import { formatDate, formatIdentifier } from "../../../web/format.ts";
import type { Context } from "../../../web/portal.ts";
import { text } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Details,
  type FormState,
  Radios,
  Select,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import {
  activityText,
  type Establishment,
  isPublicCategory,
  legalCategoryText,
  type NationalRegister,
  type RegisterAnswer,
} from "../../register/index.ts";
import { countryOfVatNumber } from "../domain/european-vat.ts";
import {
  farCountries,
  farIdentifier,
  type IdentifierType,
  identifierAdvice,
  identifierText,
  identifierTypes,
  type MadeIdentifierType,
  madeIdentifierTypes,
  sirenOf,
  structureIdentifier,
} from "../domain/identifier.ts";
import { closedStructureText, publicFace } from "../domain/public-face.ts";
import { findNeighbours } from "../replacement-store.ts";
import { findStructureByIdentifier, type StructureRow } from "../store.ts";
import type { NewStructure } from "../use-cases/structures.ts";

const EYES = "whether a structure exists, asked by its whole identifier";

/** The fields that identify and describe a new structure, to carry them from step to step. */
export const newStructureFields = [
  "identifierType",
  "identifierValue",
  "kind",
  "legalName",
  "addressLine",
  "postcode",
  "town",
  "country",
  "step",
] as const;

export const newStructureShape = {
  identifierType: z.string().default("SIRET"),
  identifierValue: z.string().default(""),
  kind: z.enum(["public", "private"]).default("private"),
  legalName: text.optional("Raison sociale", 255),
  addressLine: text.optional("Adresse", 38),
  postcode: text.optional("Code postal", 10),
  town: text.optional("Ville", 80),
  country: z.string().default(""),
  /** The identifier whose description was shown: another one is described anew. */
  step: z.string().default(""),
};

type Errors = Readonly<Record<string, string>>;

/** How far the identification of a structure is. */
export type NewStructureStep =
  /** The identifier is asked for, or asked again. */
  | { readonly kind: "identify"; readonly errors: Errors }
  /** A company's number alone: which of its establishments? (IDN-05) */
  | { readonly kind: "choose"; readonly establishments: readonly Establishment[] }
  /** It is in the portal: what a stranger may read of it and, when it is no longer active, what to do. */
  | {
      readonly kind: "known";
      readonly structure: StructureRow;
      readonly face: string;
      readonly closed: string | null;
    }
  /** It is not: what the register says is to be verified, or it is to be described by hand. */
  | {
      readonly kind: "describe";
      readonly register: RegisterAnswer | null;
      /** The type whose identifier the portal makes, if it does. */
      readonly made: MadeIdentifierType | null;
      /** What to look at twice in the identifier. */
      readonly advice: string | null;
      readonly step: string;
      readonly errors: Errors;
    }
  | { readonly kind: "described"; readonly structure: NewStructure };

/**
 * Reads the two steps of a new structure: its identifier, then what the register says of it, or what the person types
 * when the register says nothing (organisation.md 4.3, cases A to D). What comes from the register is read from it each
 * time, never from the form.
 * @param others fields that the same form carries for another step
 */
export async function readNewStructure(
  ctx: Context,
  register: NationalRegister,
  others: z.ZodRawShape = {},
): Promise<NewStructureStep> {
  const form = ctx.form({ ...others, ...newStructureShape });
  if (!form.ok) return { kind: "identify", errors: form.state.errors };
  const { identifierType, identifierValue, kind, legalName, addressLine, postcode, town, step } = form.values;
  const made = madeIdentifierTypes.find((one) => one.code === identifierType)?.code;
  if (made) return readMade(ctx, made, form.values);
  const type = identifierTypes.find((one) => one.code === identifierType)?.code ?? "SIRET";
  const siren = type === "SIRET" ? sirenOf(identifierValue) : null;
  if (siren !== null) {
    const establishments = await register.list(siren);
    if (establishments.length > 0) return { kind: "choose", establishments };
  }
  const identifier = structureIdentifier(type, identifierValue);
  if (!identifier.ok)
    return { kind: "identify", errors: { identifierValue: identifierText(identifier.refusal) } };
  const { value } = identifier.value;
  const known = await findKnown(ctx, type, value);
  if (known) return known;
  const answer = type === "SIRET" ? await register.find(value) : null;
  if (answer?.kind === "found" && !answer.establishment.isOpen)
    return {
      kind: "identify",
      errors: { identifierValue: await closedText(register, answer.establishment) },
    };
  const describe = (errors: Errors): NewStructureStep => ({
    kind: "describe",
    register: answer,
    made: null,
    advice: identifierAdvice(identifier.value),
    step: stepOf(type, value),
    errors,
  });
  if (step !== stepOf(type, value)) return describe({});
  const found = verifiable(answer);
  if (found) return { kind: "described", structure: fromRegister(found) };
  const errors = missingFields(form.values, null);
  if (kind === "public" && type !== "SIRET")
    errors.kind = "Une structure publique s'identifie par son SIRET.";
  if (Object.keys(errors).length > 0) return describe(errors);
  const said = answer?.kind === "found" ? answer.establishment : null;
  return {
    kind: "described",
    structure: {
      identifierType: type,
      identifierValue: value,
      kind,
      legalName,
      addressLine,
      addressExtra1: "",
      postcode,
      town,
      country: type === "UE_HORS_FRANCE" ? countryOfVatNumber(value) : "FR",
      legalCategory: said?.legalCategory || null,
      companyCategory: said?.companyCategory || null,
      activityCode: said?.activityCode || null,
      registryCheck: type !== "SIRET" ? "none" : said ? "confirmed" : "pending",
      registryConfidential: said?.isConfidential ?? false,
      isFromRegister: false,
    },
  };
}

/** A structure whose identifier the portal makes: described first, always private (IDN-02). */
async function readMade(
  ctx: Context,
  type: MadeIdentifierType,
  values: z.output<z.ZodObject<typeof newStructureShape>>,
): Promise<NewStructureStep> {
  const { legalName, addressLine, postcode, town } = values;
  const describe = (errors: Errors): NewStructureStep => ({
    kind: "describe",
    register: null,
    made: type,
    advice: null,
    step: stepOf(type, ""),
    errors,
  });
  if (values.step !== stepOf(type, "")) return describe({});
  const errors = missingFields(values, type);
  if (type === "HORS_UE" && !farCountries.includes(values.country))
    errors.country = "Choisissez le pays du siège.";
  if (Object.keys(errors).length > 0) return describe(errors);
  const country = type === "HORS_UE" ? values.country : "FR";
  const identifierValue = type === "HORS_UE" ? farIdentifier(country, legalName) : "";
  const known = identifierValue === "" ? null : await findKnown(ctx, type, identifierValue);
  if (known) return known;
  return {
    kind: "described",
    structure: {
      identifierType: type,
      identifierValue,
      kind: "private",
      legalName,
      addressLine,
      addressExtra1: "",
      postcode,
      town,
      country,
      legalCategory: null,
      companyCategory: null,
      activityCode: null,
      registryCheck: "none",
      registryConfidential: false,
      isFromRegister: false,
    },
  };
}

/** The structure of an identifier, in any state but archived, as somebody who is not of it may know it. */
export async function findKnown(
  ctx: Context,
  type: IdentifierType,
  value: string,
): Promise<Extract<NewStructureStep, { kind: "known" }> | null> {
  return ctx.systemTx(EYES, async (tx) => {
    const structure = await findStructureByIdentifier(tx, type, value);
    if (!structure) return null;
    const face = publicFace(structure);
    if (structure.state === "active") return { kind: "known", structure, face, closed: null };
    const { replacedBy } = await findNeighbours(tx, structure.id);
    const facts = {
      ...structure,
      face,
      replacedBy: replacedBy && formatIdentifier(replacedBy.identifierValue),
    };
    return { kind: "known", structure, face, closed: closedStructureText(facts, formatDate) };
  });
}

const stepOf = (type: string, value: string) => `${type}:${value}`;

/** What the register publishes of an establishment, if it publishes it. */
function verifiable(answer: RegisterAnswer | null): Establishment | null {
  return answer?.kind === "found" &&
    !answer.establishment.isConfidential &&
    answer.establishment.legalName !== ""
    ? answer.establishment
    : null;
}

function fromRegister(found: Establishment): NewStructure {
  return {
    identifierType: "SIRET",
    identifierValue: found.siret,
    kind: isPublicCategory(found.legalCategory) ? "public" : "private",
    legalName: found.legalName,
    addressLine: found.addressLine,
    addressExtra1: found.addressExtra,
    postcode: found.postcode,
    town: found.town,
    country: "FR",
    legalCategory: found.legalCategory || null,
    companyCategory: found.companyCategory || null,
    activityCode: found.activityCode || null,
    registryCheck: "confirmed",
    registryConfidential: false,
    isFromRegister: true,
  };
}

function missingFields(
  values: Readonly<Record<string, string>>,
  made: MadeIdentifierType | null,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const [name, label] of [
    ["legalName", nameLabel(made)],
    ["addressLine", "Adresse"],
    // not every country has postcodes
    ...(made === "HORS_UE" ? [] : [["postcode", "Code postal"] as const]),
    ["town", "Ville"],
  ] as const)
    if (values[name] === "") errors[name] = `Renseignez « ${label} ».`;
  return errors;
}

const nameLabel = (made: MadeIdentifierType | null) =>
  made === "PARTICULIER" ? "Prénom et nom" : "Raison sociale";

/** What to tell of an establishment that the register says is closed, with the last one that its company opened. */
export async function closedText(
  register: NationalRegister,
  { siret, closedOn }: Establishment,
): Promise<string> {
  const since = closedOn ? ` depuis le ${frenchDay(closedOn)}` : "";
  // numbers are given in order: the highest is the last
  const open = (await register.list(siret.slice(0, 9))).map((one) => one.siret).sort();
  const next = open.at(-1);
  return `D'après le répertoire national, cet établissement est fermé${since}. ${
    next
      ? `L'établissement ouvert le plus récent de cette entreprise est ${formatIdentifier(next)}.`
      : "Saisissez le SIRET d'un établissement ouvert."
  }`;
}

/** The fields of a new structure, as far as one is: its identifier, then its description. */
export function NewStructureFields({
  form,
  step,
  identifierHint,
}: {
  form: FormState;
  step: NewStructureStep;
  identifierHint?: string;
}) {
  if (step.kind === "choose")
    return (
      <>
        <input type="hidden" name="identifierType" value="SIRET" />
        <Radios
          form={form}
          name="identifierValue"
          label="Quel établissement ?"
          hint="Vous avez saisi un SIREN : il désigne l'entreprise entière. Voici ses établissements ouverts."
          required
          options={step.establishments.map((one) => ({
            value: one.siret,
            label: `${formatIdentifier(one.siret)} – ${one.legalName || "Nom non publié"}`,
            hint: [one.addressLine, `${one.postcode} ${one.town}`.trim()].filter(Boolean).join(", "),
          }))}
        />
      </>
    );
  return (
    <>
      <Select
        form={form}
        name="identifierType"
        label="Type d'identifiant"
        required
        options={[...identifierTypes, ...madeIdentifierTypes].map((type) => ({
          value: type.code,
          label: type.label,
        }))}
        value="SIRET"
      />
      <TextInput
        form={form}
        name="identifierValue"
        label="Identifiant"
        required={step.kind !== "describe" || step.made === null}
        maxlength={30}
        width={20}
        spellcheck={false}
        hint={[identifierHint, `SIRET : ${identifierTypes[0].hint}`].filter(Boolean).join(" ")}
      />
      <Details summary="Forme des autres identifiants">
        <Bullets
          items={[...identifierTypes.slice(1), ...madeIdentifierTypes].map((type) => (
            <>
              <strong>{type.label}</strong> : {type.hint}
            </>
          ))}
        />
      </Details>
      {step.kind === "describe" && <Description form={form} described={step} />}
    </>
  );
}

type Described = Extract<NewStructureStep, { kind: "describe" }>;

function Description({ form, described }: { form: FormState; described: Described }) {
  const found = verifiable(described.register);
  return (
    <>
      <input type="hidden" name="step" value={described.step} />
      {found ? <Verification found={found} /> : <ByHand form={form} described={described} />}
    </>
  );
}

/** Case A: what the register says, to be verified. */
function Verification({ found }: { found: Establishment }) {
  return (
    <>
      <Banner tone="info" title="Est-ce bien cette structure ?">
        <p>
          Elle n'est pas encore dans le portail : elle sera créée, et vous en serez gestionnaire principal.
          {isPublicCategory(found.legalCategory) &&
            " C'est une structure publique : l'opérateur du portail vérifiera que vous agissez pour elle."}
        </p>
      </Banner>
      <SummaryList
        rows={[
          { label: "Raison sociale", value: found.legalName },
          {
            label: "Adresse",
            value: [found.addressLine, found.addressExtra, `${found.postcode} ${found.town}`]
              .filter(Boolean)
              .join(", "),
          },
          {
            label: "Activité",
            value: found.activityCode ? activityText(found.activityCode) : "Non renseignée",
          },
          {
            label: "Catégorie juridique",
            value: found.legalCategory ? legalCategoryText(found.legalCategory) : "Non renseignée",
          },
        ]}
      />
      <p class="govuk-hint">
        Données du répertoire national des entreprises. Une erreur ? Elles se corrigent auprès de l'Insee.
      </p>
    </>
  );
}

const byHandTexts = {
  silent:
    "Nous n'avons pas pu vérifier ce numéro auprès du répertoire national : nous le referons plus tard.",
  unknown:
    "Ce numéro ne figure pas dans le répertoire national. Vérifiez-le ; si l'établissement est récent, continuez.",
  found: "Le répertoire national ne publie pas les données de cet établissement.",
} as const;

/** Case B: the person describes. */
function ByHand({ form, described }: { form: FormState; described: Described }) {
  const { register, made, advice } = described;
  return (
    <>
      <Banner
        tone={register?.kind === "unknown" ? "warning" : "info"}
        title="Cette structure n'est pas encore dans le portail"
      >
        <p>
          {register && `${byHandTexts[register.kind]} `}
          Décrivez-la : elle sera créée, et vous en serez gestionnaire principal.
        </p>
        {advice && <p>{advice}</p>}
      </Banner>
      {made === null && <KindField form={form} />}
      {made === "HORS_UE" && <CountryField form={form} />}
      <TextInput
        form={form}
        name="legalName"
        label={nameLabel(made)}
        autocomplete={made === "PARTICULIER" ? "name" : "organization"}
        required
        maxlength={255}
      />
      <TextInput
        form={form}
        name="addressLine"
        label="Adresse"
        autocomplete="address-line1"
        required
        maxlength={38}
      />
      <TextInput
        form={form}
        name="postcode"
        label="Code postal"
        autocomplete="postal-code"
        required={made !== "HORS_UE"}
        maxlength={10}
        width={10}
      />
      <TextInput
        form={form}
        name="town"
        label="Ville"
        autocomplete="address-level2"
        required
        maxlength={80}
      />
    </>
  );
}

function KindField({ form }: { form: FormState }) {
  return (
    <Radios
      form={form}
      name="kind"
      label="Nature"
      required
      value="private"
      options={[
        { value: "private", label: "Privée : entreprise, association, profession libérale" },
        {
          value: "public",
          label: "Publique : État, collectivité, établissement public",
          hint: "L'opérateur du portail vérifiera que vous agissez pour elle.",
        },
      ]}
    />
  );
}

function CountryField({ form }: { form: FormState }) {
  return (
    <Select
      form={form}
      name="country"
      label="Pays du siège"
      required
      options={[{ value: "", label: "Choisissez" }, ...countryChoices(farCountries)]}
    />
  );
}
