-- Publishings, and how far everybody has been read for them (engine/publishing.py). Who publishes puts one there; engines do the rest.

-- at: the moment for which people are read. segments: ids of those that are watched from now on. already: those who match already come in.
-- journey_id, version_id: missing where only the condition of segments has changed. lanes_left: lanes that have not put their people down yet. stopped_at: from then on nobody comes in by it.
CREATE TABLE publishing (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id integer NOT NULL,
    journey_id   integer,
    version_id   integer,
    at           timestamptz NOT NULL,
    already      boolean NOT NULL,
    segments     integer[] NOT NULL DEFAULT '{}',
    lanes_left   smallint NOT NULL,
    stopped_at   timestamptz
);
CREATE INDEX publishing_journey ON publishing (journey_id, id);
CREATE INDEX publishing_owed ON publishing (id) WHERE lanes_left > 0;

-- at: the later of the publishing's moment and the lane's clock then. people: to be read; read: so many have been.
CREATE TABLE publishing_lane (
    publishing_id integer NOT NULL,
    lane          smallint NOT NULL,
    workspace_id  integer NOT NULL,
    at            timestamptz NOT NULL,
    people        bigint NOT NULL,
    read          bigint NOT NULL DEFAULT 0,
    entered       bigint NOT NULL DEFAULT 0,
    held_out      bigint NOT NULL DEFAULT 0,
    refused       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (publishing_id, lane)
);

-- Whose hint it is: these contacts are to be read for that publishing, at its moment.
ALTER TABLE timer ADD COLUMN publishing_id integer;
CREATE INDEX timer_publishing ON timer (publishing_id) WHERE publishing_id IS NOT NULL;
