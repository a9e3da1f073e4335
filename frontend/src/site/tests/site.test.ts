import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Site } from "../client";
import { render } from "../form-view";
import { fits, showForms, whenDue } from "../forms";
import { allowed, takeVisitor } from "../mine";
import { onMoving } from "../moving";
import type { Options } from "../options";
import { bytesOf, MOST, OUTLIVES, PACK, Queue, type Message } from "../queue";
import { Store } from "../store";
import type { Told } from "../told";
import { IDLE, visitOf } from "../visit";

const options: Options = { key: "pk_mugs", server: "https://safar.example", consentFirst: false, respectsRefusal: false, pages: true, forms: false };
const answer = (status: number, told: unknown = {}) => new Response(JSON.stringify(told), { status });

/** A site, and every batch that was sent. answers: of the server, the last one again and again. */
function open(more: Partial<Options> = {}, ...answers: (Response | Error)[]) {
  const batches: Message[][] = [];
  const send = vi.fn(async (body: string) => {
    batches.push(JSON.parse(body).batch);
    const next = answers.shift() ?? answer(200);
    if (next instanceof Error) throw next;
    return next;
  });
  return { site: new Site({ ...options, ...more }, send), batches, send };
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-22T08:00:00Z") });
  localStorage.clear();
  history.replaceState(null, "", "/");
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("who it is", () => {
  it("is nobody known at first, and the same one on the next page", async () => {
    const { site, batches } = open();
    site.track("Mug Seen");
    await vi.runAllTimersAsync();
    const next = open();
    next.site.page();
    await vi.runAllTimersAsync();
    expect(batches[0]![0]!["anonymousId"]).toMatch(/^[0-9a-f]{32}$/);
    expect(next.batches[0]![0]!["anonymousId"]).toBe(batches[0]![0]!["anonymousId"]);
    expect(next.batches[0]![0]!["userId"]).toBeUndefined();
  });

  it("joins what was done before to whoever is named", async () => {
    const { site, batches } = open();
    site.track("Mug Seen");
    site.identify("sara", { email: "sara@people.example" });
    site.track("Order Completed", { total: 5 });
    await vi.runAllTimersAsync();
    const [before, named, after] = batches.flat();
    expect(named).toMatchObject({ type: "identify", userId: "sara", anonymousId: before!["anonymousId"], traits: { email: "sara@people.example" } });
    expect(after).toMatchObject({ userId: "sara", event: "Order Completed" });
  });

  it("never joins two people at one browser", async () => {
    const { site, batches } = open();
    site.identify("sara");
    site.identify("ali");
    await vi.runAllTimersAsync();
    const [sara, ali] = batches.flat();
    expect(ali!["userId"]).toBe("ali");
    expect(ali!["anonymousId"]).not.toBe(sara!["anonymousId"]);
    site.reset();
    expect(site.who().userId).toBeUndefined();
  });

  it("takes traits without an id", async () => {
    const { site, batches } = open();
    site.identify({ email: "mina@people.example" });
    await vi.runAllTimersAsync();
    expect(batches.flat()[0]).toMatchObject({ type: "identify", traits: { email: "mina@people.example" } });
    expect(batches.flat()[0]!["userId"]).toBeUndefined();
  });
});

describe("consent", () => {
  it("keeps and sends nothing before it, then what this page said", async () => {
    const { site, batches } = open({ consentFirst: true });
    site.page();
    site.identify("sara");
    await vi.runAllTimersAsync();
    expect(batches).toEqual([]);
    expect(localStorage.length).toBe(0);
    site.consent({ analytics: true });
    await vi.runAllTimersAsync();
    expect(batches.flat().map((one) => one["type"])).toEqual(["page", "identify"]);
    expect(open({ consentFirst: true }).site.store.read("consent")).toBe(true);
  });

  it("taken back forgets all that was kept", async () => {
    const { site, batches } = open({ consentFirst: true });
    site.consent({ analytics: true });
    site.track("Mug Seen");
    site.consent({ analytics: false });
    site.track("Mug Seen");
    await vi.runAllTimersAsync();
    expect(batches).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it("refused is remembered where nobody is asked first, and given again later", async () => {
    const { site } = open();
    site.page();
    site.consent({ analytics: false });
    const next = open();
    next.site.page();
    await vi.runAllTimersAsync();
    expect(next.batches).toEqual([]);
    expect(Object.keys(localStorage)).toEqual(["safar.consent"]);
    next.site.consent({ analytics: true });
    const last = open();
    last.site.page();
    await vi.runAllTimersAsync();
    expect(last.batches.flat().length).toBe(1);
  });

  it("is not asked of whoever asks not to be tracked, where the site respects that", async () => {
    vi.stubGlobal("navigator", { ...navigator, globalPrivacyControl: true, language: "fa", userAgent: "test" });
    const { site, batches } = open({ respectsRefusal: true });
    site.page();
    site.consent({ analytics: true });
    site.page();
    await vi.runAllTimersAsync();
    expect(batches).toEqual([]);
    expect(localStorage.length).toBe(0);
    vi.unstubAllGlobals();
  });
});

describe("visits", () => {
  const at = (minutes: number) => Date.UTC(2026, 10, 22, 8, minutes);

  it("end after half an hour without anything, and the first source stays", () => {
    const store = new Store();
    const first = visitOf(store, at(0), "https://shop.example/?utm_source=insta&utm_campaign=yalda", "https://insta.example/p");
    const goesOn = visitOf(store, at(0) + IDLE - 1, "https://shop.example/mugs", "https://shop.example/");
    const second = visitOf(store, at(0) + 2 * IDLE, "https://shop.example/", "https://search.example/");
    expect(goesOn.session).toMatchObject({ id: first.session.id, number: 1 });
    expect(goesOn.session.source.campaign).toEqual({ source: "insta", name: "yalda" });
    expect(second.session.number).toBe(2);
    expect(second.session.id).not.toBe(first.session.id);
    expect(second.session.source).toMatchObject({ referrer: "https://search.example/", campaign: {} });
    expect(second.first).toEqual(first.first);
  });

  it("begin anew where a campaign brings one back; the site itself is no source", () => {
    const store = new Store();
    const first = visitOf(store, at(0), "https://shop.example/", "https://shop.example/mugs");
    const again = visitOf(store, at(1), "https://shop.example/?utm_source=mail", "");
    expect(first.session.source.referrer).toBe("");
    expect(again.session.number).toBe(2);
    expect(visitOf(store, at(2), "https://shop.example/?utm_source=mail", "").session.number).toBe(2);
  });
});

describe("the queue", () => {
  const message = (name: string, size = 1): Message => ({ messageId: name, text: "x".repeat(size) });

  it("keeps what was not answered, over pages, and sends it again", async () => {
    const first = open({}, new Error("offline"), answer(503));
    first.site.track("Mug Seen");
    await vi.advanceTimersByTimeAsync(0);
    expect(first.batches.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(first.batches.length).toBe(2);
    expect(first.site.queue.waiting().length).toBe(1);
    const next = open();
    await next.site.queue.flush();
    expect(next.batches.flat()[0]!["messageId"]).toBe(first.batches.flat()[0]!["messageId"]);
    expect(next.site.queue.waiting()).toEqual([]);
  });

  it("lets go of what was refused, and sends the others of its pack", async () => {
    const { site, batches } = open({}, answer(400, { error: "bad", faults: [{ place: "batch.1.event", message: "is missing" }] }));
    site.track("Mug Seen");
    site.track("");
    site.track("Mug Bought");
    await vi.runAllTimersAsync();
    expect(batches.map((batch) => batch.length)).toEqual([3, 2]);
    expect(batches[1]!.map((one) => one["event"])).toEqual(["Mug Seen", "Mug Bought"]);
    expect(site.queue.waiting()).toEqual([]);
  });

  it("gives up where the key may not send", async () => {
    const { site, send } = open({}, answer(403, { error: "pages of https://a.example may not send" }));
    site.page();
    await vi.runAllTimersAsync();
    expect(send).toHaveBeenCalledTimes(1);
    expect(site.queue.waiting()).toEqual([]);
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining("403 pages of"));
  });

  it("is bounded, and so is what goes at once", async () => {
    const bodies: string[] = [];
    const queue = new Queue(new Store(), "pk_mugs", async (body) => (bodies.push(body), answer(200)));
    for (let number = 0; number < MOST + 20; number++) queue.put(message(`m-${number}`, 1_000));
    expect(queue.waiting()[0]!.messageId).toBe("m-20");
    await queue.flush();
    expect(Math.max(...bodies.map((body) => body.length))).toBeLessThan(PACK + 200);
    expect(bodies.flatMap((body) => JSON.parse(body).batch).length).toBe(MOST);
  });

  it("is measured as it goes out: Persian letters are two bytes, and browsers take 64 KiB", async () => {
    const bodies: string[] = [];
    const queue = new Queue(new Store(), "pk_mugs", async (body) => (bodies.push(body), answer(200)));
    for (let number = 0; number < 60; number++) queue.put({ messageId: `m-${number}`, text: "لیوان".repeat(150) });
    await queue.flush();
    expect(Math.max(...bodies.map(bytesOf))).toBeLessThan(OUTLIVES);
    expect(bodies.flatMap((body) => JSON.parse(body).batch).length).toBe(60);
  });

  it("hands over what waits when the page goes, and keeps it until somebody answers", () => {
    const queue = new Queue(new Store(), "pk_mugs", () => new Promise(() => undefined));
    queue.put(message("m-1"));
    const beacon = vi.fn(() => true);
    queue.leave(beacon);
    expect(beacon).toHaveBeenCalledWith(expect.stringContaining('"messageId":"m-1"'));
    expect(queue.waiting().length).toBe(1);
  });
});

describe("pages without loading", () => {
  it("are told once for each address", async () => {
    const tell = vi.fn();
    onMoving(tell);
    history.pushState(null, "", "/mugs");
    history.replaceState(null, "", "/mugs#big");
    history.pushState(null, "", "/mugs?page=2");
    await vi.runAllTimersAsync();
    expect(tell).toHaveBeenCalledTimes(2);
  });
});

describe("forms", () => {
  const told = {
    token: "t", kind: "pop_up", language: "fa", dir: "rtl", title: "خبرنامه", text: "", button: "فرستادن", thanks: "",
    close: "بستن", failed: "نشد", trap_name: "homepage", trap: "", colour: "#1f5f4a", on_colour: "#ffffff", place: "centre",
    fields: [{ name: "email", label: "ایمیل", required: true, type: "email", autocomplete: "email" }], consents: ["برایم بفرستید"],
    opens: { after: null, scroll: null, leaving: false, path: "", days: 7, asks: false, otherwise: true }, shown: "s-1",
  } as Told;

  it("open on the pages of their pattern", () => {
    expect(["/mugs/blue", "/mugs/", "/mugs"].map((path) => fits("/mugs/*", path))).toEqual([true, true, false]);
    expect(fits("", "/anything")).toBe(true);
    expect(fits("/a.b", "/aXb")).toBe(false);
  });

  it("open once, at the first of what they wait for", async () => {
    const open = vi.fn();
    whenDue({ ...told, opens: { ...told.opens, after: 5, leaving: true } }, open);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(open).not.toHaveBeenCalled();
    document.dispatchEvent(new MouseEvent("mouseout", { clientY: 300 })); // over to another element
    expect(open).not.toHaveBeenCalled();
    document.dispatchEvent(new MouseEvent("mouseout", { clientY: -1, relatedTarget: null }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("show what was refused at its field, and send the same time once more", async () => {
    const bodies: URLSearchParams[] = [];
    const answers = [answer(422, { said: "نگاه کنید", faults: { email: "درست نیست" }, shown: "s-1" }), answer(200, { thanks: "سپاس", redirect: "" })];
    vi.stubGlobal("fetch", async (_: string, { body }: { body: URLSearchParams }) => (bodies.push(body), answers.shift()!));
    const box = document.body.appendChild(document.createElement("div"));
    const { site } = open();
    render(site, { ...told, kind: "embedded" }, box);
    const form = box.shadowRoot!.querySelector("form")!;
    form.querySelector<HTMLInputElement>("[name=email]")!.value = "mina";
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(box.shadowRoot!.querySelector(".said")!.textContent).toBe("نگاه کنید");
    expect(box.shadowRoot!.querySelector("[name=email]")!.getAttribute("aria-invalid")).toBe("true");
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(box.shadowRoot!.textContent).toContain("سپاس");
    expect(bodies[1]!.get("shown")).toBe("s-1");
    expect(bodies[1]!.get("anonymous")).toBe(site.who().anonymousId);
    vi.unstubAllGlobals();
  });

  it("that are for some visitors open for those alone, told by the address and asked once", async () => {
    const asked: unknown[] = [];
    vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => (asked.push(JSON.parse(body)), answer(200, { show: ["vip"] })));
    const [all, vip, others] = [told, { ...told, token: "vip" }, { ...told, token: "others" }];
    for (const form of [vip, others]) form.opens = { ...told.opens, asks: true, otherwise: form === others };
    const tokens = async (site: Site) => (await allowed(site, [all, vip, others])).map((form) => form.token);
    const first = open({ consentFirst: true }).site;
    history.replaceState(null, "", "/mugs?safar_visitor=signed&q=1");
    takeVisitor(first);
    expect(location.search).toBe("?q=1");
    expect(await tokens(first)).toEqual(["t", "others"]); // nobody was asked before consent
    first.consent({ analytics: true });
    expect(await tokens(first)).toEqual(["t", "vip"]);
    expect(await tokens(first)).toEqual(["t", "vip"]);
    expect(asked).toEqual([{ anonymousId: first.who().anonymousId, visitor: "signed" }]);
    first.reset();
    expect(first.store.read("visitor")).toBeUndefined();
    vi.unstubAllGlobals();
  });

  it("open once in so many days, and never again for whoever has answered", async () => {
    const seen: string[] = [];
    const always = { ...told, opens: { ...told.opens, days: 7 } };
    vi.stubGlobal("fetch", async (url: string, { body }: { body?: string } = {}) => {
      if (url.endsWith("/seen")) seen.push(JSON.parse(body!).what);
      return url.includes("/f/") ? answer(200, { thanks: "سپاس", redirect: "" }) : answer(200, { forms: [always] });
    });
    vi.spyOn(HTMLDialogElement.prototype, "showModal").mockImplementation(() => undefined);
    const { site } = open();
    const dialog = async () => {
      await showForms(site);
      return [...document.querySelectorAll("div")].map((box) => box.shadowRoot?.querySelector("dialog")).find(Boolean);
    };
    const first = (await dialog())!;
    first.dispatchEvent(new Event("close"));
    expect(await dialog()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(7 * 86_400_000);
    const second = (await dialog())!;
    second.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    await vi.advanceTimersByTimeAsync(0);
    second.dispatchEvent(new Event("close"));
    await vi.advanceTimersByTimeAsync(365 * 86_400_000);
    expect(await dialog()).toBeUndefined();
    expect(seen).toEqual(["shown", "closed", "shown"]);
    vi.unstubAllGlobals();
  });
});
