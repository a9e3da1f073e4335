-- What came back of e-mail (migration 0008): bounces and complaints, few beside the messages. By address for the suppression of those that
-- bounce softly again and again, by journey for the brakes.
CREATE TABLE bounce (
    bucket       smallint NOT NULL,
    message_id   bigint NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
    workspace_id integer NOT NULL,
    journey_id   integer NOT NULL,
    address      text NOT NULL,                        -- folded, as in `suppression`
    at           timestamptz NOT NULL,
    PRIMARY KEY (bucket, message_id, kind)
);
CREATE INDEX bounce_address ON bounce (workspace_id, address, at);
CREATE INDEX bounce_journey ON bounce (journey_id, at);

-- Journeys whose figures are to be looked at because something came back. A row goes when they were.
CREATE TABLE brake_check (
    workspace_id integer NOT NULL,
    journey_id   integer NOT NULL,
    PRIMARY KEY (workspace_id, journey_id)
);

-- Campaigns that were stopped by their own figures, and when: what went out before does not stop them again.
CREATE TABLE brake (
    workspace_id integer NOT NULL,
    journey_id   integer NOT NULL,
    at           timestamptz NOT NULL,
    sent         integer NOT NULL,
    hard         integer NOT NULL,
    complaints   integer NOT NULL,
    PRIMARY KEY (workspace_id, journey_id, at)
);
