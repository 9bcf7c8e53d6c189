import { z } from "zod";
import { visibleText } from "../shared/visible-text.ts";
import { badRequest } from "./access.ts";
import { FORM_TOKEN_FIELD } from "./form-token.ts";
import type { FormState } from "./ui/form-state.ts";

z.config(z.locales.fr());

export type RawForm = Readonly<Record<string, string | string[]>>;
export type ReadForm<V> =
  | { readonly ok: true; readonly values: V }
  | { readonly ok: false; readonly state: FormState };

/** Fields that accompany every form and belong to no schema. */
const TECHNICAL_FIELDS = new Set([FORM_TOKEN_FIELD, "altcha"]);

/**
 * Reads a sent form by a schema; a refusal keeps all that was typed, with a sentence beside each field.
 * A field that the schema does not declare is refused by name (a form sends nothing else).
 * @throws HttpProblem 400 when a field that holds one value comes several times
 */
export function readForm<S extends z.ZodRawShape>(
  shape: S,
  raw: RawForm,
): ReadForm<z.output<z.ZodObject<S>>> {
  const errors: Record<string, string> = {};
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (TECHNICAL_FIELDS.has(name)) continue;
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field === undefined) errors[name] = `Champ inattendu : « ${name} ».`;
    else if (isList(field)) given[name] = Array.isArray(value) ? value : [value];
    else if (Array.isArray(value)) throw badRequest(`Le champ « ${name} » est présent plusieurs fois.`);
    else if (isSecret(name)) given[name] = value;
    else {
      const { text: seen, isDeceptive } = visibleText(value);
      given[name] = seen;
      if (isDeceptive)
        errors[name] =
          "Ce champ contenait un caractère invisible, que nous avons retiré : vérifiez le texte, puis validez de nouveau.";
    }
  }
  const parsed = z.object(shape).safeParse(given);
  if (!parsed.success)
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? "");
      errors[name] ??= issue.message;
    }
  if (parsed.success && Object.keys(errors).length === 0) return { ok: true, values: parsed.data };
  return { ok: false, state: { values: typedValues(raw), errors } };
}

/** What was typed, to show it again; a password is never sent back. */
export function typedValues(raw: RawForm): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([name]) => !TECHNICAL_FIELDS.has(name) && !isSecret(name))
      .map(([name, value]) => [name, typeof value === "string" ? visibleText(value).text : value]),
  );
}

/** A password is taken as typed, character for character. */
const isSecret = (name: string): boolean => /password|motdepasse/i.test(name);

function isList(field: unknown): boolean {
  let at = field as { def?: { type?: string; innerType?: unknown; in?: unknown } };
  while (at?.def && (at.def.innerType || at.def.in)) at = (at.def.innerType ?? at.def.in) as typeof at;
  return at?.def?.type === "array";
}

/** A text field: trimmed, with a sentence when it is empty or too long. `""` when optional and left out. */
export const text = {
  required: (label: string, max: number) =>
    z
      .string({ error: `Renseignez « ${label} ».` })
      .transform((value) => value.trim())
      .pipe(
        z
          .string()
          .min(1, { error: `Renseignez « ${label} ».` })
          .max(max, { error: `« ${label} » compte au plus ${max} caractères.` }),
      ),
  optional: (label: string, max: number) =>
    z
      .string()
      .default("")
      .transform((value) => value.trim())
      .pipe(z.string().max(max, { error: `« ${label} » compte au plus ${max} caractères.` })),
};

/** A ticked box sends "oui"; an unticked one sends nothing. */
export const box = z
  .literal("oui")
  .optional()
  .transform((value) => value === "oui");

/** A list of boxes or of several choices; nothing sent is an empty list. */
export const choices = z.array(z.string()).default([]);

/** An identifier chosen in a list. */
export const idChoice = (says: string) =>
  z
    .string({ error: says })
    .regex(/^[1-9]\d{0,14}$/, { error: says })
    .transform(Number);
