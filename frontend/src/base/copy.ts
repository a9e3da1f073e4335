/** A button with `data-copies="id"` copies the text of that element, and says `data-done` for a moment. */
export function listenForCopies(root: Document): void {
  root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copies]");
    const text = button && root.getElementById(button.dataset["copies"] ?? "")?.textContent;
    if (!button || text == null) return;
    void navigator.clipboard.writeText(text).then(() => {
      const before = button.innerHTML;
      button.textContent = button.dataset["done"] ?? "✓";
      setTimeout(() => (button.innerHTML = before), 1500);
    });
  });
}
