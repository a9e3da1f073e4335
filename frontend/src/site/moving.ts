/** Tells when a page is at another address without having been loaded: a single-page site. The hash alone is no other page. */
export function onMoving(tell: () => void): void {
  let at = location.pathname + location.search;
  const look = () => {
    const now = location.pathname + location.search;
    if (now === at) return;
    at = now;
    setTimeout(tell); // titles are put in after the address
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name].bind(history);
    history[name] = (...given: Parameters<History["pushState"]>) => {
      original(...given);
      look();
    };
  }
  addEventListener("popstate", look);
}
