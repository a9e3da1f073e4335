-- Trails of 128 elements move to enrollment_past: a row over 2 kB costs ten times as much to update. Called by Tick.move.
-- Writes: enrollment, enrollment_past. Index: enrollment_pkey.
WITH long AS (
    SELECT e.* FROM mover m JOIN enrollment e ON e.bucket = m.bucket AND e.contact_id = m.contact_id AND e.journey_id = m.journey_id
        AND e.one_per = m.one_per WHERE cardinality(e.trail) >= 128
), kept AS (INSERT INTO enrollment_past SELECT l.*, l.trail_moved FROM long l)
UPDATE enrollment e SET trail = '{}', trail_moved = e.trail_moved + cardinality(e.trail) FROM long l
WHERE e.bucket = l.bucket AND e.contact_id = l.contact_id AND e.journey_id = l.journey_id AND e.one_per = l.one_per
