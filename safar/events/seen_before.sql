-- The transaction's time, and which of these messages were accepted in an earlier month, 35 days ago or less (or a little
-- more: months are looked at whole). Called by seen.only_new before it remembers them. One look into the key of each
-- month's partition.
-- "Earlier" ends where seen_remember begins. Parameter: hashes.
-- Writes: nothing. Index: seen_pkey.
SELECT now(), ARRAY(
    SELECT old.hash::text FROM seen old
    WHERE old.hash = ANY (%s::uuid[])
      AND old.day >= date_trunc('month', (now() - interval '35 days') AT TIME ZONE 'UTC')::date
      AND old.day < date_trunc('month', (now() - interval '5 minutes') AT TIME ZONE 'UTC')::date
)
