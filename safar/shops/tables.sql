-- The tables of the room `shops`: which shops a workspace has connected, and what they have said already.

-- A connected shop. Its deliveries come to /shops/<token>, signed with a secret that stands among what is sealed.
CREATE TABLE shop (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id integer NOT NULL,
    system       text NOT NULL,                              -- key of the shop system
    name         text NOT NULL,                              -- before its customers' ids: woocommerce, shopify-2
    prefix       text NOT NULL DEFAULT '',                   -- before its orders' and products' ids; empty for the workspace's first
    token        text NOT NULL UNIQUE,
    settings     jsonb NOT NULL,                             -- what of them is no secret
    sealed       bytea,                                      -- what is (safar.channels.services.sealing)
    connected_at timestamptz NOT NULL DEFAULT now(),
    gone_at      timestamptz,                                -- the shop took itself off; its deliveries are not taken any more
    UNIQUE (workspace_id, name)
);

-- Deliveries of the last 35 days, by which one is known again; also what the page counts.
CREATE TABLE shop_delivery (
    shop_id      bigint NOT NULL,
    id           text NOT NULL,                              -- as the shop says, else a hash of topic and body
    workspace_id integer NOT NULL,
    topic        text NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    said         integer NOT NULL,                           -- messages and products that came of it; 0: its topic means nothing here
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX shop_delivery_at ON shop_delivery (shop_id, at);

-- messageIds of what would count twice if it were said twice: orders completed, money given back. Kept for good: `seen` forgets after
-- 35 days, and a shop's whole past may be fetched again at any time.
CREATE TABLE shop_said (
    shop_id      bigint NOT NULL,
    said         text NOT NULL,
    workspace_id integer NOT NULL,
    PRIMARY KEY (shop_id, said)
);
