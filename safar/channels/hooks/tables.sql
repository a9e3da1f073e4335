-- Addresses at which other systems tell us something about a contact (migration 0014): /hooks/<token>.
CREATE TABLE hook (
    workspace_id integer NOT NULL,
    key          text NOT NULL,                        -- as journeys name it: webhook_received {hook}
    token        text NOT NULL UNIQUE,                 -- whoever has it may tell us something
    fields       jsonb NOT NULL,                       -- user_id, email, phone → the path that holds it
    header       text NOT NULL DEFAULT '',             -- that bears the signature; empty: the address alone is the proof
    sealed       bytea,                                -- the secret it is made with (channels/services/sealing.py)
    made_at      timestamptz NOT NULL DEFAULT now(),
    last_at      timestamptz,                          -- of the latest call: what it said, and what was wrong with it
    last_body    text,
    last_fault   text,
    PRIMARY KEY (workspace_id, key)
) WITH (fillfactor = 70);
