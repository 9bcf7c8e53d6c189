/** Follows an import under way; once it has ended, shows its result. */
const shown = document.querySelector<HTMLElement>("[data-import-state]");
if (shown) {
  const bar = shown.querySelector("progress")!;
  const words = shown.querySelector("[role=status]")!;
  const follow = async () => {
    const answer = await fetch(shown.dataset.importState!, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const { state, done } = await answer.json();
    if (state !== "applying") return location.reload();
    bar.value = done;
    words.textContent = `${done} sur ${bar.max}`;
    setTimeout(follow, 1000);
  };
  setTimeout(follow, 1000);
}
