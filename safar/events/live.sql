-- What stands beside the way in, for whoever looks: names that came, requests that were refused. Nothing of the engine reads it.
-- Kept small: at most 1,000 names and 200 refusals a workspace.
CREATE TABLE event_name (
    workspace_id integer NOT NULL,
    type         text NOT NULL,                        -- track, page … as in event
    name         text NOT NULL,
    n            bigint NOT NULL,                      -- since the name was known
    first_at     timestamptz NOT NULL,
    last_at      timestamptz NOT NULL,
    properties   jsonb NOT NULL DEFAULT '{}',          -- name → {"types": […], "values": […]}
    PRIMARY KEY (workspace_id, type, name)
) WITH (fillfactor = 70);

CREATE SEQUENCE refusal_number;
CREATE TABLE refusal (
    workspace_id integer NOT NULL,
    id           bigint NOT NULL DEFAULT nextval('refusal_number'),
    at           timestamptz NOT NULL,
    key          text NOT NULL,                        -- its first characters
    path         text NOT NULL,
    status       smallint NOT NULL,
    said         text NOT NULL,
    faults       jsonb NOT NULL,                       -- [{"place", "message"}, …], the first of them
    body         text,                                 -- as it came, the first 4,096 characters; null where it was not read
    size         integer,
    agent        text,                                 -- User-Agent
    PRIMARY KEY (workspace_id, id)
);

-- The last hour of the log without an index that every event would have to be put into: 24 kB for a million of them.
CREATE INDEX event_applied ON event USING brin (applied_at) WITH (pages_per_range = 16, autosummarize = on);
