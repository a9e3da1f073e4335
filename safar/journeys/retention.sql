-- What retention has taken away: a row a workspace, day and kind. Called by a migration of this room.
CREATE TABLE retention_run (
    workspace_id integer NOT NULL,
    day          date NOT NULL,
    kind         text NOT NULL,                        -- events, contents, visitors, refusals, refused_rows, exports
    before       timestamptz NOT NULL,                 -- what was older
    taken        bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, kind)
);
