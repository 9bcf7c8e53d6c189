import { z } from "zod";
import type { Tx } from "../../../platform/database/index.ts";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { assetUrl } from "../../../web/assets.ts";
import type { Context } from "../../../web/portal.ts";
import { box, choices, typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Checkbox,
  Checkboxes,
  DateTimeInput,
  Details,
  Fieldset,
  type FormState,
  Radios,
  Select,
} from "../../../web/ui/index.ts";
import { levelOptions } from "../../profiles/index.ts";
import { type Application, applications, applicationsOf, type ReadyProfile } from "../../rights/index.ts";
import { findStructure, serviceLabel } from "../../structures/index.ts";
import { type MembershipRefusal, refusalText } from "../domain/decisions.ts";
import { FORMER_RIGHTS, type Gift, type Givable, loadGivable } from "../use-cases/gift.ts";

/** What a structure has to give, as a form shows it. */
export type Offer = Omit<Givable, "services"> & {
  readonly services: readonly { readonly id: number; readonly label: string }[];
  readonly applications: readonly Application[];
};

export async function loadOffer(tx: Tx, structureId: number, now: Date): Promise<Offer> {
  const structure = (await findStructure(tx, structureId))!;
  const givable = await loadGivable(tx, structureId, now);
  return {
    ...givable,
    services: givable.services.map((one) => ({ id: one.id, label: serviceLabel(one) })),
    applications: applicationsOf(structure.kind),
  };
}

/** The right that has a box of its own, always in sight: the guide's example of what a manager adjusts. */
const ACCEPTING = "memberships.approve";
/** The choice that leaves a right as the chosen set gives it. */
const AS_SET = "set";
const fieldOfRight = (application: Application) => `ajuste-${application.code}`;
const givesAccepting = (profile: ReadyProfile) => profile.lines.some((one) => one.application === ACCEPTING);

/** Level, services, rights and dates: what a manager gives, whether she attaches or accepts. */
export function GiftFields({
  form,
  offer,
  asked,
  former,
}: {
  form: FormState;
  offer: Offer;
  /** What the person asks for, if she does. */
  asked?: { readonly scope: "structure" | "service"; readonly serviceIds: readonly number[] };
  /** Whether her former rights may be given back. */
  former?: true;
}) {
  const { services, profiles, preset } = offer;
  return (
    <>
      <Radios
        form={form}
        name="scope"
        label="Niveau de rattachement"
        required
        value={asked?.scope ?? "structure"}
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
          value={asked?.serviceIds.map(String) ?? []}
          options={services.map((one) => ({ value: String(one.id), label: one.label }))}
        />
      )}
      <Select
        form={form}
        name="profile"
        label="Droits"
        required
        value={preset.code}
        options={[
          ...profiles.map((one) => ({ value: one.code, label: one.name })),
          ...(former
            ? [
                {
                  value: FORMER_RIGHTS,
                  label: "Ses anciens droits, au même niveau, si elle a déjà été rattachée ici",
                },
              ]
            : []),
        ]}
      />
      <Checkbox
        form={form}
        name="mayAccept"
        label="Peut accepter elle-même de nouveaux rattachements"
        checked={givesAccepting(preset)}
      />
      <script
        type="module"
        src={assetUrl("accepting-box.js")}
        data-accepting={profiles
          .filter(givesAccepting)
          .map((one) => one.code)
          .join(" ")}
      />
      <AdjustedRights form={form} offer={offer} />
      <DateTimeInput
        form={form}
        name="startsAt"
        label="Du"
        hint="Vide : tout de suite. Sinon, par exemple 01/09/2027."
      />
      <DateTimeInput
        form={form}
        name="endsAt"
        label="Au"
        hint="Accès d'un prestataire ? Donnez une date de fin, par exemple 31/12/2027."
      />
    </>
  );
}

/** Every right, as the chosen set gives it or otherwise; folded, for most give a set as it is. */
function AdjustedRights({ form, offer }: { form: FormState; offer: Offer }) {
  const adjustable = offer.applications.filter((one) => one.code !== ACCEPTING);
  const isAdjusted = adjustable.some(
    (one) => ![undefined, AS_SET].includes(form.values[fieldOfRight(one)] as string),
  );
  return (
    <Details summary="Voir et ajuster les droits" open={isAdjusted}>
      <Bullets items={offer.profiles.map((one) => `${one.name} : ${one.says}`)} />
      <Fieldset legend="Droits, application par application">
        {adjustable.map((application) => (
          <Select
            key={application.code}
            form={form}
            name={fieldOfRight(application)}
            label={application.label}
            required
            value={AS_SET}
            hint={whoGives(application, offer.profiles)}
            options={[{ value: AS_SET, label: "Comme l'ensemble choisi" }, ...levelOptions(application)]}
          />
        ))}
      </Fieldset>
    </Details>
  );
}

