-- The transaction's time, and which of these messages were accepted on an earlier day, up to 35 days ago.
-- Called by seen.only_new before it remembers them. Locks nothing; one look into the key of each day's partition.
-- "Earlier" ends where seen_remember begins. Parameter: hashes.
SELECT now(), ARRAY(
    SELECT old.hash::text FROM seen old
    WHERE old.hash = ANY (%s::uuid[])
      AND old.day >= (now() AT TIME ZONE 'UTC')::date - 35
      AND old.day < ((now() - interval '5 minutes') AT TIME ZONE 'UTC')::date
)
