/** The journey as it is written, and what the page tells of its kinds. Shapes are those of safar/console/journeys/mapping.py. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
/** A field of a point: a mapping whose order counts may be a Map (ordered.ts). */
export type Value = Json | ReadonlyMap<string, Json>;
/** A mapping whose order counts, whatever its names (ordered.ts). */
export type Ordered<T> = ReadonlyMap<string, T> | { readonly [name: string]: T };
export type Params = Record<string, Value | undefined>;

/** A point or starting point as written: kind, its parameters, and where its paths lead. */
export type Written = Params & { kind: string; next?: string | null; paths?: Ordered<string | null> | null };

export type Section = "start" | "points";
/** `points.greet`: the place of a point, as faults name it. */
export type Ref = string;

export type Draft = {
  journey: string;
  title?: Json;
  serves?: Json;
  settings?: Json;
  start: Record<string, Written>;
  points: Record<string, Written>;
};

export type Choice = { value: string; label: string };

export type Parameter = {
  name: string;
  type: string;
  label: string;
  help: string;
  required: boolean;
  choices: Choice[];
  default: Json;
};

export type Kind = {
  kind: string;
  section: "starting point" | "rule" | "action";
  icon: string;
  label: string;
  help: string;
  paths: string[] | null;
  rest: string[];
  leadsBack: string[];
  example: Params;
  parameters: Parameter[];
};

export type Part = { name: string; label: string; type: string; choices?: Choice[] };
export type Subject = { choices: Choice[] | null; operators: string[]; parts: Part[]; required: string[] };
export type ConditionForm = {
  key: string;
  label: string;
  help: string;
  example: Record<string, Json>;
  shape: "list" | "one" | "test";
  subjects?: Subject[];
};
export type OperatorForm = { key: string; label: string; type: string; timed: boolean };

export type Named = { key: string; title: string; channel?: string };
export type Offers = {
  template: Named[];
  segment: Named[];
  journey: Named[];
  topic: Named[];
  destination: string[];
  tag: string[];
  event: string[];
  trait: string[];
  property: Record<string, string[]>;
};

export type Fault = { place: string; message: string; line?: number | null };

/** What the server says of a draft: faults, and a line and the ways out for each point. */
export type Told = {
  revision: number;
  by: string;
  draft: Draft | null;
  faults: Fault[];
  summaries: Record<Ref, string>;
  ways: Record<Ref, string[]>;
  settings: string[];
};

export type Messages = {
  sent: number;
  skipped: Record<string, number>;
  failed: Record<string, number>;
  over_budget?: number;
  undelivered?: Record<string, number>;
  in_doubt: number;
  waiting: number;
  delivered: number | null;
  opened: number | null;
  clicked: number | null;
  unsubscribed: number | null;
} & Money;

/** Amounts are in words. why: it is not known, and for what reason. */
export type Earned = { money?: string; orders?: number; people?: number; unpriced?: number; why?: "reckoning" | "no_goal" | "no_amount" };
/** kept: what the mailbox kept would have cost. */
export type Cost = { money?: string; kept?: string; unpriced?: number; why?: "reckoning" | "nothing_sent" | "no_price" };
export type Money = { earned: Earned; cost: Cost };
/** points, low, high: of a hundred; why few: nothing can be told yet. */
export type Lift = {
  people: number;
  held: number;
  share: number;
  held_share: number;
  points: number;
  low: number;
  high: number;
  sure: boolean;
  why?: "few";
  least?: number;
};

/** did: null where nobody can tell. points, low, high: of a hundred, by which the first is ahead. verdict: null where nobody can tell. */
export type Variants = {
  metric: "opened" | "clicked" | "goal";
  lines: { name: string; sent: number; did: number | null }[];
  verdict: "winner" | "chance" | "few" | null;
  least: number;
  name?: string;
  points?: number;
  low?: number;
  high?: number;
};

export type PointFigures = {
  entered: number;
  standing: number;
  paths: Record<string, number>;
  left: Record<string, number>;
  set_aside: number;
  moved: number;
  oldest?: string | null;
  due?: string | null;
  messages?: Messages;
  variants?: Variants;
  /** Where people stay. null: being reckoned; seconds null: nobody has gone on yet. */
  stay?: { seconds: number | null; people: number } | null;
  /** Of a back-test: messages that would have gone out, and what nobody can know. */
  would_send?: number;
  unknown?: "reads" | "after";
};

/** version: null before the first one; then nothing else is told but state and revision. */
export type Figures = {
  version: number | null;
  matched: number;
  entered: number;
  standing: number;
  by_starting_point: Record<string, number>;
  held_out: number;
  refused: Record<string, number>;
  goals: number;
  money: string;
  money_said: string;
  whole: Money;
  lift: Lift | null;
  points: Record<string, PointFigures>;
  other_versions: Record<string, number>;
  closes: boolean;
  state: string;
  revision: number;
};

/** Of a back-test: no version, nothing that lives. */
export type TrialFigures = Pick<Figures, "matched" | "entered" | "by_starting_point" | "held_out" | "refused" | "goals" | "money" | "points">;

export type Boot = {
  key: string;
  state: string;
  version: number | null;
  published: Draft | null;
  mayEdit: boolean;
  language: "en" | "fa";
  zone: string;
  calendar: "gregorian" | "jalali";
  urls: { map: string; parse: string; figures: string; publishing: string; people: string; moves: string; sent: string; messages: string; hooks?: string };
  /** Where other systems call, by the name that journeys know; for whoever may edit. */
  hooks?: { key: string; address: string }[];
  sprite: string;
  limits: { starts: number; points: number };
  duties: string[];
  kinds: Kind[];
  conditions: ConditionForm[];
  operators: OperatorForm[];
  paths: Record<string, string>;
  choices: Record<string, string>;
  offers: Offers;
  words: Record<string, string>;
  map: Told & { draft: Draft };
  /** A back-test is shown and nothing is drawn; figures null while it is under way. */
  trial?: { figures: TrialFigures | null };
};
