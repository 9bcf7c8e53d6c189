import {
  type PasswordRule,
  type PasswordStrength,
  passwordDemands,
  passwordStrength,
} from "../domain/password-policy.ts";

const levels: { readonly [S in PasswordStrength]: number } = {
  tooShort: 1,
  tooWeak: 1,
  enough: 3,
  strong: 4,
};
const words: { readonly [S in PasswordStrength]: (rule: PasswordRule) => string } = {
  tooShort: (rule) => `Trop court : ${passwordDemands[rule].minLength} caractères au moins.`,
  tooWeak: () => "Trop simple : allongez-le, ou mêlez minuscules, majuscules, chiffres et signes.",
  enough: () => "Suffisant.",
  strong: () => "Fort.",
};

/** Shows the strength of each new password while it is typed; the server alone accepts it. */
for (const shown of document.querySelectorAll<HTMLElement>("[data-strength-of]")) {
  const field = document.querySelector<HTMLInputElement>(`[name="${shown.dataset.strengthOf}"]`)!;
  const rule = shown.dataset.rule as PasswordRule; // written by the page
  const show = () => {
    const strength = passwordStrength(field.value, rule);
    shown.hidden = field.value === "";
    shown.querySelector("meter")!.value = levels[strength];
    shown.querySelector("[role=status]")!.textContent = words[strength](rule);
  };
  field.addEventListener("input", show);
}
