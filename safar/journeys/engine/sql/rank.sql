-- Enrollments of one journey that a contact of the round has, in their order. Called by Tick for journeys with one_per.
-- Parameter: journey. Returns the greatest rank.
-- Writes: nothing but scratch tables. Index: enrollment_pkey.
WITH r AS (
    INSERT INTO ranked (contact_id, one_per, rank)
    SELECT t.contact_id, e.one_per, row_number() OVER (PARTITION BY t.contact_id ORDER BY e.id)
    FROM turn t JOIN enrollment e ON e.bucket = t.bucket AND e.contact_id = t.contact_id AND e.journey_id = %(journey)s
    WHERE t.kind < 2 RETURNING rank
)
SELECT coalesce(max(rank), 0) FROM r
