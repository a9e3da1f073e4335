-- An order's total as it was told at last (migration 0004): another one in a later telling is said once, as a correction. Kept for good, as shop_said is.
CREATE TABLE shop_total (
    shop_id      bigint NOT NULL,
    order_id     text NOT NULL,                              -- the shop's number of it
    workspace_id integer NOT NULL,
    total        numeric,                                    -- null: told before this was kept
    currency     text,
    at           timestamptz,                                -- as of when
    PRIMARY KEY (shop_id, order_id)
);
