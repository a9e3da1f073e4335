-- The books of sending, a row for each journey and point, at one instant:
-- decided = accepted + skipped + failed + in_doubt + assumed_sent + open, and astray = 0.
-- A decision is a row of outbox or of message, or of both; where it is in both, the outbox says how it stands. `astray` counts
-- contradictions, which no statement of this room can make: a message that is on its way without its outbox row (lost), one at
-- its end that still has one, or a state that differs. Read it in one statement: it sees one snapshot.
-- Called by `safar check` (workspace_id null: all) and by the map for its figures.
-- Writes: nothing. Index: none for outbox, message: they are counted whole.
SELECT coalesce(o.workspace_id, m.workspace_id) AS workspace_id,
       coalesce(o.journey_id, m.journey_id) AS journey_id,
       coalesce(m.journey_key, o.effect ->> 'journey') AS journey,
       coalesce(m.point_key, o.effect ->> 'point') AS point,
       coalesce(o.kind, m.kind) AS kind,
       count(*) AS decided,
       count(*) FILTER (WHERE o.bucket IS NULL AND m.state = 'accepted') AS accepted,
       count(*) FILTER (WHERE o.bucket IS NULL AND m.state = 'skipped') AS skipped,
       count(*) FILTER (WHERE o.bucket IS NULL AND m.state = 'failed') AS failed,
       count(*) FILTER (WHERE o.state = 4) AS in_doubt,
       count(*) FILTER (WHERE o.bucket IS NULL AND m.state = 'assumed_sent') AS assumed_sent,
       count(*) FILTER (WHERE o.state IN (0, 1, 2, 3, 5)) AS open,
       count(*) FILTER (WHERE
           (o.bucket IS NULL AND m.state IN ('pending', 'sending', 'retry_wait', 'in_doubt'))
           OR (o.bucket IS NOT NULL AND m.state IN ('accepted', 'skipped', 'failed', 'assumed_sent'))
           OR (o.state = 2) IS DISTINCT FROM (m.state = 'sending') AND o.bucket IS NOT NULL AND m.bucket IS NOT NULL
           OR (o.state = 4) IS DISTINCT FROM (m.state = 'in_doubt') AND o.bucket IS NOT NULL AND m.bucket IS NOT NULL
           OR (o.state IN (2, 4) AND m.bucket IS NULL)) AS astray
  FROM outbox o
  FULL JOIN message m ON (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point)
                       = (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point)
 WHERE %(workspace_id)s::integer IS NULL OR coalesce(o.workspace_id, m.workspace_id) = %(workspace_id)s
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 4, 5
