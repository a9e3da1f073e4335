import type { Store } from "./store";

export const IDLE = 30 * 60_000; // ms without an event after which a new session begins
const LONGEST = 500; // characters of an address or a UTM value that are kept

/** Where somebody came from. campaign: UTM parameters by Segment's names (`source`, `medium`, `name`, `term`, `content`). */
export interface Source {
  at: string;
  page: string;
  referrer: string;
  campaign: Record<string, string>;
}

export interface Session {
  id: string;
  number: number;
  last: number;
  source: Source;
}

interface Kept {
  first: Source;
  session: Session;
}

/** The present session and the first visit. A session ends after `IDLE`, or when a campaign's link brings one back. */
export function visitOf(store: Store, now: number, href: string, referrer: string): Kept {
  const kept = store.read<Kept>("visit");
  const source = sourceOf(now, href, referrer);
  const old = kept?.session;
  const goesOn = old && now - old.last < IDLE && (empty(source.campaign) || same(source.campaign, old.source.campaign));
  const session = goesOn
    ? { ...old, last: now }
    : { id: crypto.randomUUID?.() ?? randomId(), number: (old?.number ?? 0) + 1, last: now, source };
  const visit = { first: kept?.first ?? source, session };
  store.write("visit", visit);
  return visit;
}

export function sourceOf(now: number, href: string, referrer: string): Source {
  const page = new URL(href);
  const campaign: Record<string, string> = {};
  for (const [name, value] of page.searchParams) {
    if (name.startsWith("utm_") && value) campaign[name === "utm_campaign" ? "name" : name.slice(4)] = value.slice(0, LONGEST);
  }
  const own = referrer.startsWith(`${page.origin}/`) || referrer === page.origin;
  return {
    at: new Date(now).toISOString(),
    page: (page.origin + page.pathname).slice(0, LONGEST),
    referrer: own ? "" : referrer.slice(0, LONGEST),
    campaign,
  };
}

/** 122 random bits; `crypto.randomUUID` is there on https only. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const empty = (campaign: Record<string, string>) => Object.keys(campaign).length === 0;
const same = (one: Record<string, string>, other: Record<string, string>) =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
