import { type PasswordStrength, passwordStrength } from "../domain/password-policy.ts";

const levels: { readonly [S in PasswordStrength]: { readonly value: number; readonly words: string } } = {
  tooShort: { value: 1, words: "Trop court : 12 caractères au moins." },
  tooWeak: { value: 1, words: "Trop simple : allongez-le, ou mêlez lettres, chiffres et signes." },
  enough: { value: 3, words: "Suffisant." },
  strong: { value: 4, words: "Fort." },
};

/** Shows the strength of each new password while it is typed; the server alone accepts it. */
for (const shown of document.querySelectorAll<HTMLElement>("[data-strength-of]")) {
  const field = document.querySelector<HTMLInputElement>(`[name="${shown.dataset.strengthOf}"]`)!;
  const show = () => {
    const { value, words } = levels[passwordStrength(field.value)];
    shown.hidden = field.value === "";
    shown.querySelector("meter")!.value = value;
    shown.querySelector("[role=status]")!.textContent = words;
  };
  field.addEventListener("input", show);
}
