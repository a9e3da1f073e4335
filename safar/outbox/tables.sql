-- What the engine decided and what became of it. The engine inserts into `outbox`; all else here is written by the verbs of
-- this room, which `channels` calls. States and their ways are drawn in docs/rooms/outbox.md.

CREATE SEQUENCE outbox_number;

-- Effects not yet at their end. A row goes when its message reaches a final state, so the table stays as small as the queue.
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
    kind          text NOT NULL,                       -- message, notice, webhook, digest (of notices)
    effect        jsonb NOT NULL,                      -- {journey, version, point, channel, template, …}: the point's own words
    decided_at    timestamptz NOT NULL,                -- the enrollment's clock
    due_at        timestamptz NOT NULL,                -- moved by back-off
    not_after     timestamptz,
    state         smallint NOT NULL DEFAULT 0,         -- 0 pending 1 claimed 2 sending 3 retry_wait 4 in_doubt 5 held
    token         uuid,                                -- of the claim that has it (1, 2)
    lease_until   timestamptz,                         -- 1, 2: the claim ends; 4: the policy may close the doubt, null: a person has to
    attempts      integer NOT NULL DEFAULT 0,          -- hand-overs begun; an answer counts only for its own attempt
    refusals      smallint NOT NULL DEFAULT 0,         -- of these, answered "not now" about this very message: bounded
    sent_again    boolean NOT NULL DEFAULT false,      -- the policy's "once more" was used
    channel       text NOT NULL GENERATED ALWAYS AS (coalesce(effect ->> 'channel', kind)) STORED,
    PRIMARY KEY (bucket, enrollment_id, entry_no, trail_pos, point)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
-- One queue for each workspace and channel: a workspace that may not send now is never in another's way.
CREATE INDEX outbox_due ON outbox (workspace_id, channel, due_at) WHERE state IN (0, 3);
CREATE INDEX outbox_lease ON outbox (lease_until) WHERE state IN (1, 2, 4);
CREATE INDEX outbox_held ON outbox (workspace_id, journey_id) WHERE state = 5;
CREATE INDEX outbox_expiry ON outbox (not_after) WHERE state IN (0, 3, 5) AND not_after IS NOT NULL;

-- Written by the services of `accounts` and `journeys`. (0, 0): everything; (workspace, 0): the workspace; else one journey.
CREATE TABLE outbox_hold (
    workspace_id integer NOT NULL,
    journey_id   integer NOT NULL,
    reason       text NOT NULL DEFAULT '',
    since        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, journey_id)
);

-- What became of a decision: from `sending`, `skipped` or `failed` on. It lies here and not in `channels` because one
-- statement has to move outbox and message together; `channels` alone has it done.
CREATE TABLE message (
    bucket        smallint NOT NULL,
    id            bigint NOT NULL,                     -- the outbox row's
    workspace_id  integer NOT NULL,
    contact_id    bigint NOT NULL,
    journey_id    integer NOT NULL,
    enrollment_id bigint NOT NULL,
    entry_no      integer NOT NULL,
    trail_pos     integer NOT NULL,
    point         smallint NOT NULL,
    journey_key   text,
    point_key     text,
    kind          text NOT NULL,
    channel       text NOT NULL,
    class         text NOT NULL,                       -- marketing, transactional, notice
    topic         text,
    template      text,                                -- the one that was chosen
    variant       text,                                -- name of the A/B variant
    language      text,
    address       text,
    state         text NOT NULL CHECK (state IN ('pending', 'sending', 'retry_wait', 'accepted', 'failed', 'skipped', 'in_doubt', 'assumed_sent')),
    reason        text,                                -- a word: why skipped, failed, waiting, in doubt
    said          text,                                -- the provider's own words, or the fault of the template
    provider      text,
    provider_id   text,
    message_id_header text,
    attempt       integer NOT NULL DEFAULT 0,
    once_more     boolean NOT NULL DEFAULT false,      -- a transactional message in doubt may be sent a second time
    sender        text,
    subject       text,                                -- frozen at the first hand-over
    body_html     text,
    body_text     text,
    decided_at    timestamptz NOT NULL,
    sending_at    timestamptz,                         -- the last hand-over began
    doubt_at      timestamptz,
    accepted_at   timestamptz,
    settled_at    timestamptz,                         -- a final state was reached
    PRIMARY KEY (bucket, id),
    UNIQUE (bucket, enrollment_id, entry_no, trail_pos, point)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
-- No index, and no predicate of one, on what changes after the hand-over began: the answer is then a HOT update. Messages in
-- doubt are found by way of the outbox, where they are few.
CREATE INDEX message_point ON message (journey_id, point);
CREATE INDEX message_contact ON message (bucket, contact_id, decided_at);
