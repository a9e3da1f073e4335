-- Messages whose service is asked what became of them (migration 0004). A row goes when it has said so, or is past asking.
CREATE TABLE report_wait (
    bucket       smallint NOT NULL,
    message_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    channel      text NOT NULL,
    provider     text NOT NULL,
    provider_id  text NOT NULL,                        -- the service's number for the message
    asked        smallint NOT NULL DEFAULT 0,
    ask_at       timestamptz NOT NULL,
    until        timestamptz NOT NULL,                 -- afterwards the service knows it no more
    PRIMARY KEY (bucket, message_id)
);
CREATE INDEX report_wait_due ON report_wait (ask_at);
