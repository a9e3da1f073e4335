/** What the page hands over and what template.json keeps (safar/console/messages/editing.py). */
export type Language = "en" | "fa";
/** An SMS text that the operator has approved (safar/content/patterns.py). second: the free text is tried first. */
export type Pattern = { code: string; text: string; variables: Record<string, string>; second?: boolean };
export type Texts = { subject?: string; preheader?: string; html?: string; text?: string; pattern?: Pattern };
export type Part = Exclude<keyof Texts, "pattern">;

export type Simple = { id?: string; kind: "heading" | "text" | "image" | "button" | "products" | "coupon" | "divider" | "footer"; [name: string]: unknown };
export type Columns = { id?: string; kind: "columns"; columns: [Simple[], Simple[]] };
export type Block = Simple | Columns;
export type Look = { accent?: string; background?: string };
export type Blocks = { kind: "blocks"; blocks: Block[]; look?: Look };
export type Mjml = { kind: "mjml"; source: string };
export type Document = Blocks | Mjml;

export const UTM_NAMES = ["utm_source", "utm_medium", "utm_campaign"] as const;
export type UtmName = (typeof UTM_NAMES)[number];
/** What a message says itself of being tracked (safar/content/switches.py); what is left out is as the workspace has it. */
export type Switches = { opens?: boolean; clicks?: boolean; utm?: boolean | Partial<Record<UtmName, string>> };

export type Template = {
  title: string;
  sender: string;
  topic: string;
  tracking: Switches;
  strict: boolean;
  once_more: boolean;
  fallbacks: Record<string, unknown>;
  languages: Partial<Record<Language, Texts>>;
  document: Partial<Record<Language, Document>>;
};

export type Fault = { place: string; message: string };
export type Remark = { level: "fault" | "warning" | "note"; language: string; part: string; message: string };
export type Sms = { alphabet: "gsm7" | "ucs2"; letters: number; used: number; parts: number; room: number; odd: string; price?: string; cost?: string };
export type Shown = { subject: string; text: string; html: boolean; fault: string; faults: Fault[]; remarks: Remark[]; sms?: Sms; by?: "pattern" | "text"; why?: string; otherwise?: string };
export type Person = { id: string; name: string; address: string };
export type Media = { address: string; src: string; name: string };
export type Variable = { group: string; label: string; put: Record<Language, string> };

export type Boot = {
  revision: number;
  template: Template;
  key: string;
  channel: "email" | "sms";
  mayEdit: boolean;
  marketing: boolean;
  language: Language;
  first: Language;
  urls: Record<"json" | "preview" | "frame" | "test" | "people" | "sent" | "senders" | "media" | "left", string>;
  sprite: string;
  words: Record<string, string>;
  variables: Variable[];
  me: string;
  topics: { key: string; title: string }[];
  tracking: Record<"opens" | "clicks" | "utm" | "sites", boolean> & Record<UtmName | "address", string>;
};
