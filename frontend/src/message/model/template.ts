import type { Document, Language, Part, Pattern, Template } from "../types";

export type Mode = "blocks" | "mjml" | "html" | "text";

export const LANGUAGES: Language[] = ["fa", "en"];
export const otherOf = (language: Language): Language => (language === "fa" ? "en" : "fa");
export const directionOf = (language: Language): "rtl" | "ltr" => (language === "fa" ? "rtl" : "ltr");

/** How a language is written; null where nothing is written yet. */
export function modeOf(template: Template, language: Language): Mode | null {
  const document = template.document[language];
  if (document) return document.kind;
  const texts = template.languages[language] ?? {};
  if (texts.html !== undefined) return "html";
  return texts.text !== undefined || texts.pattern !== undefined ? "text" : null;
}

export function putText(template: Template, language: Language, part: Part, text: string): Template {
  return { ...template, languages: { ...template.languages, [language]: { ...template.languages[language], [part]: text } } };
}

/** The pattern of a language; undefined takes it away. */
export function putPattern(template: Template, language: Language, pattern: Pattern | undefined): Template {
  const { pattern: _old, ...texts } = template.languages[language] ?? {};
  return { ...template, languages: { ...template.languages, [language]: pattern ? { ...texts, pattern } : texts } };
}

const PLACE = /\{\{\s*(\w{1,32})\s*\}\}|\{(\w{1,32})\}|#(\w{1,32})#|%(\w{1,32})/g;

/** Names that stand in a pattern's text, in order: %token, #NAME#, {0}, {{1}}. */
export function placesOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACE)].map((found) => found.slice(1).find(Boolean)!))];
}

/** A variable under another name, in its old place; as it was where the name is taken. */
export function renamed(variables: Record<string, string>, from: string, to: string): Record<string, string> {
  if (from === to || to in variables) return variables;
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name === from ? to : name, value]));
}

export function putDocument(template: Template, language: Language, document: Document): Template {
  return { ...template, document: { ...template.document, [language]: document } };
}

const MJML = "<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text></mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>\n";

/** Written in another way from here on. HTML keeps what the blocks were made into when they were last saved. */
export function putMode(template: Template, language: Language, mode: Mode, blocks: Document): Template {
  const { [language]: _gone, ...documents } = template.document;
  const { html, ...texts } = template.languages[language] ?? {};
  if (mode === "blocks") return putDocument(template, language, blocks);
  if (mode === "mjml") return putDocument(template, language, { kind: "mjml", source: MJML });
  const next = mode === "html" ? { ...texts, html: html ?? "" } : { ...texts, text: texts.text ?? "" };
  return { ...template, document: documents, languages: { ...template.languages, [language]: next } };
}

/** Text put where the caret stands; gives the new text and where the caret goes. */
export function insertAt(text: string, put: string, start: number, end: number): { text: string; caret: number } {
  return { text: text.slice(0, start) + put + text.slice(end), caret: start + put.length };
}
