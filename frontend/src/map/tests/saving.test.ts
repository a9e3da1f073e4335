import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { DEBOUNCE, RETRY, Saving, type Callbacks } from "../saving";
import type { Draft, Told } from "../model/types";
import { shop } from "./maps";

const draft = (name: string): Draft => ({ ...shop, title: name });
const told = (revision: number): Told => ({ revision, by: "sara", draft: null, faults: [], summaries: {}, ways: {}, settings: [] });

function setUp(save: Callbacks["save"]) {
  const calls = { save: vi.fn(save), onState: vi.fn(), onTold: vi.fn(), onClash: vi.fn(), onRefused: vi.fn() };
  return { calls, saving: new Saving(shop, 1, calls) };
}

describe("saving", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits until one stops typing, then saves once, against its revision", async () => {
    const { calls, saving } = setUp(async (_, revision) => told(revision + 1));
    saving.want(draft("a"));
    saving.want(draft("ab"));
    await vi.advanceTimersByTimeAsync(DEBOUNCE);
    expect(calls.save).toHaveBeenCalledTimes(1);
    expect(calls.save).toHaveBeenCalledWith(draft("ab"), 1);
    expect(saving.at).toBe(2);
    expect(saving.unsaved).toBe(false);
    expect(calls.onState).toHaveBeenLastCalledWith("saved");
  });

  it("saves what was changed meanwhile afterwards, with the new revision", async () => {
    let answer: (value: Told) => void = () => undefined;
    const { calls, saving } = setUp(() => new Promise((done) => (answer = done)));
    saving.want(draft("a"));
    await vi.advanceTimersByTimeAsync(DEBOUNCE);
    saving.want(draft("b"));
    await vi.advanceTimersByTimeAsync(DEBOUNCE * 2);
    expect(calls.save).toHaveBeenCalledTimes(1);
    answer(told(2));
    await vi.advanceTimersByTimeAsync(DEBOUNCE);
    expect(calls.save).toHaveBeenLastCalledWith(draft("b"), 2);
  });

  it("tries again while the server cannot be reached, and forgets nothing", async () => {
    let down = true;
    const { calls, saving } = setUp(async () => {
      if (down) throw new Error("offline");
      return told(2);
    });
    saving.want(draft("a"));
    await vi.advanceTimersByTimeAsync(DEBOUNCE);
    expect(calls.onState).toHaveBeenLastCalledWith("offline");
    expect(saving.unsaved).toBe(true);
    down = false;
    await vi.advanceTimersByTimeAsync(RETRY);
    expect(saving.unsaved).toBe(false);
  });

  it("rests where somebody else was quicker, until it is settled", async () => {
    const theirs = { ...told(5), draft: draft("theirs") };
    let clash = true;
    const { calls, saving } = setUp(async (_, revision) => (clash ? { overtaken: theirs } : told(revision + 1)));
    saving.want(draft("mine"));
    await vi.advanceTimersByTimeAsync(DEBOUNCE);
    expect(calls.onClash).toHaveBeenCalledWith({ base: shop, theirs });
    saving.want(draft("mine still"));
    await vi.advanceTimersByTimeAsync(RETRY * 2);
    expect(calls.save).toHaveBeenCalledTimes(1);
    clash = false;
    saving.settle(theirs.draft, 5);
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.save).toHaveBeenLastCalledWith(draft("mine still"), 5);
  });

  it("takes over what somebody else made without saving it again", async () => {
    const { calls, saving } = setUp(async () => told(9));
    const theirs = draft("theirs");
    saving.takeOver(theirs, 4);
    saving.want(theirs);
    await vi.advanceTimersByTimeAsync(RETRY);
    expect(calls.save).not.toHaveBeenCalled();
    expect(saving.at).toBe(4);
  });
});
