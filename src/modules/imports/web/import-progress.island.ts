/** Follows an analysis or an import under way; once it has ended, says so and leads to its result: a page never reloads by itself. */
const shown = document.querySelector<HTMLElement>("[data-import-state]");
if (shown) {
  const bar = shown.querySelector("progress")!;
  const words = shown.querySelector("[role=status]")!;
  const follow = async () => {
    const answer = await fetch(shown.dataset.importState!, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const { state, done } = await answer.json();
    if (state !== shown.dataset.importShown) {
      bar.value = bar.max;
      words.textContent = `${shown.dataset.importShown === "analysing" ? "L'analyse est terminée" : "L'import est terminé"}. `;
      const result = document.createElement("a");
      result.href = location.href;
      result.className = "govuk-link";
      result.textContent = "Voir son résultat";
      words.append(result);
      return;
    }
    bar.value = done;
    words.textContent = `${done} sur ${bar.max}`;
    setTimeout(follow, 1000);
  };
  setTimeout(follow, 1000);
}
