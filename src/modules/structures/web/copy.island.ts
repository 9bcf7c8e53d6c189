/** Copies the code beside a button, and says so. */
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copies]")) {
  if (!navigator.clipboard) continue;
  const says = button.parentElement!.querySelector("[role=status]")!;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copies!);
    says.textContent = "Copié";
  });
}
