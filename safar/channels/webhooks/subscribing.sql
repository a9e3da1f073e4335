-- Addresses that are told of events, and addresses that do not answer at present (migration 0013).
CREATE TABLE webhook_subscription (
    workspace_id integer NOT NULL,
    id           integer NOT NULL,
    url          text NOT NULL,
    queue        text NOT NULL,                        -- the outbox's channel of calls to it (webhooks/addresses.py)
    names        text[] NOT NULL,                      -- of events; `Order *`: all that begin so; `*`: all
    active       boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);

-- A row is an address whose latest calls have all come to nothing; the row goes with the first that is answered.
CREATE TABLE webhook_failing (
    workspace_id integer NOT NULL,
    queue        text NOT NULL,
    host         text NOT NULL,                        -- https://crm.example, for people
    failures     integer NOT NULL,                     -- calls in a row
    since        timestamptz NOT NULL,
    said         text NOT NULL DEFAULT '',             -- of the latest
    PRIMARY KEY (workspace_id, queue)
);
