import type { Store } from "./store";

export type Message = Record<string, unknown> & { messageId: string };
export type Send = (body: string) => Promise<Response>;

export const MOST = 200; // messages that wait; of more the oldest go
export const PACK = 50_000; // bytes of the messages of one request
export const OUTLIVES = 60_000; // bytes of a request that may outlive its page: browsers take 64 KiB and refuse more for good
const RETRIES = [1_000, 4_000, 15_000, 60_000]; // ms; the last from then on

/** Messages that are not answered yet, kept until they are. Sending one twice is harmless: its messageId is known. */
export class Queue {
  private under = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly key: string,
    private readonly send: Send,
    private readonly say: (text: string) => void = (text) => console.warn(`safar: ${text}`),
  ) {}

  put(message: Message): void {
    this.store.write("queue", [...this.waiting(), message].slice(-MOST));
    if (!this.timer) this.later(0);
  }

  waiting(): Message[] {
    const kept = this.store.read<Message[]>("queue");
    return Array.isArray(kept) ? kept : [];
  }

  /** Send what waits, a pack at a time. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.under) return;
    this.under = true;
    try {
      for (let pack = this.pack(); pack.length; pack = this.pack()) {
        if (!(await this.sent(pack))) break;
      }
    } finally {
      this.under = false;
    }
  }

  /** The page is going: hand over what waits without waiting for an answer. It stays kept until somebody has answered. */
  leave(beacon: (body: string) => boolean): void {
    const pack = this.pack();
    if (pack.length) beacon(this.body(pack));
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.store.drop("queue");
  }

  private async sent(pack: Message[]): Promise<boolean> {
    let answer: Response;
    try {
      answer = await this.send(this.body(pack));
    } catch {
      return this.again();
    }
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return this.again();
    this.tries = 0;
    if (answer.ok) {
      this.forget(pack);
      return true;
    }
    const told = await answer.json().catch(() => null);
    const refused = answer.status === 400 ? named(told, pack) : [];
    this.say(`${answer.status} ${told?.error ?? ""}`);
    this.forget(refused.length ? refused : pack); // the others of a pack go once more without the bad ones
    return true;
  }

  private again(): boolean {
    this.later(RETRIES[Math.min(this.tries, RETRIES.length - 1)]!);
    this.tries += 1;
    return false;
  }

  private later(after: number): void {
    this.timer = setTimeout(() => void this.flush(), after);
  }

  private pack(): Message[] {
    const waiting = this.waiting();
    let size = 0;
    const end = waiting.findIndex((message) => (size += bytesOf(JSON.stringify(message))) > PACK);
    return end < 0 ? waiting : waiting.slice(0, Math.max(1, end));
  }

  private body(batch: Message[]): string {
    return JSON.stringify({ writeKey: this.key, sentAt: new Date().toISOString(), batch });
  }

  /** Other tabs may have put something in meanwhile. */
  private forget(done: Message[]): void {
    const gone = new Set(done.map((message) => message.messageId));
    this.store.write("queue", this.waiting().filter((message) => !gone.has(message.messageId)));
  }
}

/** As it goes out, in UTF-8: a Persian letter is two bytes. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The messages that faults such as `batch.2.event` name. */
function named(told: { faults?: { place: string }[] } | null, pack: Message[]): Message[] {
  const numbers = (told?.faults ?? []).map((fault) => /^batch\.(\d+)/.exec(fault.place)?.[1]);
  return pack.filter((_, number) => numbers.includes(String(number)));
}
