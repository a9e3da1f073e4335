-- The consent record: what was said of channels, topics and preferences, by whom, how, and with what proof. Rows are added, never changed.
-- Called by migration 0006 and by every scratch schema: the engine writes it where it applies what was said.

CREATE SEQUENCE consent_record_number;
CREATE TABLE consent_record (
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    id           bigint NOT NULL DEFAULT nextval('consent_record_number'),
    workspace_id integer NOT NULL,
    at           timestamptz NOT NULL,                 -- timestamp of the event that said it
    channel      text NOT NULL,                        -- email, sms, topic:<key>, frequency, pause, tracking
    state        text NOT NULL,                        -- given, pending, withdrawn · joined, left · of preferences their values
    purpose      text NOT NULL,                        -- marketing unless something else was said; topic; preference
    method       text NOT NULL,                        -- by_hand, import, one_click, page, preferences, confirmation, form, …
    text_version text,                                 -- which wording they agreed to, as whoever asked calls it
    proof        jsonb NOT NULL DEFAULT '{}',          -- ip, user_agent, page, address, message, form, by, reason, file, event
    PRIMARY KEY (bucket, contact_id, id)
);
CREATE INDEX consent_record_newest ON consent_record (workspace_id, id);
