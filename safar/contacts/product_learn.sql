-- Add products to the catalogue; of one that is there, what the newer event says replaces what it says something of.
-- Called by products.learn_products, every few seconds at most. Locks the products it changes; they come sorted by key.
-- Parameters, arrays: workspace_id, id, name, price, currency, category, image_url, url, seen_at.
-- Writes: product. Index: product_pkey.
INSERT INTO product AS p (workspace_id, id, name, price, currency, category, image_url, url, seen_at)
SELECT * FROM unnest(
    %s::integer[], %s::text[], %s::text[], %s::numeric[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = coalesce(EXCLUDED.name, p.name),
    price = coalesce(EXCLUDED.price, p.price),
    currency = coalesce(EXCLUDED.currency, p.currency),
    category = coalesce(EXCLUDED.category, p.category),
    image_url = coalesce(EXCLUDED.image_url, p.image_url),
    url = coalesce(EXCLUDED.url, p.url),
    seen_at = EXCLUDED.seen_at
WHERE p.seen_at <= EXCLUDED.seen_at
