-- At which hour contacts open and click (migration 0005). Reckoned anew once a day (hours/reckon.sql) where a live journey asks for it.

CREATE TABLE best_hour (
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    hour         smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),   -- local to the contact
    PRIMARY KEY (bucket, contact_id)
);

-- Of all contacts of a workspace together, for whoever has too few of their own. hour null: there are too few of all.
CREATE TABLE workspace_hour (
    workspace_id integer PRIMARY KEY,
    hour         smallint CHECK (hour BETWEEN 0 AND 23),
    reckoned_at  timestamptz NOT NULL
);
