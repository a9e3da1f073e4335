-- The tables of the room `contacts`. One file serves the migration and every scratch schema of a back-test.
-- A contact's id carries its bucket in the low ten bits; every key and join carries the bucket (docs/decisions/0002).

CREATE SEQUENCE contact_number;

CREATE TABLE contact (
    bucket       smallint NOT NULL,
    id           bigint NOT NULL,
    workspace_id integer NOT NULL,
    key          text NOT NULL,                        -- first name ever given; stable hashes use it; never changes
    external_id  text,                                 -- first userId
    email        text,
    phone        text,
    traits       jsonb NOT NULL DEFAULT '{}',
    traits_at    jsonb NOT NULL DEFAULT '{}',          -- trait → microseconds since 1970 of the timestamp that set or removed it
    zone         text,                                 -- trait `timezone` where it is an IANA name
    language     text,
    created_at   timestamptz,                          -- applied_at of the first event; null until then
    merged_into  bigint,
    erased_at    timestamptz,
    PRIMARY KEY (bucket, id)
) WITH (fillfactor = 85);

CREATE TABLE contact_facts (
    bucket            smallint NOT NULL,
    contact_id        bigint NOT NULL,
    orders            integer NOT NULL DEFAULT 0,
    spent             numeric NOT NULL DEFAULT 0,
    average_order     numeric,
    first_order       timestamptz,
    last_order        timestamptz,
    cart_value        numeric NOT NULL DEFAULT 0,
    cart_since        timestamptz,
    cart_at           timestamptz,                     -- timestamp of the last cart event while the cart is not empty
    cart_folded_at    timestamptz,                     -- greatest timestamp folded into the cart: an older one means folding anew
    last_seen         timestamptz,
    last_open         timestamptz,
    last_click        timestamptz,
    opens             integer NOT NULL DEFAULT 0,
    clicks            integer NOT NULL DEFAULT 0,
    unopened_in_a_row integer NOT NULL DEFAULT 0,
    cart              jsonb,                           -- the open cart whole, for templates
    latest_order      jsonb,                           -- the latest order whole, for templates
    PRIMARY KEY (bucket, contact_id)
) WITH (fillfactor = 70);

CREATE TABLE purchase (
    bucket     smallint NOT NULL,
    contact_id bigint NOT NULL,
    order_id   text NOT NULL,                          -- '"1"' and '1' differ: JSON text of the folded id; 'event:<seq>' without one
    at         timestamptz,                            -- least timestamp of its completions; null: none applied yet
    total      numeric,                                -- first readable total in fold order, null: none yet
    total_at   timestamptz,
    total_seq  bigint,
    cancelled  boolean NOT NULL DEFAULT false,
    refunds    jsonb NOT NULL DEFAULT '[]',            -- [[microseconds, seq, amount or null], …]
    counts     boolean NOT NULL DEFAULT false,         -- completed, neither cancelled nor refunded in full
    refunded   numeric NOT NULL DEFAULT 0,             -- partial refunds
    items      jsonb,
    PRIMARY KEY (bucket, contact_id, order_id)
) WITH (fillfactor = 85);

CREATE TABLE contact_tag (
    bucket     smallint NOT NULL,
    contact_id bigint NOT NULL,
    tag        text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (bucket, contact_id, tag)
);

CREATE TABLE consent (
    bucket     smallint NOT NULL,
    contact_id bigint NOT NULL,
    channel    text NOT NULL,                          -- email, sms
    state      text NOT NULL,                          -- given, pending, withdrawn
    at         timestamptz NOT NULL,                   -- timestamp of the event that said it
    source     text NOT NULL DEFAULT '',               -- who, by what: shown to whoever asks for the proof
    PRIMARY KEY (bucket, contact_id, channel)
);

CREATE TABLE identity (
    workspace_id integer NOT NULL,
    kind         smallint NOT NULL,                    -- 1 userId, 2 anonymousId, 3 e-mail, 4 phone
    value        text NOT NULL,
    contact_id   bigint NOT NULL,
    PRIMARY KEY (workspace_id, kind, value)
);
CREATE INDEX identity_contact ON identity (contact_id);

-- Addresses that get nothing, whatever the consent says. address: what was typed, folded (e-mail in lower case, phone E.164).
CREATE TABLE suppression (
    workspace_id integer NOT NULL,
    channel      text NOT NULL,
    address      text NOT NULL,
    reason       text NOT NULL,                        -- unsubscribed, bounced, complained, by_hand, stop_word:<line>
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, channel, address)
);

CREATE TABLE product (
    workspace_id integer NOT NULL,
    id           text NOT NULL,                        -- product_id, else sku
    name         text,
    price        numeric,
    currency     text,
    category     text,
    image_url    text,
    url          text,
    seen_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
