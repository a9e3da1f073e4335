import { Queue, type Message, type Send } from "./queue";
import { asksNotToBeTracked, type Options } from "./options";
import { Store } from "./store";
import { randomId, visitOf } from "./visit";

export type Json = Record<string, unknown>;
interface Who {
  anonymousId: string;
  userId?: string;
}

const MOST_HELD = 100; // calls kept in memory until somebody consents
export const VERSION = "1";

/** Who is here and what they do, said to Safar. Without consent, where it is asked for first, nothing is kept or sent. */
export class Site {
  readonly queue: Queue;
  private held: (() => void)[] = [];
  private allowed: boolean | undefined;
  private referrer = document.referrer;

  constructor(
    readonly options: Options,
    send: Send,
    readonly store = new Store(),
  ) {
    this.queue = new Queue(store, options.key, send);
    const said = store.read("consent");
    if (options.respectsRefusal && asksNotToBeTracked(navigator)) this.allowed = false;
    else if (options.consentFirst) this.allowed = said === true || undefined;
    else this.allowed = said !== false;
  }

  /** `{analytics: true}`: what was said so far in this page goes out. `{analytics: false}`: all that was kept is forgotten;
   * where nobody is asked first, that refusal alone is remembered, or the next page would begin anew. */
  consent(said: { analytics?: boolean }): void {
    if (said?.analytics === true) {
      if (this.options.respectsRefusal && asksNotToBeTracked(navigator)) return;
      this.allowed = true;
      this.store.write("consent", true);
      for (const call of this.held.splice(0)) call();
    } else if (said?.analytics === false) {
      this.allowed = false;
      this.held = [];
      this.queue.clear();
      for (const name of ["who", "visit", "consent", "forms", "visitor", "mine"]) this.store.drop(name);
      if (!this.options.consentFirst) this.store.write("consent", false);
    }
  }

  page(name?: string, properties: Json = {}): void {
    const { href, origin, pathname, search } = location;
    const seen = { url: href, path: pathname, search, title: document.title, referrer: this.referrer };
    const address = origin + pathname + search;
    this.when(() => this.say("page", { ...(name ? { name } : {}), properties: { ...seen, ...properties } }));
    this.referrer = address;
  }

  track(event: string, properties: Json = {}): void {
    this.when(() => this.say("track", { event, properties }));
  }

  /** Joins what was done here without a name to the person. Traits alone, such as an e-mail, do so as well. */
  identify(user: string | number | Json | null, traits?: Json): void {
    const id = typeof user === "object" ? undefined : String(user);
    const told = typeof user === "object" && user ? user : (traits ?? {});
    this.when(() => {
      const who = this.who();
      // Somebody else at the same browser: what they do from now on is not the first one's.
      if (id && who.userId && who.userId !== id) for (const name of ["who", "visitor", "mine"]) this.store.drop(name);
      if (id) this.store.write("who", { ...this.who(), userId: id });
      this.say("identify", { traits: told });
    });
  }

  alias(user: string, previous?: string): void {
    this.when(() => {
      const previousId = previous ?? this.who().anonymousId;
      this.store.write("who", { ...this.who(), userId: String(user) });
      this.say("alias", { previousId });
    });
  }

  /** A token of Safar's, by which forms surely know who it is: from the link of a message, or from the shop's own server. */
  visitor(token: string): void {
    this.when(() => {
      this.store.write("visitor", token);
      this.store.drop("mine");
    });
  }

  /** Signed out: whoever is here next is nobody known. */
  reset(): void {
    this.when(() => {
      for (const name of ["who", "visit", "visitor", "mine"]) this.store.drop(name);
    });
  }

  /** The one who is here; a new anonymousId where nobody was. */
  who(): Who {
    const kept = this.store.read<Who>("who");
    if (kept?.anonymousId) return kept;
    const made = { anonymousId: randomId() };
    this.store.write("who", made);
    return made;
  }

  /** Whether anything may be written down in this browser. */
  mayKeep(): boolean {
    return this.allowed === true;
  }

  /** Where this is and where they came from, by the names in addresses. Without consent the page alone. */
  came(): Record<string, string> {
    const page = location.href;
    if (!this.mayKeep()) return { page };
    const { referrer, campaign } = visitOf(this.store, Date.now(), location.href, document.referrer).session.source;
    const utm = Object.entries(campaign).map(([name, value]) => [`utm_${name === "name" ? "campaign" : name}`, value]);
    return { page, referrer, ...Object.fromEntries(utm) };
  }

  private when(call: () => void): void {
    if (this.allowed) call();
    else if (this.allowed === undefined && this.held.length < MOST_HELD) this.held.push(call);
  }

  private say(type: string, more: Json): void {
    const now = Date.now();
    const message: Message = {
      type,
      ...this.who(),
      ...more,
      messageId: `site-${randomId()}`,
      timestamp: new Date(now).toISOString(),
      context: this.context(now),
    };
    this.queue.put(message);
  }

  private context(now: number): Json {
    const { first, session } = visitOf(this.store, now, location.href, document.referrer);
    const { href: url, pathname: path, search } = location;
    return {
      page: { url, path, search, title: document.title, referrer: session.source.referrer },
      campaign: session.source.campaign,
      session: { id: session.id, number: session.number },
      first,
      locale: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      userAgent: navigator.userAgent,
      screen: { width: screen.width, height: screen.height },
      library: { name: "safar.js", version: VERSION },
    };
  }
}
