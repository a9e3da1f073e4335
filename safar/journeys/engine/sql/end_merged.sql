-- Ends the trips of contacts that are merged into another: left, reason merged; held-out ones too. Called by Tick.apply.
-- Parameter: why (number of the reason).
-- Writes: enrollment, passage_count. Index: enrollment_pkey.
WITH m AS (
    SELECT t.contact_id, t.bucket, t.at, e.journey_id, e.one_per, e.version_id, e.place, e.state
    FROM turn t JOIN enrollment e ON e.bucket = t.bucket AND e.contact_id = t.contact_id
    -- a held-out trip stands until the end of its goal's window, that instant included; without a window it has none
    WHERE t.type = 'merge' AND (e.state = 0 OR (e.state = 4 AND e.ended_at >= t.at AND e.ended_at > e.entered_at))
), counts AS (
    INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n)
    SELECT k.lane, m.version_id, -4, %(why)s * 256 + coalesce(m.place, 255), date_bin('1 hour', m.at, 'epoch'), count(*)
    FROM m CROSS JOIN tick k WHERE m.state = 0 GROUP BY 1, 2, 4, 5
)
UPDATE enrollment e SET state = CASE WHEN e.state = 0 THEN 2 ELSE e.state END, reason = 'merged',
    ended_at = m.at
FROM m WHERE e.bucket = m.bucket AND e.contact_id = m.contact_id AND e.journey_id = m.journey_id AND e.one_per = m.one_per
