-- Remember these messages under these months; gives the rows that were not there yet. Called by seen.only_new in the
-- transaction that accepts them. Two transactions that do not see each other yet meet at the key of a month, and the later
-- one waits. Hashes come sorted: nobody waits in a circle. Parameters: months (first days), hashes.
-- Writes: seen. Index: seen_pkey, which tells the repeated ones.
INSERT INTO seen (day, hash)
SELECT d, h FROM unnest(%s::date[]) AS days (d) CROSS JOIN unnest(%s::uuid[]) AS n (h)
ON CONFLICT DO NOTHING
RETURNING hash
