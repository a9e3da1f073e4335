-- Has everybody counted anew who has an order or an open cart in one of these currencies. Called by recounting.py, in the transaction
-- that changes the rates.
-- Writes: inbox. Index: contact_pkey, none for purchase, contact_facts: nothing leads from a currency to carts, and rates change seldom.
WITH concerned AS (
    SELECT p.bucket, p.contact_id FROM purchase p WHERE p.currency IS NOT NULL AND p.currency = ANY (%(currencies)s)
    UNION
    SELECT f.bucket, f.contact_id FROM contact_facts f
    CROSS JOIN LATERAL (SELECT upper(btrim(f.cart ->> 'currency')) AS unit OFFSET 0) c
    WHERE f.cart IS NOT NULL AND CASE WHEN c.unit IN ('IRT', 'IRHR', 'IRHT') THEN 'IRR' ELSE c.unit END = ANY (%(currencies)s)
)
INSERT INTO inbox (workspace_id, lane, bucket, contact_id, timestamp, type, name)
SELECT c.workspace_id, l.lane, c.bucket, c.id, now(), %(type)s, %(type)s
FROM concerned x
JOIN contact c ON c.bucket = x.bucket AND c.id = x.contact_id AND c.workspace_id = %(workspace)s AND c.merged_into IS NULL
JOIN bucket_lane l ON l.bucket = c.bucket
