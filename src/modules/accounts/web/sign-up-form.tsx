import { z } from "zod";
import { box, choices, type RawForm, text } from "../../../web/read-form.ts";
import type { FormState } from "../../../web/ui/index.ts";
import { newStructureFields, newStructureShape } from "../../structures/index.ts";

export const SIGN_UP = "Créer un compte";
export const SIGN_UP_STEPS = 4;
/** Where one goes back to a step, with all that was typed. */
export const CORRECT_PATH = "/compte/creer/corriger";

export const personFields = [
  "email",
  "emailAgain",
  "firstName",
  "lastName",
  "phone",
  "contactEmail",
  "acceptsTerms",
] as const;
export const structureFields = [...newStructureFields, "serviceIds", "message", "later"] as const;

/** Every field of the steps, each step carrying what the others learnt. */
export const signUpShape = {
  email: z.string().default(""),
  emailAgain: z.string().default(""),
  firstName: z.string().default(""),
  lastName: z.string().default(""),
  phone: z.string().default(""),
  contactEmail: z.string().default(""),
  acceptsTerms: box,
  ...newStructureShape,
  serviceIds: choices,
  message: text.optional("Message", 500),
  later: z.string().default(""),
  preuve: z.string().default(""),
  corriger: z.string().default(""),
};

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly state: FormState };

/** What other steps learnt, carried on in the form. */
export function Carried({ raw, names }: { raw: RawForm; names: readonly string[] }) {
  return (
    <>
      {names.flatMap((name) =>
        [raw[name] ?? []]
          .flat()
          .filter((value) => value !== "")
          .map((value) => <input type="hidden" name={name} value={value} key={`${name}-${value}`} />),
      )}
    </>
  );
}
