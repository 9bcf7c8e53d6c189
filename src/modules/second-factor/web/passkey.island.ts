import { startAuthentication, startRegistration } from "@simplewebauthn/browser";

/** Asks the browser for a passkey when its button is pressed, puts the answer in the form, and sends it. */
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-passkey]")) {
  const part = button.closest<HTMLElement>("[data-passkey-part]")!;
  const problem = part.querySelector<HTMLElement>("[role=alert]")!;
  part.hidden = false;
  button.addEventListener("click", async () => {
    problem.textContent = "";
    const form = button.form!;
    const isCreation = button.dataset.passkey === "create";
    // a form that lacks something is sent as it is: the server says what, before the device keeps a key for nothing
    if (isCreation && form.querySelector<HTMLInputElement>("[name=name]")!.value.trim() === "") {
      form.submit();
      return;
    }
    try {
      const optionsJSON = JSON.parse(button.dataset.options!);
      const answer = isCreation
        ? await startRegistration({ optionsJSON })
        : await startAuthentication({ optionsJSON });
      form.querySelector<HTMLInputElement>("[name=reponse]")!.value = JSON.stringify(answer);
      form.submit();
    } catch {
      // cancelled, or refused by the device: the browser has said why, the person may try again
      problem.textContent = "Rien n'a été fait. Réessayez, ou choisissez un autre moyen.";
    }
  });
}
