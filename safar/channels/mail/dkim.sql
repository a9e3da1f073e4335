-- The key with which a workspace's e-mail is signed where it leaves by a plain mail server (migration 0010). Its public half stands in the domain's DNS.
CREATE TABLE dkim_key (
    workspace_id integer PRIMARY KEY,
    domain       text NOT NULL,
    selector     text NOT NULL,
    public       text NOT NULL,                        -- base64, as it stands in the record
    sealed       bytea NOT NULL,                       -- the other half: Fernet, as what a service is opened with
    made_at      timestamptz NOT NULL DEFAULT now()
);
