import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { SceneContext } from "../context";
import { awaitedForm } from "../form/Awaited";
import { beginCondition, Condition } from "../form/Condition";
import { Parameter } from "../form/Parameter";
import type { Boot, ConditionForm, Json, Parameter as Told } from "../model/types";
import { wordsOf } from "../words";
import { kinds } from "./maps";

const subject = (more: object) => ({ choices: null, operators: [], parts: [], required: [], ...more });
const CONDITIONS: ConditionForm[] = [
  { key: "all", label: "All", help: "", example: {}, shape: "list" },
  { key: "not", label: "Not", help: "", example: {}, shape: "one" },
  { key: "tag", label: "Tag", help: "", example: {}, shape: "test", subjects: [subject({})] },
  { key: "brand", label: "A brand new kind", help: "", example: {}, shape: "test", subjects: [subject({ operators: ["is", "exists"] })] },
  {
    key: "fact",
    label: "Figure",
    help: "",
    example: {},
    shape: "test",
    subjects: [
      subject({ choices: [{ value: "orders", label: "orders" }], operators: ["is"] }),
      subject({ choices: [{ value: "last_order", label: "last order" }], operators: ["before"] }),
    ],
  },
];
const boot = {
  language: "fa",
  words: {},
  zone: "Asia/Tehran",
  calendar: "jalali",
  paths: {},
  choices: {},
  conditions: CONDITIONS,
  operators: [
    { key: "is", label: "is", type: "value", timed: false },
    { key: "exists", label: "known", type: "boolean", timed: false },
    { key: "before", label: "before", type: "duration", timed: true },
  ],
  offers: { template: [{ key: "hello", title: "Hello", channel: "email" }], segment: [], journey: [], topic: [{ key: "news", title: "News" }], destination: ["Office"], tag: ["vip"], event: ["Order Completed"], trait: [], property: {} },
  urls: { hooks: "/w/mugs/settings/hooks/" },
  hooks: [{ key: "survey", address: "https://safar.example/hooks/abc" }],
  sprite: "",
} as unknown as Boot;
const scene = { boot, words: wordsOf(boot), kinds };

let root: Root;
let box: HTMLDivElement;
let value: Json | undefined;

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
  value = undefined;
});
afterEach(() => {
  act(() => root.unmount());
  box.remove();
});

type Made = (value: Json | undefined, onChange: (next: Json | undefined) => void) => React.ReactNode;

function show(first: Json | undefined, make: Made): void {
  function Held() {
    const [held, hold] = useState(first);
    value = held;
    return (
      <SceneContext value={scene}>
        {make(held, (next) => {
          value = next;
          hold(next);
        })}
      </SceneContext>
    );
  }
  act(() => root.render(<Held />));
}

