-- The engine's scratch tables, one set a connection: what a tick has claimed and what its rounds hand to each other.
-- Temporary tables write no WAL; they are emptied at the end of a tick.

CREATE TEMP TABLE tick (lane smallint NOT NULL, horizon timestamptz NOT NULL, now timestamptz NOT NULL);

-- What the statements must know of a workspace.
CREATE TEMP TABLE house (
    workspace_id integer PRIMARY KEY, zone text NOT NULL, calendar text NOT NULL, currency text NOT NULL, late_events interval NOT NULL
);

-- Addresses that are told of events: of exact names, and of names that begin so.
CREATE TEMP TABLE listener (
    workspace_id integer NOT NULL, id integer NOT NULL, url text NOT NULL, queue text NOT NULL, names text[] NOT NULL, beginnings text[] NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Where the end of a delay or a deadline leads without anything being read: filled from the plan.
CREATE TEMP TABLE due_way (version_id integer NOT NULL, place smallint NOT NULL, stretch integer NOT NULL, target smallint NOT NULL,
    PRIMARY KEY (version_id, place));

-- A contact of this tick. n: number of its next event; stop_at: a later event of it was put back, nothing may overtake it.
CREATE TEMP TABLE walker (
    contact_id bigint PRIMARY KEY, bucket smallint NOT NULL, workspace_id integer NOT NULL, n integer NOT NULL DEFAULT 1,
    fresh boolean NOT NULL DEFAULT FALSE, stop_at timestamptz, internals smallint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- The events claimed, numbered for each contact.
CREATE TEMP TABLE thing (
    contact_id bigint NOT NULL, n integer NOT NULL, lane smallint, inbox_id bigint, at timestamptz NOT NULL, received_at timestamptz,
    timestamp timestamptz NOT NULL, type text NOT NULL, name text NOT NULL, properties jsonb NOT NULL, traits jsonb, consent jsonb, tags jsonb,
    context jsonb, message_id text, hops smallint NOT NULL, late boolean NOT NULL, PRIMARY KEY (contact_id, n)
);

-- Timers due before the horizon. grp 0 segment (a: its id) · 1 enrollment (a: journey, b: enrollment, c: 0 exit_when 1 its point)
-- · 2 starting point (a: journey, b: its number) · 3 to be read for a publishing (a: its id). The columns are the order within an instant.
CREATE TEMP TABLE due (
    contact_id bigint NOT NULL, at timestamptz NOT NULL, grp smallint NOT NULL, a integer NOT NULL, b bigint NOT NULL, c smallint NOT NULL,
    one_per text NOT NULL
);
CREATE INDEX due_next ON due (contact_id, at, grp, a, b, c);

-- Internal events waiting for their turn, in the order of causing. facts: an emitted event, which does the whole of step 1.
CREATE TEMP SEQUENCE caused_order;
CREATE TEMP TABLE caused (
    contact_id bigint NOT NULL, ord bigint NOT NULL, bucket smallint NOT NULL, workspace_id integer NOT NULL, name text NOT NULL,
    properties jsonb NOT NULL, tokens text[] NOT NULL, tags_added text[], tags_removed text[], traits_changed jsonb, consent jsonb,
    hops integer NOT NULL, late boolean NOT NULL, at timestamptz NOT NULL, cause text, cause_journey integer, facts boolean NOT NULL, PRIMARY KEY (contact_id, ord)
);

-- One thing a contact: what this round deals with. kind: 0 internal event 1 event 2 timer.
-- alive: steps 2 to 4 as usual (not late, at most 8 hops, within the 200); enters: alive and may bring in.
CREATE TEMP TABLE turn (
    contact_id bigint PRIMARY KEY, bucket smallint NOT NULL, workspace_id integer NOT NULL, kind smallint NOT NULL, at timestamptz NOT NULL,
    ts timestamptz, received_at timestamptz, seq bigint NOT NULL, type text, name text, properties jsonb, traits jsonb, consent jsonb,
    tags jsonb, context jsonb, message_id text, hops integer NOT NULL DEFAULT 0, late boolean NOT NULL DEFAULT FALSE,
    counted boolean NOT NULL DEFAULT TRUE, alive boolean NOT NULL DEFAULT TRUE, enters boolean NOT NULL DEFAULT TRUE,
    facts boolean NOT NULL DEFAULT FALSE, fresh boolean NOT NULL DEFAULT FALSE, tokens text[] NOT NULL DEFAULT '{}',
    created boolean NOT NULL DEFAULT FALSE, ordered boolean NOT NULL DEFAULT FALSE, tags_added text[], tags_removed text[],
    traits_changed jsonb, consent_changed jsonb, cause text, cause_journey integer, grp smallint, a integer, b bigint, c smallint, one_per text
) WITH (fillfactor = 50);

-- Journeys left by the event in hand; starting points that are states and match now.
CREATE TEMP TABLE left_now (contact_id bigint NOT NULL, journey_id integer NOT NULL);
CREATE INDEX left_now_contact ON left_now (contact_id);
CREATE TEMP TABLE start_now (contact_id bigint NOT NULL, journey_id integer NOT NULL, start smallint NOT NULL);
CREATE INDEX start_now_contact ON start_now (contact_id);

-- Enrollments of one journey in their order within a contact, and those of the rank in hand.
CREATE TEMP TABLE ranked (contact_id bigint NOT NULL, one_per text NOT NULL, rank bigint NOT NULL);
CREATE TEMP TABLE ranked_now (contact_id bigint PRIMARY KEY, one_per text NOT NULL);

CREATE TEMP TABLE entrant (
    contact_id bigint NOT NULL, bucket smallint NOT NULL, workspace_id integer NOT NULL, at timestamptz NOT NULL, hops integer NOT NULL,
    seq bigint NOT NULL, start smallint NOT NULL, entry jsonb, one_per text NOT NULL, refused smallint, enrollment_id bigint NOT NULL,
    entry_no integer NOT NULL, past boolean NOT NULL, held boolean NOT NULL, flip timestamptz, goal_until timestamptz, late boolean NOT NULL
);

-- People about to move: by which stretch, towards which point (-1: the map ends). fresh: exit_when has been read already.
CREATE TEMP TABLE mover (
    contact_id bigint PRIMARY KEY, bucket smallint NOT NULL, journey_id integer NOT NULL, one_per text NOT NULL, enrollment_id bigint NOT NULL,
    workspace_id integer NOT NULL, version_id integer NOT NULL, entry_no integer NOT NULL, entered_at timestamptz NOT NULL,
    entry_seq bigint NOT NULL, from_place smallint, stretch integer NOT NULL, target smallint NOT NULL, at timestamptz NOT NULL,
    hops integer NOT NULL, seq bigint NOT NULL, fresh boolean NOT NULL
);
CREATE TEMP TABLE mover_next (LIKE mover);

-- Contacts whose hints in timer this tick has used up.
CREATE TEMP TABLE hinted (contact_id bigint PRIMARY KEY, bucket smallint NOT NULL);

-- Where walkers wait while their table is emptied (Session.renew_walkers).
CREATE TEMP TABLE walker_kept (LIKE walker);

-- Who may move to another version: those who stand at a place and came by a way (its md5, ways are long); target: where they stand then.
CREATE TEMP TABLE allowed_way (place smallint NOT NULL, way uuid NOT NULL, target smallint NOT NULL, PRIMARY KEY (place, way));
