/** A form as the server tells it: every text in one language, and when it opens. asks: for some visitors only; otherwise: also where nobody knows who it is. */
export interface Told {
  token: string;
  kind: "pop_up" | "embedded";
  language: string;
  dir: string;
  title: string;
  text: string;
  button: string;
  thanks: string;
  close: string;
  failed: string;
  trap_name: string;
  trap: string;
  colour: string;
  on_colour: string;
  place: string;
  fields: { name: string; label: string; required: boolean; type: string; autocomplete: string }[];
  consents: string[];
  opens: { after: number | null; scroll: number | null; leaving: boolean; path: string; days: number; asks: boolean; otherwise: boolean };
  shown: string;
}
