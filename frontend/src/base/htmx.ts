import htmx from "htmx.org";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

// Under a policy without unsafe-inline and unsafe-eval: no style element of its own, no eval, no scripts in answers.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token) (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = token;
});
