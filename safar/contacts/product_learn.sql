-- Add products to the catalogue; of one that is there, what the newer event says replaces what it says something of.
-- Where the shop itself has said what a product is (product_keep.sql), events only fill in what it left open.
-- Called by products.learn_products, every few seconds at most. Locks the products it changes; they come sorted by key.
-- Parameters, arrays: workspace_id, id, name, price, currency, category, image_url, url, seen_at.
-- Writes: product. Index: product_pkey.
INSERT INTO product AS p (workspace_id, id, name, price, currency, category, image_url, url, seen_at)
SELECT * FROM unnest(
    %s::integer[], %s::text[], %s::text[], %s::numeric[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = CASE WHEN p.shop_at IS NULL THEN coalesce(EXCLUDED.name, p.name) ELSE coalesce(p.name, EXCLUDED.name) END,
    price = CASE WHEN p.shop_at IS NULL THEN coalesce(EXCLUDED.price, p.price) ELSE coalesce(p.price, EXCLUDED.price) END,
    currency = CASE WHEN p.shop_at IS NULL THEN coalesce(EXCLUDED.currency, p.currency) ELSE coalesce(p.currency, EXCLUDED.currency) END,
    category = CASE WHEN p.shop_at IS NULL THEN coalesce(EXCLUDED.category, p.category) ELSE coalesce(p.category, EXCLUDED.category) END,
    image_url = CASE WHEN p.shop_at IS NULL THEN coalesce(EXCLUDED.image_url, p.image_url) ELSE coalesce(p.image_url, EXCLUDED.image_url) END,
    url = CASE WHEN p.shop_at IS NULL THEN coalesce(EXCLUDED.url, p.url) ELSE coalesce(p.url, EXCLUDED.url) END,
    seen_at = EXCLUDED.seen_at
WHERE p.seen_at <= EXCLUDED.seen_at
