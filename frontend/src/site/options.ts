/** What stands in the line of script: `<script async src="https://…/site/safar.js" data-key="pk_…">`. */
export interface Options {
  key: string;
  /** Origin that the script came from: events go there. */
  server: string;
  /** Nothing is kept or sent until `safar.consent({analytics: true})`. */
  consentFirst: boolean;
  /** Whoever asks not to be tracked, by Do Not Track or Global Privacy Control, is not. */
  respectsRefusal: boolean;
  /** Page views by themselves, also where a site changes its address without loading. */
  pages: boolean;
  /** Forms and pop-ups of the workspace. */
  forms: boolean;
}

export function readOptions(script: HTMLScriptElement): Options {
  const said = script.dataset;
  return {
    key: said["key"] ?? "",
    server: new URL(script.src, location.href).origin,
    consentFirst: said["consent"] === "required",
    respectsRefusal: said["dnt"] === "respect",
    pages: said["pages"] !== "off",
    forms: said["forms"] !== "off",
  };
}

export function asksNotToBeTracked(browser: Navigator): boolean {
  const told = browser as Navigator & { globalPrivacyControl?: boolean };
  return told.globalPrivacyControl === true || told.doNotTrack === "1";
}
