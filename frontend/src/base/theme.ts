/** Light or dark as the system says, unless the page itself has said. */
export function followTheme(root: HTMLElement): void {
  if (root.dataset["bsTheme"]) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    root.dataset["bsTheme"] = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", set);
  set();
}
