import { assetUrl } from "../../../web/assets.ts";
import type { Context } from "../../../web/portal.ts";
import { Bullets, type FormState } from "../../../web/ui/index.ts";
import type { PasswordRefusal } from "../domain/password-policy.ts";
import type { Browser } from "../use-cases/sign-in.ts";
import { PasswordInput } from "./password-input.tsx";

export type NewPasswordRefusal = PasswordRefusal["code"];

const texts: { readonly [C in NewPasswordRefusal]: string } = {
  PASSWORD_TOO_SHORT: "Ce mot de passe est trop court : 12 caractères au moins.",
  PASSWORD_TOO_WEAK:
    "Ce mot de passe se devine trop vite : allongez-le, ou mêlez lettres, chiffres et signes.",
  PASSWORD_TOO_LONG: "Ce mot de passe est trop long : 1 024 octets au plus.",
  PASSWORD_COMMON: "Ce mot de passe est parmi les premiers que l'on essaie : choisissez-en un autre.",
  PASSWORD_PERSONAL:
    "Ce mot de passe contient votre nom, votre adresse ou le nom du portail : choisissez-en un autre.",
};

/** A refused password beside its field; what was typed is not sent back. */
export function passwordText(refusal: NewPasswordRefusal | "DIFFERENT"): FormState {
  return refusal === "DIFFERENT"
    ? {
        values: {},
        errors: { newPasswordAgain: "Les deux mots de passe diffèrent. Saisissez-les de nouveau." },
      }
    : { values: {}, errors: { newPassword: texts[refusal] } };
}

/** The choice of a password: what is expected is said before, pasting and managers are welcome. */
export function NewPasswordFields({ form }: { form: FormState }) {
  return (
    <>
      <Bullets
        items={[
          "12 caractères au moins ; une phrase de quatre ou cinq mots convient très bien",
          "aucun signe n'est imposé, mais douze chiffres seuls ne suffisent pas",
          "ni votre nom, ni votre adresse, ni un mot de passe courant",
        ]}
      />
      <PasswordInput form={form} name="newPassword" label="Mot de passe" autocomplete="new-password" />
      <PasswordStrength />
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
function PasswordStrength() {
  return (
    <div class="u-strength" data-strength-of="newPassword" hidden>
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
