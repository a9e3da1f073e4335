-- What lies on the shelves of a shop that counts by places (migration 0005): each thing that can be counted, as its product says it in
-- all, and place by place.
CREATE TABLE shop_stock (
    shop_id      bigint NOT NULL,
    item         text NOT NULL,                              -- the shop's number of what is counted: of a variant
    workspace_id integer NOT NULL,
    product_id   text,                                       -- as the catalogue knows it; null: only its levels were told
    told         integer,                                    -- in all, as the product says
    told_at      timestamptz,
    counted      boolean NOT NULL DEFAULT false,
    sold_on      boolean NOT NULL DEFAULT false,             -- also when there is nothing left
    shown        boolean NOT NULL DEFAULT false,
    levels       jsonb NOT NULL DEFAULT '{}',                -- place → [how many, microseconds: as of when]
    whole        boolean NOT NULL DEFAULT false,             -- the places that are known are all there are: they once made up what was told
    PRIMARY KEY (shop_id, item)
);
CREATE INDEX shop_stock_product ON shop_stock (shop_id, product_id);
