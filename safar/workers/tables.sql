-- The tables of the room `workers`: who is alive, and which installation this database belongs to.

-- One row a running process, renewed every few seconds, removed at a clean end and by whoever reads it a day after a kill.
CREATE TABLE worker_heartbeat (
    id         uuid PRIMARY KEY,                       -- of this run of the process
    kind       text NOT NULL CHECK (kind IN ('web', 'engine', 'dispatcher')),
    host       text NOT NULL,
    pid        integer NOT NULL,
    version    text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    beat_at    timestamptz NOT NULL DEFAULT now(),     -- the database's clock: no two machines agree on theirs
    worked_at  timestamptz NOT NULL DEFAULT now()      -- when its loop last came round: a process may live and its loop hang
) WITH (fillfactor = 50);                              -- no index on what a beat changes: beats are HOT and need no vacuum

-- One row. The same number stands in the data folder (`epoch`); where the two differ, this database came from a backup.
CREATE TABLE installation (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch     uuid NOT NULL,
    begun_at  timestamptz NOT NULL DEFAULT now()
);
