/** Shows a password to who types it, and hides it again when it leaves. */
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals!) as HTMLInputElement;
  const show = (shown: boolean) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form!.addEventListener("submit", () => show(false));
}
