-- How far the past of a shop has been fetched (migration 0002): written with the messages that came of it, so it goes on where it stopped.
CREATE TABLE shop_fetch (
    shop_id      bigint NOT NULL,
    resource     text NOT NULL,                              -- products, customers, orders
    workspace_id integer NOT NULL,
    cursor       text NOT NULL DEFAULT '',                   -- in the shop system's own terms
    done         integer NOT NULL DEFAULT 0,
    total        integer,                                    -- as the shop says; null: it does not
    finished_at  timestamptz,
    PRIMARY KEY (shop_id, resource)
);

-- Whether a job shall go on fetching: a member's stop is heard at the next page.
ALTER TABLE shop ADD COLUMN fetching boolean NOT NULL DEFAULT false;
