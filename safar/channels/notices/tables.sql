-- What the team is told and where (migration 0015): docs/notices.md.

-- Where the team hears. Written by destinations.py; gathering.py adds the one that a point's e-mail address stands for.
CREATE SEQUENCE destination_number;
CREATE TABLE destination (
    workspace_id  integer NOT NULL,
    id            integer NOT NULL DEFAULT nextval('destination_number'),
    name          text NOT NULL,
    kind          text NOT NULL,                       -- a file of notices/kinds
    settings      jsonb NOT NULL DEFAULT '{}',
    sealed        bytea,                               -- what is secret of it (channels/services/sealing.py)
    language      text NOT NULL,                       -- fa, en
    every_minutes smallint NOT NULL DEFAULT 5 CHECK (every_minutes BETWEEN 1 AND 1440),
    per_hour      smallint NOT NULL DEFAULT 6 CHECK (per_hour BETWEEN 1 AND 60),
    hears_journeys boolean NOT NULL DEFAULT true,      -- notices that name no destination
    hears_warnings boolean NOT NULL DEFAULT true,      -- what the house itself has to say
    named         boolean NOT NULL DEFAULT false,      -- made of an address that a point names: in the mode `team` it is held against the team's
    paused_at     timestamptz,
    paused_for    text,                                -- null: by a person; else a word of refusals.py
    said          text,                                -- the service's own words then
    told_at       timestamptz,                         -- the last digest was made
    version       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX destination_name ON destination (workspace_id, lower(name));

-- Every notice, as long as texts of messages are kept (retention): nothing that was to be told is lost with the telling.
CREATE TABLE notice (
    bucket        smallint NOT NULL,                   -- of the contact; 0 for a warning
    id            bigint NOT NULL,                     -- the outbox row's; of a warning one of the same sequence
    workspace_id  integer NOT NULL,
    contact_id    bigint NOT NULL,                     -- 0: a warning
    journey_id    integer NOT NULL,
    journey_key   text,
    point_key     text,
    texts         jsonb NOT NULL,                      -- {"en": …, "fa": …}
    at            timestamptz NOT NULL,
    PRIMARY KEY (bucket, id)
);
CREATE INDEX notice_newest ON notice (workspace_id, at DESC, id DESC);

-- One notice at one destination. Waits until a digest takes it.
CREATE TABLE telling (
    bucket         smallint NOT NULL,
    notice_id      bigint NOT NULL,
    destination_id integer NOT NULL,
    workspace_id   integer NOT NULL,
    contact_id     bigint NOT NULL,
    at             timestamptz NOT NULL,
    digest_id      bigint,
    counted        boolean NOT NULL DEFAULT false,     -- told as one of "and 137 more"
    PRIMARY KEY (bucket, notice_id, destination_id)
) WITH (fillfactor = 85);
CREATE INDEX telling_waiting ON telling (destination_id, at, notice_id) WHERE digest_id IS NULL;
CREATE INDEX telling_digest ON telling (digest_id) WHERE digest_id IS NOT NULL AND NOT counted;  -- those that are told whole: a few of each

-- What went out together. Its messages have the key (0, -id, 0, 0 …, 0) in outbox and message.
CREATE TABLE digest (
    id             bigint PRIMARY KEY,
    workspace_id   integer NOT NULL,
    destination_id integer NOT NULL,
    made_at        timestamptz NOT NULL,
    shown          integer NOT NULL,
    more           integer NOT NULL
);
CREATE INDEX digest_newest ON digest (destination_id, made_at);
CREATE INDEX digest_oldest ON digest (workspace_id, made_at);  -- retention

-- Warnings are told once each; those that stand at this moment were read on the home page.
ALTER TABLE team_notice ADD COLUMN told_at timestamptz;
UPDATE team_notice SET told_at = at;
CREATE INDEX team_notice_untold ON team_notice (at) WHERE told_at IS NULL;
