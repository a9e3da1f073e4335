import { act, useState } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { DayInput } from "../DayInput";
import { listenForCalendars } from "../picker";

const FRAME = `<template id="calendar" data-calendar="jalali" data-zone="Asia/Tehran" data-week-start="5" data-weekend="3 4 "><dialog class="calendar">
  <button data-months="-1">before</button><h2 data-part="title"></h2><button data-months="1">after</button>
  <table><thead data-part="head"></thead><tbody data-part="days"></tbody></table><button data-today>today</button></dialog></template>`;
listenForCalendars(document);

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  document.documentElement.lang = "fa";
  document.documentElement.dir = "rtl";
  document.body.innerHTML = `${FRAME}<input id="day" value="۱۴۰۳/۱۲/۲۹"><button data-picks="day">pick</button><div id="island"></div>`;
});
afterEach(() => {
  document.body.innerHTML = "";
  document.documentElement.removeAttribute("dir");
  document.documentElement.removeAttribute("lang");
});

const open = () => document.querySelector<HTMLButtonElement>("[data-picks]")!.click();
const shown = () => document.querySelector<HTMLDialogElement>("dialog.calendar");
const days = () => [...shown()!.querySelectorAll<HTMLButtonElement>("[data-day]")];

describe("the calendar", () => {
  it("opens on the day that is typed, with the leap day of Esfand, the week's start and the weekend", () => {
    open();
    expect(shown()!.querySelector("h2")!.textContent).toBe("اسفند ۱۴۰۳");
    expect(days()).toHaveLength(30);
    expect(days().at(-1)!.textContent).toBe("۳۰");
    expect(shown()!.querySelector("th")!.abbr).toBe("شنبه");
    expect(days().filter((day) => day.tabIndex === 0).map((day) => day.textContent)).toEqual(["۲۹"]);
    expect(shown()!.querySelector('[aria-pressed="true"]')!.textContent).toBe("۲۹");
    const weekend = days().filter((day) => day.classList.contains("calendar-weekend"));
    expect(new Set(weekend.map((day) => day.getAttribute("aria-label")!.split("،")[0]))).toEqual(new Set(["پنجشنبه", "جمعه"]));
  });

  it("writes the chosen day, tells the page and goes away", () => {
    let told = 0;
    document.getElementById("day")!.addEventListener("change", () => told++);
    open();
    days().at(-1)!.click();
    expect(document.querySelector<HTMLInputElement>("#day")!.value).toBe("۱۴۰۳/۱۲/۳۰");
    expect(told).toBe(1);
    expect(shown()).toBeNull();
  });

  it("goes on to the next month and keeps the day", () => {
    open();
    shown()!.querySelector<HTMLButtonElement>('[data-months="1"]')!.click();
    expect(shown()!.querySelector("h2")!.textContent).toBe("فروردین ۱۴۰۴");
    expect(days()).toHaveLength(31);
  });

  it("is Gregorian where the workspace is", () => {
    document.querySelector("template")!.dataset["calendar"] = "gregorian";
    document.querySelector("template")!.dataset["weekStart"] = "0";
    document.documentElement.lang = "en";
    document.querySelector<HTMLInputElement>("#day")!.value = "2024-02-10";
    open();
    expect(shown()!.querySelector("h2")!.textContent).toBe("February 2024");
    expect(days()).toHaveLength(29);
    expect(shown()!.querySelector("th")!.abbr).toBe("Monday");
  });

  it("serves islands: what is picked and what is typed are told as ISO 8601", () => {
    let value = "";
    function Held() {
      const [held, hold] = useState("2025-03-20");
      return <DayInput label="Day" pick="Pick" sprite="" value={held} onChange={(next) => hold((value = next))} />;
    }
    const root = createRoot(document.getElementById("island")!);
    act(() => root.render(<Held />));
    const input = document.querySelector<HTMLInputElement>("#island input")!;
    expect(input.value).toBe("۱۴۰۳/۱۲/۳۰");
    act(() => document.querySelector<HTMLButtonElement>("#island [data-picks]")!.click());
    act(() => days()[0]!.click());
    expect(value).toBe("2025-02-19");
    expect(input.value).toBe("۱۴۰۳/۱۲/۰۱");
    act(() => root.unmount());
  });
});
