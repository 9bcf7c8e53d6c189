/** The box « Peut accepter elle-même de nouveaux rattachements » follows the set that is chosen; it may then be changed. */
const accepting =
  document.querySelector<HTMLElement>("[data-accepting]")?.dataset.accepting?.split(" ") ?? [];
const box = document.querySelector<HTMLInputElement>("input[name=mayAccept]");
const set = document.querySelector<HTMLSelectElement>("select[name=profile]");
if (box && set)
  set.addEventListener("change", () => {
    box.checked = accepting.includes(set.value);
  });
