type Suggestion = { readonly name: string; readonly detail: string; readonly path: string };

const DEBOUNCE_MS = 150;
const FEWEST_CHARACTERS = 2;

/**
 * Proposes structures while one types in a search of the directory: the combobox pattern, arrows, Enter and Escape. The
 * form still searches as without it.
 */
for (const input of document.querySelectorAll<HTMLInputElement>("input[data-suggestions]")) {
  const list = document.createElement("ul");
  list.id = `${input.id}-propositions`;
  list.className = "u-combobox__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Structures proposées");
  list.hidden = true;
  const count = document.createElement("span");
  count.className = "govuk-visually-hidden";
  count.setAttribute("role", "status");
  input.after(list, count);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-expanded", "false"],
    ["aria-controls", list.id],
    ["autocomplete", "off"],
  ] as const)
    input.setAttribute(name, value);

  let asked: AbortController | null = null;
  let chosen = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const options = () => [...list.children] as HTMLLIElement[];

  const close = () => {
    list.hidden = true;
    count.textContent = "";
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index: number) => {
    chosen = index;
    for (const [at, option] of options().entries())
      option.setAttribute("aria-selected", String(at === index));
    const option = options()[index];
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const show = (found: readonly Suggestion[]) => {
    list.replaceChildren(
      ...found.map(({ name, detail, path }, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.className = "u-combobox__option";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.path = path;
        const small = document.createElement("span");
        small.className = "u-menu__detail";
        small.textContent = detail;
        option.append(name, small);
        return option;
      }),
    );
    chosen = -1;
    list.hidden = found.length === 0;
    count.textContent =
      found.length === 0
        ? "Aucune structure proposée"
        : `${found.length} structure${found.length > 1 ? "s proposées" : " proposée"}`;
    input.setAttribute("aria-expanded", String(found.length > 0));
  };
  const ask = async () => {
    asked?.abort();
    const words = input.value.trim();
    if (words.length < FEWEST_CHARACTERS) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggestions}?q=${encodeURIComponent(words)}`, {
        signal: asked.signal,
        headers: { accept: "application/json" },
      });
      if (answer.ok) show((await answer.json()).structures);
      else close();
    } catch (error) {
      // a newer question took its place, or the line is cut: the form still searches
      if (!(error instanceof DOMException && error.name === "AbortError")) close();
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DEBOUNCE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = options().length - 1;
    if (event.key === "ArrowDown") choose(chosen === last ? 0 : chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen <= 0 ? last : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) location.assign(options()[chosen]!.dataset.path!);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  // the field keeps the focus, and the list stays, until the button is released: one may still change one's mind
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLLIElement>("[role=option]");
    if (option) location.assign(option.dataset.path!);
  });
}
