/** Sends a file while showing how much of it has left; then goes where the answer leads, or shows its refusal. */
function attach(): void {
  const shown = document.querySelector<HTMLElement>("[data-upload-progress]");
  const form = shown?.closest("form");
  if (!shown || !form) return;
  const bar = shown.querySelector("progress")!;
  const words = shown.querySelector("[role=status]")!;
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])")!;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    shown.hidden = false;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = loaded / total;
      words.textContent =
        loaded < total
          ? `Envoi : ${Math.round((100 * loaded) / total)} %`
          : "Fichier envoyé, analyse en cours…";
    });
    request.addEventListener("load", () => {
      if (request.responseURL !== form.action) return location.assign(request.responseURL);
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      document.title = answer.title;
      document.querySelector("main")!.replaceWith(answer.querySelector("main")!);
      attach();
      document.querySelector<HTMLElement>("main [role=alert]")?.focus();
    });
    request.addEventListener("error", () => {
      button.disabled = false;
      words.textContent =
        "L'envoi a échoué : vérifiez votre connexion, puis réessayez. Le fichier reste choisi.";
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

attach();
// a page that the browser takes back from its memory can send again
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
