import { z } from "zod";
import { text } from "../../../web/read-form.ts";
import { type FormState, Radios, Textarea } from "../../../web/ui/index.ts";
import type { RequestRow } from "../requests-store.ts";
import { type RefusalReason, refusalReasons } from "../use-cases/answers.ts";

/** Why a request is refused: a reason, and words where the reason says nothing (MEM-08). */
export function RefusalFields({ form }: { form: FormState }) {
  return (
    <>
      <Radios
        form={form}
        name="reason"
        label="Motif"
        required
        options={Object.entries(refusalReasons).map(([value, label]) => ({ value, label }))}
      />
      <Textarea
        form={form}
        name="text"
        label="Précision"
        rows={2}
        maxlength={500}
        hint="La personne la lira. Nécessaire pour un autre motif."
      />
    </>
  );
}

export const refusalShape = {
  reason: z.enum(Object.keys(refusalReasons) as [RefusalReason, ...RefusalReason[]], {
    error: "Choisissez un motif : la personne le lira.",
  }),
  text: text.optional("Précision", 500),
};

/** What is wrong in a refusal once read: another reason must be said. */
export const missingText = (values: { readonly reason: RefusalReason; readonly text: string }) =>
  values.reason === "OTHER" && values.text === ""
    ? { text: "Dites le motif en quelques mots : la personne le lira." }
    : null;

/** Why a request was refused, in words. */
export const refusalWords = ({ refusalReason, refusalText }: RequestRow): string =>
  [refusalReasons[refusalReason as RefusalReason] ?? "", refusalText].filter(Boolean).join(" : ");
