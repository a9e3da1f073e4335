-- The tables of the engine, its only writer. One file serves the migration and every scratch schema of a back-test.

CREATE SEQUENCE enrollment_number;

-- One row per contact, journey and one_per value: the trip that is open, or the last one. Never an index or predicate on
-- place, state or a time: 0.9 µs a HOT update against 8.4 µs.
-- What a step changes stands last: the log of an update holds a row from its first changed byte on.
CREATE TABLE enrollment (
    bucket         smallint NOT NULL,
    contact_id     bigint NOT NULL,
    journey_id     integer NOT NULL,
    one_per        text NOT NULL DEFAULT '',           -- canonical: '' without one_per, else JSON text of the folded value
    id             bigint NOT NULL,
    workspace_id   integer NOT NULL,
    version_id     integer NOT NULL,
    entry_no       integer NOT NULL,
    starting_point smallint NOT NULL,
    entered_at     timestamptz NOT NULL,
    entry_seq      bigint NOT NULL,                    -- sequence at the entry: what is greater came after
    goal_until     timestamptz,                        -- the goal counts up to here; infinity without `within`
    goal_at        timestamptz,
    goal_money     numeric,
    reason         text,
    ended_at       timestamptz,
    exit_flip_at   timestamptz,                        -- next reading of exit_when
    trail_moved    integer NOT NULL DEFAULT 0,         -- elements of the trail that went to enrollment_past
    state          smallint NOT NULL,                  -- 0 open 1 finished 2 left 3 set_aside 4 held_out
    hops           smallint NOT NULL DEFAULT 0,
    place          smallint,                           -- index of the point where it stands; kept where it left
    since          timestamptz NOT NULL,               -- arrival at place; its last stretch began then
    since_seq      bigint NOT NULL,
    wake_at        timestamptz,                        -- end of a delay, deadline of a wait, end of a held-out trip
    flip_at        timestamptz,                        -- next reading of the wait's condition
    held_at        timestamptz,                        -- while paused: the moment at which it would have moved on by what it waited for
    trail          bigint[] NOT NULL DEFAULT '{}',     -- pairs: microseconds since entry, stretch << 48 | decisions
    PRIMARY KEY (bucket, contact_id, journey_id, one_per)
) WITH (fillfactor = 40);

-- Trips that ended before a re-entry, and trails that grew past 128 elements (same columns; part: elements of the trail before it).
CREATE TABLE enrollment_past (LIKE enrollment, part integer NOT NULL DEFAULT 0,
    PRIMARY KEY (bucket, contact_id, journey_id, one_per, entry_no, part));

CREATE TABLE enrollment_entry (
    bucket        smallint NOT NULL,
    enrollment_id bigint NOT NULL,
    entry_no      integer NOT NULL,
    properties    jsonb NOT NULL,
    PRIMARY KEY (bucket, enrollment_id, entry_no)
);

-- What a contact's starting points and watched segments wait for. kind: 0 segment, 1 starting point.
CREATE TABLE contact_watch (
    bucket     smallint NOT NULL,
    contact_id bigint NOT NULL,
    kind       smallint NOT NULL,
    watch_id   integer NOT NULL,                       -- segment id; journey id * 4 + number of the starting point
    due_at     timestamptz,                            -- null: nothing armed
    mark       text,                                   -- what was matched already (the pause of a cart, the value of a date)
    PRIMARY KEY (bucket, contact_id, kind, watch_id)
) WITH (fillfactor = 80);

-- Hints: something of these contacts is due at or after `slot`. What exactly stands in enrollment and contact_watch; who is
-- not due yet goes back into a finer slot. 10,000 due of 10,000,000 in 4 ms.
CREATE SEQUENCE timer_number;
CREATE TABLE timer (
    lane     smallint NOT NULL,
    slot     timestamptz NOT NULL,
    id       bigint NOT NULL DEFAULT nextval('timer_number'),
    subjects bigint[] NOT NULL,
    PRIMARY KEY (lane, slot, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE timer ALTER COLUMN subjects SET STORAGE EXTERNAL;

-- Insert-only; each closed hour is compacted per lane. stretch < 0: -1 entered (decisions: starting point), -2 held out,
-- -3 refused (reason number), -4 left (reason number * 256 + place), -5 set aside (place), -6 goal.
CREATE TABLE passage_count (
    lane       smallint NOT NULL,
    version_id integer NOT NULL,
    stretch    integer NOT NULL,
    decisions  bigint NOT NULL,
    hour       timestamptz NOT NULL,
    n          bigint NOT NULL,
    money      numeric
);
CREATE INDEX passage_count_version ON passage_count (version_id);

-- Journeys that went in circles (docs/semantics.md 19): when last, and whom it caught.
CREATE TABLE journey_loop (
    journey_id integer PRIMARY KEY,
    contact_id bigint NOT NULL,
    at         timestamptz NOT NULL
);

-- Enrollments that could not be computed: the error, for whoever mends it.
CREATE TABLE set_aside (
    bucket     smallint NOT NULL,
    contact_id bigint NOT NULL,
    version_id integer NOT NULL,
    at         timestamptz NOT NULL,
    error      text NOT NULL,
    PRIMARY KEY (bucket, contact_id, version_id, at)
);

-- Goes up with every change to journeys, segments or workspaces that an engine must know of.
CREATE TABLE engine_plan (
    id     smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    serial bigint NOT NULL DEFAULT 0
);
INSERT INTO engine_plan DEFAULT VALUES;
