import { plain } from "../domain/plain.ts";

/** Shows, among the structures of the switcher, those whose name or identifier holds what is typed. */
const box = document.querySelector<HTMLElement>("[data-structure-filter]")!;
const field = box.querySelector("input")!;
const says = box.querySelector("[role=status]")!;
const items = [...box.parentElement!.querySelectorAll<HTMLLIElement>("li")];

const names = items.map((item) => plain(item.textContent ?? ""));

field.addEventListener("input", () => {
  const typed = plain(field.value);
  let shown = 0;
  for (const [index, item] of items.entries()) {
    item.hidden = !names[index]!.includes(typed);
    if (!item.hidden) shown++;
  }
  says.textContent =
    typed === ""
      ? ""
      : shown === 0
        ? "Aucune structure"
        : shown === 1
          ? "1 structure"
          : `${shown} structures`;
});
// Enter means the only structure left, never the first of many
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const left = items.filter((item) => !item.hidden);
  if (left.length === 1) left[0]!.querySelector("button")!.click();
});

box.hidden = false;
