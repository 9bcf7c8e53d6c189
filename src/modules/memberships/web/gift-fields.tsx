import { z } from "zod";
import type { Tx } from "../../../platform/database/index.ts";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import type { Context } from "../../../web/portal.ts";
import { box, choices, typedValues } from "../../../web/read-form.ts";
import {
  Checkbox,
  Checkboxes,
  DateTimeInput,
  type FormState,
  Radios,
  Select,
} from "../../../web/ui/index.ts";
import { offeredProfiles } from "../../profiles/index.ts";
import type { ReadyProfile } from "../../rights/index.ts";
import { listOpenServices, type ServiceRow } from "../../structures/index.ts";
import { type MembershipRefusal, refusalTexts } from "../domain/decisions.ts";
import type { Gift } from "../use-cases/attach.ts";

/** What a structure has to offer: its services, and its sets of rights. */
export type Offer = {
  readonly services: readonly ServiceRow[];
  readonly profiles: readonly ReadyProfile[];
};
export const loadOffer = async (tx: Tx, structureId: number, now: Date): Promise<Offer> => ({
  services: await listOpenServices(tx, structureId, now),
  profiles: await offeredProfiles(tx, structureId),
});

/** Level, services and rights: what a manager gives, whether she attaches or accepts. */
export function GiftFields({
  form,
  offer: { services, profiles },
  defaultProfile = "utilisateur",
}: {
  form: FormState;
  offer: Offer;
  defaultProfile?: string;
}) {
  return (
    <>
      <Radios
        form={form}
        name="scope"
        label="Niveau de rattachement"
        required
        value="structure"
        options={[
          {
            value: "structure",
            label: "Maille structure",
            hint: "Toute la structure, avec tous ses services.",
          },
          ...(services.length > 0
            ? [
                {
                  value: "service",
                  label: "Maille service",
                  hint: "Seulement les services choisis ci-dessous.",
                },
              ]
            : []),
        ]}
      />
      {services.length > 0 && (
        <Checkboxes
          form={form}
          name="serviceIds"
          label="Services"
          list
          hint="Pour la maille service."
          options={services.map((one) => ({ value: String(one.id), label: `${one.code} – ${one.label}` }))}
        />
      )}
      <Select
        form={form}
        name="profile"
        label="Droits"
        required
        value={defaultProfile}
        options={profiles.map((one) => ({ value: one.code, label: `${one.name} : ${one.says}` }))}
      />
      <Checkbox
        form={form}
        name="mayAccept"
        label="Peut accepter de nouveaux rattachements"
        checked={defaultProfile === "utilisateur"}
      />
      <DateTimeInput
        form={form}
        name="endsAt"
        label="Fin d'accès"
        hint="Accès d'un prestataire ? Donnez une date de fin, par exemple 31/12/2027."
      />
    </>
  );
}

export const giftShape = {
  scope: z.enum(["structure", "service"], { error: "Choisissez un niveau de rattachement." }),
  serviceIds: choices,
  profile: z.string({ error: "Choisissez un ensemble de droits." }),
  mayAccept: box,
  endsAt: z.string().default(""),
};

export function readGift(values: {
  scope: "structure" | "service";
  serviceIds: string[];
  profile: string;
  mayAccept: boolean;
  endsAt: string;
}): Gift | null {
  const endsAt = values.endsAt.trim() === "" ? null : frenchDateTime(values.endsAt, "end");
  if (values.endsAt.trim() !== "" && !endsAt) return null;
  return { ...values, serviceIds: values.serviceIds.map(Number).filter(Number.isSafeInteger), endsAt };
}

export const WRONG_END = "Saisissez la date de fin comme 31/12/2027, ou laissez le champ vide.";
export const fieldOf: { readonly [C in MembershipRefusal["code"]]?: string } = {
  NO_SERVICE: "serviceIds",
  UNKNOWN_PROFILE: "profile",
  CANNOT_GRANT_MORE: "profile",
};
export const refusedForm = (ctx: Context, refusal: MembershipRefusal, field = "email"): FormState => ({
  values: typedValues(ctx.body),
  errors: { [fieldOf[refusal.code] ?? field]: refusalTexts[refusal.code] },
});