function type(element: Element | null, text: string): void {
  const input = element as HTMLInputElement | HTMLSelectElement;
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value")!.set!;
  act(() => {
    setter.call(input, text);
    input.dispatchEvent(new Event(input.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  });
}

const parameter = (kind: string, more: Partial<Told> = {}): Told => ({ name: "x", type: kind, label: "X", help: "", required: true, choices: [], default: null, ...more });
const showParameter = (told: Told, first?: Json) =>
  show(first, (held, onChange) => <Parameter parameter={told} value={held} event="" faults={[]} onChange={onChange} onRenamePath={() => undefined} />);

describe("a form made from parameters", () => {
  const TYPES = [
    ..."text number boolean any choice duration offset event tag trait template segment journey hook".split(" "),
    ..."condition where awaited until moment branches shares values variants".split(" "),
    "a_type_of_tomorrow",
  ];
  it.each(TYPES)("has a control for %s", (kind) => {
    showParameter(parameter(kind, kind === "choice" ? { choices: [{ value: "a", label: "A" }] } : {}));
    expect(box.textContent).toContain("X");
    expect(box.querySelectorAll("input, select, textarea, button").length).toBeGreaterThan(0);
  });

  it("reads numbers and durations typed in Persian", () => {
    showParameter(parameter("number"));
    type(box.querySelector("input"), "۱۲");
    expect(value).toBe(12);
    showParameter(parameter("duration"), "P3D");
    expect(box.querySelector("input")!.value).toBe("۳");
    type(box.querySelector("input"), "۵");
    expect(value).toBe("P5D");
    type(box.querySelector("select"), "PTH");
    expect(value).toBe("PT5H");
  });

  it("takes a parameter out where nothing is left", () => {
    showParameter(parameter("tag"), "vip");
    type(box.querySelector("input"), "");
    expect(value).toBeUndefined();
  });

  it("edits a type that it does not know as it is written", () => {
    showParameter(parameter("a_type_of_tomorrow"), { a: [1] });
    type(box.querySelector("textarea"), '{"a": [1, 2]}');
    expect(value).toEqual({ a: [1, 2] });
    type(box.querySelector("textarea"), '{"a": [');
    expect(value).toEqual({ a: [1, 2] });
  });

  it("says which address a hook has", () => {
    showParameter(parameter("hook"), "survey");
    expect(box.querySelector("code")!.textContent).toBe("https://safar.example/hooks/abc");
    expect(box.querySelector("a")!.getAttribute("href")).toBe("/w/mugs/settings/hooks/survey/");
    type(box.querySelector("input"), "another");
    expect(box.querySelector("code")).toBeNull();
    expect(value).toBe("another");
  });

  it("offers where the team hears, and takes an address", () => {
    showParameter(parameter("destination"), undefined);
    expect([...box.querySelectorAll("option")].map((option) => option.value)).toEqual(["Office"]);
    type(box.querySelector("input"), "sara@shop.example");
    expect(value).toBe("sara@shop.example");
  });

  it("offers what the workspace has, and keeps what it has not", () => {
    showParameter(parameter("template"), "gone");
    expect([...box.querySelectorAll("option")].map((option) => option.value)).toEqual(["", "gone", "hello"]);
  });

  it("says what is wrong beside the control", () => {
    const faults = [{ place: "points.a.x", message: "is missing" }];
    show(undefined, (held, onChange) => <Parameter parameter={parameter("tag")} value={held} event="" faults={faults} onChange={onChange} onRenamePath={() => undefined} />);
    const input = box.querySelector("input")!;
    expect(document.getElementById(input.getAttribute("aria-describedby")!)!.textContent).toContain("is missing");
  });
});

describe("a condition", () => {
  const edit = (first?: Json) => show(first, (held, onChange) => <Condition value={held} onChange={onChange} />);

  it("is built inside others", () => {
    edit();
    type(box.querySelector("select"), "all");
    act(() => [...box.querySelectorAll("button")].at(-1)!.click());
    type(box.querySelectorAll("select")[1]!, "tag");
    type(box.querySelector("input"), "vip");
    expect(value).toEqual({ all: [{ tag: "vip" }] });
  });

  it("that becomes a list keeps what it was", () => {
    expect(beginCondition(CONDITIONS[0]!, { tag: "vip" }, [])).toEqual({ all: [{ tag: "vip" }] });
    expect(beginCondition(CONDITIONS[1]!, { tag: "vip" }, [])).toEqual({ not: { tag: "vip" } });
  });

  it("of a kind nobody here has heard of has its form all the same", () => {
    edit({ brand: "acme", is: "good" });
    expect(box.querySelector('[data-condition="brand"]')).not.toBeNull();
    type(box.querySelector("input"), "acme corp");
    expect(value).toEqual({ brand: "acme corp", is: "good" });
  });

  it("changes its comparisons with what it is about", () => {
    edit({ fact: "orders", is: 2 });
    type(box.querySelectorAll("select")[1]!, "last_order");
    expect(value).toEqual({ fact: "last_order", before: "P7D" });
  });
});

describe("what a wait is for", () => {
  it("is an event, one of several, or a condition", () => {
    expect(awaitedForm({ event: "X", where: {} })).toBe("event");
    expect(awaitedForm({ any_event: ["X"] })).toBe("any_event");
    expect(awaitedForm({ event: "X", within: "P3D" })).toBe("condition");
    expect(awaitedForm({ tag: "x" })).toBe("condition");
    expect(awaitedForm(undefined)).toBe("");
  });
});
