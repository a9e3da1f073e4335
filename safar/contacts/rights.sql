-- People's rights: what a workspace keeps for how long, what people asked for, and which consents wait for their confirmation.
-- Called by migration 0006.

-- How a workspace deals with what it knows of people; who has no row has the defaults. Retention: null keeps for good.
CREATE TABLE privacy (
    workspace_id    integer PRIMARY KEY,
    accent          text NOT NULL DEFAULT '#1f5f4a',   -- colour of the pages that contacts see
    double_opt_in   boolean NOT NULL DEFAULT false,    -- a consent said to be pending is asked for by a message with a link
    events_months   smallint,                          -- events older than this go, but for what facts of the shop are made of
    contents_days   smallint DEFAULT 365,              -- text and address of messages
    unseen_months   smallint,                          -- visitors whom nobody knows and nobody has seen since
    refusals_days   smallint,                          -- requests that were refused, and refused rows of imports
    exports_days    smallint DEFAULT 30                -- files made of one person's data
);

-- What somebody asked for; the law gives 30 days.
CREATE TABLE right_request (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id integer NOT NULL,
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('export', 'erase')),
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused')),
    by           text NOT NULL,                        -- a member's address, or `contact`: by the link in a message
    reason       text NOT NULL DEFAULT '',
    asked_at     timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_by     text
);
CREATE INDEX right_request_newest ON right_request (workspace_id, id);
CREATE UNIQUE INDEX right_request_open ON right_request (bucket, contact_id, kind) WHERE state = 'open';

-- A consent that waits for the click of whoever has the address. What was asked is kept, so that a link confirms that and nothing else.
CREATE SEQUENCE confirmation_number;
CREATE TABLE confirmation (
    bucket       smallint NOT NULL,
    id           bigint NOT NULL DEFAULT nextval('confirmation_number'),
    workspace_id integer NOT NULL,
    contact_id   bigint NOT NULL,
    channel      text NOT NULL,
    address      text NOT NULL,                        -- folded; a link does not confirm for another one
    topics       text[] NOT NULL DEFAULT '{}',         -- joined together with the consent
    proof        jsonb NOT NULL DEFAULT '{}',          -- text_version, form, … of the asking
    asked_at     timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    PRIMARY KEY (bucket, id)
);
CREATE INDEX confirmation_contact ON confirmation (bucket, contact_id, asked_at);

ALTER TABLE topic ADD COLUMN double_opt_in boolean NOT NULL DEFAULT false;
