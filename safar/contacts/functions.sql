-- Functions of the shop facts; they stand on those of safar/postgres/functions.sql.

-- An amount in the workspace's currency: NULL where it cannot be read, or where there is no rate (the order counts, its money does not).
CREATE OR REPLACE FUNCTION safar_money(amount jsonb, currency jsonb, house text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN safar_amount(amount) * CASE
    WHEN jsonb_typeof(currency) IS DISTINCT FROM 'string' OR upper(btrim(currency #>> '{}')) IN ('', upper(house)) THEN 1
    ELSE
        (CASE upper(btrim(currency #>> '{}')) WHEN 'IRR' THEN 1 WHEN 'IRT' THEN 10 WHEN 'IRHR' THEN 1000 WHEN 'IRHT' THEN 10000 END)::numeric
        / (CASE upper(house) WHEN 'IRR' THEN 1 WHEN 'IRT' THEN 10 WHEN 'IRHR' THEN 1000 WHEN 'IRHT' THEN 10000 END)::numeric
    END;

-- The canonical text of an order_id; NULL for what counts as missing.
CREATE OR REPLACE FUNCTION safar_order_id(id jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE jsonb_typeof(id) WHEN 'string' THEN to_jsonb(safar_fold(id #>> '{}'))::text WHEN 'number' THEN trim_scale(id::numeric)::text END;

-- Refunds [[microseconds, seq, amount or null], …] taken in fold order from what then remains: whole = one of them took the rest.
CREATE OR REPLACE FUNCTION safar_refunds(refunds jsonb, total numeric, OUT whole boolean, OUT part numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT bool_or(r.amount IS NULL OR r.amount >= total - r.before), sum(r.amount)
    FROM (SELECT x.amount, coalesce(sum(x.amount) OVER (ORDER BY x.stamp, x.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM (SELECT (e ->> 0)::bigint AS stamp, (e ->> 1)::bigint AS seq, (e ->> 2)::numeric AS amount FROM jsonb_array_elements(refunds) e) x) r;
END;
