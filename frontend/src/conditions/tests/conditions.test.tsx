import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Conditions, parse, type ConditionsBoot } from "../main";

const boot = {
  language: "en",
  zone: "UTC",
  calendar: "gregorian",
  sprite: "",
  mayEdit: true,
  parse: "/parse/",
  value: { all: [{ tag: "vip" }] },
  conditions: [
    { key: "all", label: "All of these", help: "", example: {}, shape: "list" },
    { key: "tag", label: "Tag", help: "", example: {}, shape: "test", subjects: [{ choices: null, operators: [], parts: [], required: [] }] },
  ],
  operators: [],
  paths: {},
  choices: {},
  offers: { template: [], segment: [], journey: [], topic: [{ key: "news", title: "News" }], destination: ["Office"], tag: ["vip"], event: [], trait: [], property: {} },
  words: {},
} as unknown as ConditionsBoot;

let box: HTMLElement;
let text: HTMLTextAreaElement;

beforeEach(async () => {
  (globalThis as Record<string, unknown>)["IS_REACT_ACT_ENVIRONMENT"] = true;
  box = document.body.appendChild(document.createElement("div"));
  text = document.body.appendChild(document.createElement("textarea"));
  await act(async () => createRoot(box).render(<Conditions boot={boot} text={text} />));
});
afterEach(() => {
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
});

test("what is built is written into the textarea, and said", async () => {
  const said = vi.fn();
  text.addEventListener("input", said);
  const remove = box.querySelector<HTMLButtonElement>('[aria-label="remove_this"]');
  await act(async () => remove?.click());
  expect(JSON.parse(text.value)).toEqual({ all: [] });
  expect(said).toHaveBeenCalledOnce();
});

test("what is typed is built", async () => {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ condition: { tag: "new" } })));
  text.value = "tag: new";
  await act(async () => text.dispatchEvent(new Event("change")));
  await vi.waitFor(() => expect(box.querySelector("[data-condition=tag]")).not.toBeNull());
});

test("what cannot be read leaves the builder as it is", async () => {
  vi.stubGlobal("fetch", async () => new Response("{}", { status: 422 }));
  expect(await parse("/parse/", "{")).toBeUndefined();
});
