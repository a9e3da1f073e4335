import type { Draft, Fault, Told } from "./model/types";
import type { Overtaken, Refused } from "./server";

export type State = "saved" | "waiting" | "saving" | "offline" | "overtaken" | "refused";
export type Answer = Told | Overtaken | Refused;
type Clash = { base: Draft; theirs: Told & { draft: Draft } };

export type Callbacks = {
  save: (draft: Draft, revision: number) => Promise<Answer>;
  onState: (state: State) => void;
  onTold: (told: Told) => void;
  onClash: (clash: Clash) => void;
  onRefused: (faults: Fault[]) => void;
};

export const DEBOUNCE = 600;
export const RETRY = 4_000;

/**
 * Saves a draft a moment after it was changed, one saving at a time, against the revision it was made from.
 *
 * Where somebody else has saved since nothing is written: `onClash` gets what both began with and what is kept, and
 * saving rests until `settle`. Where the server cannot be reached it is tried again; what was drawn stays here.
 */
export class Saving {
  private base: Draft;
  private revision: number;
  private wanted: Draft;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private rests = false;

  constructor(
    draft: Draft,
    revision: number,
    private readonly calls: Callbacks,
  ) {
    this.base = this.wanted = draft;
    this.revision = revision;
  }

  get unsaved(): boolean {
    return this.wanted !== this.base || this.busy;
  }

  get at(): number {
    return this.revision;
  }

  want(draft: Draft): void {
    if (draft === this.wanted) return;
    this.wanted = draft;
    if (this.rests) return;
    this.calls.onState("waiting");
    this.later(DEBOUNCE);
  }

  /** What is kept is known anew: after a clash was settled, or because somebody else's draft was taken over. */
  settle(kept: Draft, revision: number): void {
    this.base = kept;
    this.revision = revision;
    this.rests = false;
    if (this.wanted === kept) this.calls.onState("saved");
    else this.later(0);
  }

  /** Takes over somebody else's draft as what is here, too. */
  takeOver(draft: Draft, revision: number): void {
    this.wanted = draft;
    this.settle(draft, revision);
  }

  async now(): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy || this.rests || this.wanted === this.base) return;
    const [draft, base] = [this.wanted, this.base];
    this.busy = true;
    this.calls.onState("saving");
    try {
      this.heard(await this.calls.save(draft, this.revision), draft, base);
    } catch {
      this.calls.onState("offline");
      this.later(RETRY);
    } finally {
      this.busy = false;
    }
    if (!this.rests && this.wanted !== this.base && this.wanted !== draft) this.later(DEBOUNCE);
  }

  private heard(told: Answer, draft: Draft, base: Draft): void {
    if ("overtaken" in told) {
      this.rests = true;
      this.calls.onState("overtaken");
      this.calls.onClash({ base, theirs: told.overtaken });
    } else if ("refused" in told) {
      this.calls.onState("refused");
      this.calls.onRefused(told.refused);
    } else {
      this.base = draft;
      this.revision = told.revision;
      this.calls.onTold(told);
      this.calls.onState(this.wanted === draft ? "saved" : "waiting");
    }
  }

  private later(after: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), after);
  }
}
