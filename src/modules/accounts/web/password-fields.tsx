import { assetUrl } from "../../../web/assets.ts";
import type { Context } from "../../../web/portal.ts";
import { Bullets, type FormState } from "../../../web/ui/index.ts";
import { type PasswordRefusal, type PasswordRule, passwordDemands } from "../domain/password-policy.ts";
import type { Browser } from "../use-cases/sign-in.ts";
import { PasswordInput } from "./password-input.tsx";

export type NewPasswordRefusal = PasswordRefusal["code"];

/** What a person needs to know of her rule, beyond what every password is asked. */
const demands: { readonly [R in PasswordRule]: readonly string[] } = {
  ordinary: [
    "12 caractères au moins ; une phrase de quatre ou cinq mots convient très bien",
    "aucun signe n'est imposé, mais douze chiffres seuls ne suffisent pas",
  ],
  strong: [
    "12 caractères variés (minuscules, majuscules, chiffres et signes ; 14 s'il en manque une sorte), ou une phrase de 7 mots",
    "plus fort que pour d'autres : un gestionnaire principal a tous les droits dans sa structure",
  ],
  operator: [
    "16 caractères variés (au moins deux sortes parmi minuscules, majuscules, chiffres et signes), ou une phrase de 7 mots",
    "plus fort que pour d'autres : un opérateur veille sur tout le portail",
  ],
};

const tooWeak: { readonly [R in PasswordRule]: string } = {
  ordinary: "allongez-le, ou mêlez lettres, chiffres et signes.",
  strong: "choisissez 12 caractères variés, ou une phrase de 7 mots.",
  operator: "choisissez 16 caractères variés, ou une phrase de 7 mots.",
};

const texts: { readonly [C in NewPasswordRefusal]: string | ((rule: PasswordRule) => string) } = {
  PASSWORD_TOO_SHORT: (rule) =>
    `Ce mot de passe est trop court : ${passwordDemands[rule].minLength} caractères au moins.`,
  PASSWORD_TOO_WEAK: (rule) => `Ce mot de passe se devine trop vite : ${tooWeak[rule]}`,
  PASSWORD_TOO_LONG: "Ce mot de passe est trop long : 1 024 octets au plus.",
  PASSWORD_COMMON: "Ce mot de passe est parmi les premiers que l'on essaie : choisissez-en un autre.",
  PASSWORD_PERSONAL:
    "Ce mot de passe contient votre nom, votre adresse ou le nom du portail : choisissez-en un autre.",
};

/** A refused password beside its field; what was typed is not sent back. */
export function passwordText(refusal: NewPasswordRefusal | "DIFFERENT", rule: PasswordRule): FormState {
  if (refusal === "DIFFERENT")
    return {
      values: {},
      errors: { newPasswordAgain: "Les deux mots de passe diffèrent. Saisissez-les de nouveau." },
    };
  const text = texts[refusal];
  return { values: {}, errors: { newPassword: typeof text === "string" ? text : text(rule) } };
}

/** What a page that a link leads to needs, to ask for a new password. */
export type ChosenByLink = {
  readonly ctx: Context;
  readonly secret: string;
  readonly form: FormState;
  readonly rule: PasswordRule;
};

/** The choice of a password: what is expected is said before, pasting and managers are welcome. */
export function NewPasswordFields({
  form,
  rule,
  label,
}: {
  form: FormState;
  rule: PasswordRule;
  /** What tells it from the one that it replaces. */
  label?: "Nouveau mot de passe";
}) {
  return (
    <>
      <Bullets items={[...demands[rule], "ni votre nom, ni votre adresse, ni un mot de passe courant"]} />
      <PasswordInput
        form={form}
        name="newPassword"
        label={label ?? "Mot de passe"}
        autocomplete="new-password"
      />
      <PasswordStrength rule={rule} />
      <PasswordInput
        form={form}
        name="newPasswordAgain"
        label="Confirmation"
        hint="Le même mot de passe, une seconde fois."
        autocomplete="new-password"
      />
    </>
  );
}

/** How strong the password is while it is typed: the island fills it in, and without script it does not show. */
function PasswordStrength({ rule }: { rule: PasswordRule }) {
  return (
    <div class="u-strength" data-strength-of="newPassword" data-rule={rule} hidden>
      <meter min={0} max={4} low={2} high={4} optimum={4} aria-label="Force du mot de passe" />
      <span role="status" />
      <script type="module" src={assetUrl("password-strength.js")} />
    </div>
  );
}

/** The browser that calls, as sessions remember it. */
export function browserOf(ctx: Context): Browser {
  return {
    ip: ctx.request.ip,
    userAgent: String(ctx.request.headers["user-agent"] ?? ""),
    trustToken: ctx.trustToken,
  };
}
