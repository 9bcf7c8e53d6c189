const NOTICE_S = 120;

/** Warns two minutes before the session ends, and prolongs it when the person says that she is there. */
const dialog = document.querySelector<HTMLDialogElement>("dialog[data-session-seconds]")!;
const title = dialog.querySelector("h2")!;
const words = dialog.querySelector("[role=status]")!;
const form = dialog.querySelector("form")!;
const stay = form.querySelector("button")!;
const warning = { title: title.textContent!, words: words.textContent! };
let timers: ReturnType<typeof setTimeout>[] = [];

function follow(seconds: number): void {
  for (const timer of timers) clearTimeout(timer);
  timers = [
    setTimeout(() => say(warning.title, warning.words, true), (seconds - NOTICE_S) * 1000),
    setTimeout(
      () =>
        say(
          "Votre session est terminée",
          "Copiez ce que vous voulez garder de cette page, puis reconnectez-vous.",
        ),
      seconds * 1000,
    ),
  ];
}

function say(heading: string, text: string, mayStay = false): void {
  title.textContent = heading;
  words.textContent = text;
  stay.hidden = !mayStay;
  if (!dialog.open) dialog.showModal();
}

form.addEventListener("submit", async (event) => {
  if (event.submitter !== stay) return;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      redirect: "error",
      headers: { accept: "application/json" },
      body: new URLSearchParams([...new FormData(form)] as [string, string][]),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { seconds } = await answer.json();
    if (seconds > NOTICE_S) {
      dialog.close();
      follow(seconds);
    } else
      say(
        "Votre session ne peut pas durer plus longtemps",
        "Envoyez ce que vous avez saisi avant deux minutes, puis reconnectez-vous.",
      );
  } catch {
    words.textContent =
      "Le portail n'a pas répondu. Réessayez, ou envoyez maintenant ce que vous avez saisi.";
  }
});

follow(Number(dialog.dataset.sessionSeconds));
