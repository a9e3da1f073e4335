-- Jobs: what members started on a page and what goes on without them, and the files they gave. Called by migration 0003.

CREATE TABLE job (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id integer NOT NULL,
    kind         text NOT NULL,                        -- import_contacts, remove_tag, backtest
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'waiting', 'running', 'finished', 'failed')),
    asked        jsonb NOT NULL DEFAULT '{}',          -- what was chosen; open: not all of it yet
    told         jsonb NOT NULL DEFAULT '{}',          -- figures and words for whoever looks
    done         bigint NOT NULL DEFAULT 0,
    total        bigint,
    by           text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    token        uuid,                                 -- of the process that has it
    lease_until  timestamptz,                          -- by the database's clock; renewed with every batch
    tries        smallint NOT NULL DEFAULT 0,
    finished_at  timestamptz
);
CREATE INDEX job_waiting ON job (id) WHERE state IN ('waiting', 'running');
CREATE INDEX job_newest ON job (workspace_id, kind, id);

-- What was uploaded, in pieces of a megabyte: web and engine processes may live on different machines. Goes when its job has ended.
CREATE TABLE job_file (
    job_id       bigint NOT NULL,
    number       integer NOT NULL,
    workspace_id integer NOT NULL,
    data         bytea NOT NULL,
    PRIMARY KEY (job_id, number)
);
