/** Repeats in full the addresses that a message will leave for, before it does: a slip shows there. */
const typed = document.querySelector<HTMLTextAreaElement>("textarea[name=email]");
const shown = document.querySelector<HTMLElement>("[data-recipients]");
if (typed && shown) {
  const repeat = () => {
    const addresses = [
      ...new Set(typed.value.split(/[\s,;]+/).filter((one) => /[^@]@[^@.]+\.[^@]/.test(one))),
    ];
    shown.hidden = addresses.length === 0;
    shown.textContent = `Un message partira à ${addresses.join(", ")}.`;
  };
  typed.addEventListener("input", repeat);
  repeat();
}
