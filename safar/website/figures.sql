-- What forms bring: who saw them, counted, and who answered. Called by migration 0002.

-- Openings and closings, counted by day, page and source; no people. Of a day with very many pages the rest stand together (counting.py).
CREATE TABLE form_count (
    workspace_id integer NOT NULL,
    form         text NOT NULL,                        -- its key
    day          date NOT NULL,                        -- in the workspace's zone
    page         text NOT NULL,                        -- host and path; empty: the form's own page
    source       text NOT NULL,                        -- utm_source, else the host one came from; empty: neither
    shown        bigint NOT NULL DEFAULT 0,
    closed       bigint NOT NULL DEFAULT 0,            -- without an answer
    PRIMARY KEY (workspace_id, form, day, page, source)
);

CREATE TABLE form_answer (
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    form         text NOT NULL,
    at           timestamptz NOT NULL,
    page         text NOT NULL,                        -- as in form_count
    source       text NOT NULL,
    fresh        boolean NOT NULL,                     -- nobody knew them before: the form brought them
    asked        boolean NOT NULL,                     -- a message went out by which they confirm
    PRIMARY KEY (bucket, contact_id, form, at)
);
CREATE INDEX form_answer_newest ON form_answer (workspace_id, form, at);
