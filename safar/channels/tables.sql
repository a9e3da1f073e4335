-- The tables of the room `channels`: who sends and how fast, which accounts are refused, and the built-in mailbox.

-- What a workspace sends as on a channel, and how much. (0, channel) is the installation's own account at its provider: its
-- rates hold for all workspaces together. A missing row means the installation's sender, and no limit.
CREATE TABLE sender (
    workspace_id integer NOT NULL,
    channel      text NOT NULL,
    address      text NOT NULL DEFAULT '',             -- Name <address>; empty: the installation's
    reply_to     text NOT NULL DEFAULT '',
    per_second   integer CHECK (per_second > 0),       -- null: no limit
    per_hour     integer CHECK (per_hour > 0),
    per_day      integer CHECK (per_day > 0),
    second_left  double precision,                     -- what the three buckets hold; null: full
    hour_left    double precision,
    day_left     double precision,
    filled_at    timestamptz,
    PRIMARY KEY (workspace_id, channel)
) WITH (fillfactor = 50);

-- A row is an open circuit: an account that was refused. Messages stay pending and one probe a minute asks again; the row goes
-- when a probe gets through. workspace_id 0: the provider's account as a whole; else one workspace's sender.
CREATE TABLE circuit (
    provider     text NOT NULL,
    workspace_id integer NOT NULL,
    reason       text NOT NULL,                        -- login, credit, sender, quota, unreachable, …
    said         text,
    opened_at    timestamptz NOT NULL,
    probe_at     timestamptz NOT NULL,
    PRIMARY KEY (provider, workspace_id)
);

-- What the team has to know and do, in words; shown until it is over. workspace_id 0: whoever runs the installation.
CREATE SEQUENCE team_notice_number;
CREATE TABLE team_notice (
    id           bigint PRIMARY KEY DEFAULT nextval('team_notice_number'),
    workspace_id integer NOT NULL,
    subject      text NOT NULL,                        -- circuit:smtp
    words        jsonb NOT NULL,                       -- {"en": …, "fa": …}
    at           timestamptz NOT NULL,
    over_at      timestamptz
);
CREATE UNIQUE INDEX team_notice_open ON team_notice (workspace_id, subject) WHERE over_at IS NULL;

-- The built-in mailbox: what would have been sent, whole. Nothing leaves it.
CREATE TABLE mailbox (
    bucket       smallint NOT NULL,
    message_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    channel      text NOT NULL,
    address      text,
    subject      text,
    reason       text NOT NULL,                        -- mailbox (the mode), not_team, sms, notice
    source       bytea NOT NULL,                       -- the message as it would have gone over the wire
    at           timestamptz NOT NULL,
    PRIMARY KEY (bucket, message_id)
);
CREATE INDEX mailbox_newest ON mailbox (workspace_id, at DESC);
