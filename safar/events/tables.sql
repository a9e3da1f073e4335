-- The tables of the room `events`: what was accepted (seen, inbox) and what was applied (event).

CREATE SEQUENCE event_seq;                             -- one number an event, taken when it is applied: a contact's events in order

-- A message accepted within the last 35 days: 128 bits of hash over workspace and messageId. A partition holds a month: a
-- hash has to be looked for in each, and 35 daily ones cost 900 µs a message in batches of 100, two monthly ones 25.
CREATE TABLE seen (
    day  date NOT NULL,                                -- the first of the month it came in, so that the key sees the whole month
    hash uuid NOT NULL,
    PRIMARY KEY (hash, day)
) PARTITION BY RANGE (day);
CREATE TABLE seen_default PARTITION OF seen DEFAULT;

CREATE TABLE lane (
    id        smallint PRIMARY KEY,
    clock     timestamptz NOT NULL DEFAULT '1900-01-01Z',
    inbox_low bigint NOT NULL DEFAULT 0                -- claims look above it, and once in 10 s at everything: keeps them off dead index entries
) WITH (fillfactor = 50);
CREATE TABLE bucket_lane (bucket smallint PRIMARY KEY, lane smallint NOT NULL);

CREATE SEQUENCE inbox_number;
CREATE TABLE inbox (
    lane         smallint NOT NULL,
    id           bigint NOT NULL DEFAULT nextval('inbox_number'),
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now(),
    applied_at   timestamptz,                          -- set where an event was claimed and put back: its time stands
    timestamp    timestamptz NOT NULL,
    type         text NOT NULL,                        -- track identify page screen group alias · edit merge absorb recount
    name         text NOT NULL,                        -- as in the history
    properties   jsonb NOT NULL DEFAULT '{}',
    traits       jsonb,                                -- identify, edit: trait → value, null removes
    consent      jsonb,                                -- channel → given | pending | withdrawn
    tags         jsonb,                                -- edit: {"add": [...], "remove": [...]}
    context      jsonb,                                -- kept in the log
    message_id   text,
    hops         smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (lane, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX inbox_put_back ON inbox (lane, id) WHERE applied_at IS NOT NULL;
-- type merge: properties {"into": winner's id}; type absorb: properties {"from": loser's id}, stands in the winner's queue at its place.
-- type recount: a rate of the workspace is another now, the shop facts are folded anew.

CREATE TABLE event (
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    seq          bigint NOT NULL,
    applied_at   timestamptz NOT NULL,
    timestamp    timestamptz NOT NULL,
    type         text NOT NULL,                        -- as in inbox, or `internal`
    name         text NOT NULL,
    properties   jsonb NOT NULL,
    traits       jsonb,
    context      jsonb,
    message_id   text,
    cause        text,                                 -- internal: journey.point that caused it
    hops         smallint NOT NULL DEFAULT 0,
    received_at  timestamptz
) PARTITION BY RANGE (timestamp);
CREATE INDEX event_contact ON event (bucket, contact_id, name, timestamp);
CREATE TABLE event_default PARTITION OF event DEFAULT;

-- How far the import of a file came; written in the transaction of its rows. file: SHA-256 of what it contains.
CREATE TABLE import_progress (
    workspace_id integer NOT NULL,
    kind         text NOT NULL,                        -- contacts, events
    file         bytea NOT NULL,
    line         bigint NOT NULL,                      -- the last line that is done
    accepted     bigint NOT NULL,
    repeated     bigint NOT NULL,
    refused      bigint NOT NULL,
    refusals     jsonb NOT NULL DEFAULT '[]',          -- the first of them: [[line, place, message], …]
    finished_at  timestamptz,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, kind, file)
);
