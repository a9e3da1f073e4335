-- Files made of everything that is kept of one person, in pieces, for whoever asked for them. Called by migration 0007.
CREATE TABLE person_file (
    workspace_id integer NOT NULL,
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    job_id       bigint NOT NULL,                      -- that made it
    number       integer NOT NULL,
    data         bytea NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bucket, contact_id, job_id, number)
);
CREATE INDEX person_file_age ON person_file (workspace_id, made_at);