/** Which sets give a right, by level. */
function whoGives(application: Application, profiles: readonly ReadyProfile[]): string {
  const namesAt = (level: "read" | "write") =>
    profiles
      .filter((profile) =>
        profile.lines.some((line) => line.application === application.code && line.level === level),
      )
      .map((profile) => profile.name)
      .join(", ");
  const says = (
    [
      ["write", "Modification"],
      ["read", "Consultation"],
    ] as const
  ).flatMap(([level, label]) => (namesAt(level) ? [`${label} : ${namesAt(level)}.`] : []));
  return says.join(" ") || "Aucun ensemble ne le donne.";
}

export const giftShape = {
  scope: z.enum(["structure", "service"], { error: "Choisissez un niveau de rattachement." }),
  serviceIds: choices,
  profile: z.string({ error: "Choisissez un ensemble de droits." }),
  mayAccept: box,
  startsAt: z.string().default(""),
  endsAt: z.string().default(""),
  ...Object.fromEntries(
    applications.map(
      (one) => [fieldOfRight(one), z.enum([AS_SET, "none", "read", "write"]).default(AS_SET)] as const,
    ),
  ),
};

/** The dates of a form: null where none is given; errors say how to type them. */
export function readDates(values: {
  readonly startsAt: string;
  readonly endsAt: string;
}):
  | { readonly startsAt: Date | null; readonly endsAt: Date | null }
  | { readonly errors: Readonly<Record<string, string>> } {
  const read = (typed: string, dayAlone: "start" | "end") =>
    typed.trim() === "" ? null : frenchDateTime(typed, dayAlone);
  const startsAt = read(values.startsAt, "start");
  const endsAt = read(values.endsAt, "end");
  const errors = {
    ...(values.startsAt.trim() !== "" && !startsAt ? { startsAt: WRONG_START } : {}),
    ...(values.endsAt.trim() !== "" && !endsAt ? { endsAt: WRONG_END } : {}),
  };
  return Object.keys(errors).length > 0 ? { errors } : { startsAt, endsAt };
}
const WRONG_START = "Saisissez la date de début comme 01/09/2027, ou laissez le champ vide.";
const WRONG_END = "Saisissez la date de fin comme 31/12/2027, ou laissez le champ vide.";

type GiftValues = {
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly string[];
  readonly profile: string;
  readonly mayAccept: boolean;
  readonly startsAt: string;
  readonly endsAt: string;
};

/** What a read form gives, or which of its dates is not one. */
export function readGift(
  values: GiftValues,
): { readonly gift: Gift } | { readonly errors: Readonly<Record<string, string>> } {
  const dates = readDates(values);
  if ("errors" in dates) return dates;
  const typed: Readonly<Record<string, unknown>> = values;
  const adjustment = Object.fromEntries(
    applications.flatMap((one) => {
      const level = typed[fieldOfRight(one)];
      return level === "none" || level === "read" || level === "write" ? [[one.code, level] as const] : [];
    }),
  );
  return {
    gift: {
      scope: values.scope,
      serviceIds: values.serviceIds.map(Number).filter(Number.isSafeInteger),
      profile: values.profile,
      mayAccept: values.mayAccept,
      adjustment,
      ...dates,
    },
  };
}

export const fieldOf: { readonly [C in MembershipRefusal["code"]]?: string } = {
  NO_SERVICE: "serviceIds",
  NOT_YOUR_SERVICES: "serviceIds",
  UNKNOWN_PROFILE: "profile",
  NO_FORMER_RIGHTS: "profile",
  NO_RIGHT: "profile",
  CANNOT_GRANT_MORE: "profile",
  END_IS_PAST: "endsAt",
  ENDS_BEFORE_IT_STARTS: "endsAt",
};
export const refusedForm = (ctx: Context, refusal: MembershipRefusal, field = "email"): FormState => ({
  values: typedValues(ctx.body),
  errors: { [fieldOf[refusal.code] ?? field]: refusalText(refusal) },
});
