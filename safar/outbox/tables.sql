-- Effects decided by the engine and not yet carried out. The engine inserts, the dispatcher claims; states in docs/rooms/outbox.md.
CREATE SEQUENCE outbox_number;
CREATE TABLE outbox (
    bucket        smallint NOT NULL,
    id            bigint NOT NULL DEFAULT nextval('outbox_number'),
    workspace_id  integer NOT NULL,
    contact_id    bigint NOT NULL,
    journey_id    integer NOT NULL,
    enrollment_id bigint NOT NULL,
    entry_no      integer NOT NULL,
    trail_pos     integer NOT NULL,                    -- length of the trail when it was decided
    point         smallint NOT NULL,                   -- index of the point in its version
    kind          text NOT NULL,                       -- message, notice
    effect        jsonb NOT NULL,                      -- {journey, version, point, channel, template, …}: the point's own words
    decided_at    timestamptz NOT NULL,                -- the enrollment's clock
    due_at        timestamptz NOT NULL,
    not_after     timestamptz,
    state         smallint NOT NULL DEFAULT 0,         -- 0 pending 1 claimed 2 sending 3 retry_wait
    token         uuid,
    lease_until   timestamptz,
    attempts      smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (bucket, enrollment_id, entry_no, trail_pos, point)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
