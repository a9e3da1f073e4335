-- Put down what a shop's own catalogue says of products: it stands above what events mention in passing.
-- Called by products.keep_products, in the transaction of a shop's delivery. Locks the products it changes; they come sorted by key.
-- Parameters, arrays: workspace_id, id, name, price, currency, category, image_url, url, regular_price, stock, available, shop_at.
-- Writes: product. Index: product_pkey.
INSERT INTO product AS p (workspace_id, id, name, price, currency, category, image_url, url, regular_price, stock, available, shop_at, seen_at)
SELECT s.*, s.shop_at FROM unnest(
    %s::integer[], %s::text[], %s::text[], %s::numeric[], %s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[], %s::integer[],
    %s::boolean[], %s::timestamptz[])
    AS s(workspace_id, id, name, price, currency, category, image_url, url, regular_price, stock, available, shop_at)
ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = coalesce(EXCLUDED.name, p.name),
    price = coalesce(EXCLUDED.price, p.price),
    currency = coalesce(EXCLUDED.currency, p.currency),
    category = coalesce(EXCLUDED.category, p.category),
    image_url = coalesce(EXCLUDED.image_url, p.image_url),
    url = coalesce(EXCLUDED.url, p.url),
    regular_price = EXCLUDED.regular_price,
    stock = EXCLUDED.stock,
    available = EXCLUDED.available,
    shop_at = EXCLUDED.shop_at
WHERE p.shop_at IS NULL OR p.shop_at <= EXCLUDED.shop_at
