-- What a shop's own catalogue says of a product (migration 0005): added to what events mention.
ALTER TABLE product ADD COLUMN regular_price numeric;       -- before a reduction
ALTER TABLE product ADD COLUMN stock integer;               -- pieces; null: not counted
ALTER TABLE product ADD COLUMN available boolean;           -- whether it can be bought; null: no shop has said
ALTER TABLE product ADD COLUMN shop_at timestamptz;         -- as of when the shop said it; null: known from events only
