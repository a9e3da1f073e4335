-- A workspace's own services (migration 0003).

-- The account by which a workspace's messages of a channel leave. A missing row: by the installation's, or not at all.
CREATE TABLE service (
    workspace_id integer NOT NULL,
    channel      text NOT NULL,
    provider     text NOT NULL,                              -- key of the provider
    settings     jsonb NOT NULL,                             -- what of it is no secret
    sealed       bytea,                                      -- what is: Fernet, under a key derived from SAFAR_SECRET_KEY
    version      uuid NOT NULL DEFAULT gen_random_uuid(),    -- changes with every change: lines of an older one are closed
    changed_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, channel)
);
