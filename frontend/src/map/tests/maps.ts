import { kindsOf } from "../model/graph";
import type { Draft, Kind, Parameter } from "../model/types";

/** Kinds as the server tells them, as far as these tests need them. Their words are made up: the island knows none of them. */
const parameter = (name: string, type: string, required = true): Parameter => ({ name, type, label: name, help: "", required, choices: [], default: null });
const kind = (word: string, section: Kind["section"], more: Partial<Kind> = {}): Kind => ({
  kind: word,
  section,
  icon: "x",
  label: word,
  help: "",
  paths: ["next"],
  rest: [],
  leadsBack: [],
  example: {},
  parameters: [],
  ...more,
});

export const KINDS: Kind[] = [
  kind("arrives", "starting point"),
  kind("tagged", "starting point", { parameters: [parameter("tag", "tag")] }),
  kind("mail", "action", { parameters: [parameter("template", "template")] }),
  kind("pause", "rule", { parameters: [parameter("for", "duration")], example: { for: "P3D" } }),
  kind("ask", "rule", { paths: ["yes", "no"], parameters: [parameter("condition", "condition")] }),
  kind("lots", "rule", { paths: null, parameters: [parameter("shares", "shares")], example: { shares: { a: 50, b: 50 } } }),
  kind("ways", "rule", { paths: null, rest: ["else"], parameters: [parameter("branches", "branches")], example: { branches: { x: {}, y: {} } } }),
  kind("again", "rule", { paths: ["jump", "next"], leadsBack: ["jump"], parameters: [parameter("times", "number")], example: { times: 3 } }),
  kind("leave", "rule", { paths: [] }),
];
export const kinds = kindsOf(KINDS);
export const kindOf = (word: string): Kind => kinds.get(word)!;

/** arrives → greet → bought? yes → thanks, no → offer; both → last. */
export const shop: Draft = {
  journey: "shop",
  start: { came: { kind: "arrives", next: "greet" } },
  points: {
    greet: { kind: "mail", template: "hello", next: "bought" },
    bought: { kind: "ask", condition: { tag: "buyer" }, paths: { yes: "thanks", no: "offer" } },
    thanks: { kind: "mail", template: "thanks", next: "last" },
    offer: { kind: "mail", template: "offer", next: "last" },
    last: { kind: "mail", template: "last" },
  },
};
