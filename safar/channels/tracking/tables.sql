-- What is known of links and of who reacts to messages (migration 0007). A link's number is a hash of its address, so that whoever
-- makes a message ready knows it without asking.

-- What of a workspace's messages is tracked, and by which addresses. A missing row: opens and clicks, by the installation's address.
CREATE TABLE tracking (
    workspace_id integer PRIMARY KEY,
    host         text NOT NULL DEFAULT '',                  -- of links and pixels; empty: the installation's address
    short_host   text NOT NULL DEFAULT '',                  -- of short links; empty: SAFAR_SHORT_HOST
    opens        boolean NOT NULL DEFAULT true,
    clicks       boolean NOT NULL DEFAULT true,
    utm          boolean NOT NULL DEFAULT false,            -- UTM parameters on links to `sites`
    utm_source   text NOT NULL DEFAULT 'safar',
    utm_medium   text NOT NULL DEFAULT '{channel}',
    utm_campaign text NOT NULL DEFAULT '{journey}',
    sites        text[] NOT NULL DEFAULT '{}'               -- hosts of the workspace's own, with what lies below them
);

-- Where a tracked link leads: written once for each address, whatever the number of messages it stands in.
CREATE TABLE link (
    workspace_id integer NOT NULL,
    id           bigint NOT NULL,
    url          text NOT NULL,
    contact_id   bigint,                                    -- whose alone it is, and goes with them; null: everybody's
    made_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX link_contact ON link (workspace_id, contact_id) WHERE contact_id IS NOT NULL;

-- The short link of an SMS: one a message.
CREATE TABLE short_link (
    code         text PRIMARY KEY,
    workspace_id integer NOT NULL,
    bucket       smallint NOT NULL,
    message_id   bigint NOT NULL,
    link_id      bigint NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (bucket, message_id)
);

-- Openings and clicks, once an hour of the clock for each message, link, and person or machine. Only ever added to.
CREATE TABLE reaction (
    bucket       smallint NOT NULL,
    message_id   bigint NOT NULL,
    link_id      bigint NOT NULL,                           -- 0: the message was opened; 1: the link that no person sees
    machine      boolean NOT NULL,
    hour         timestamptz NOT NULL,
    workspace_id integer NOT NULL,
    at           timestamptz NOT NULL,
    reason       text NOT NULL DEFAULT '',                  -- by what a machine was known
    PRIMARY KEY (bucket, message_id, link_id, machine, hour)
);
