-- A paused journey: who would move is held, with the moment, and goes on at resume by their own clock. Called by Tick.move.
-- Parameter: journeys (paused).
-- Writes: enrollment. Index: enrollment_pkey.
WITH m AS (DELETE FROM mover WHERE journey_id = ANY (%(journeys)s) RETURNING *)
UPDATE enrollment e SET held_at = m.at FROM m
WHERE e.bucket = m.bucket AND e.contact_id = m.contact_id AND e.journey_id = m.journey_id AND e.one_per = m.one_per AND e.held_at IS NULL AND e.state = 0
