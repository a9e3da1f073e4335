-- Secrets with which a workspace's webhooks are signed (migration 0011). At most two live, so that one can take over from the other.
CREATE TABLE webhook_secret (
    workspace_id integer NOT NULL,
    id           integer NOT NULL,
    sealed       bytea NOT NULL,                       -- under the installation's secret key (channels/services/sealing.py); shown once, when it is made
    beginning    text NOT NULL,                        -- its first letters, by which people know it again
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
