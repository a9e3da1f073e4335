-- Rows of journeys that go on again: held → pending. Called every round; takes and locks at most n a journey. A walk over outbox_held looks
-- at each held journey once, however many rows it holds.
-- Writes: outbox. Index: outbox_held, outbox_pkey.
WITH RECURSIVE journey AS (
    (SELECT o.workspace_id, o.journey_id FROM outbox o WHERE o.state = 5 ORDER BY o.workspace_id, o.journey_id LIMIT 1)
    UNION ALL
    SELECT n.workspace_id, n.journey_id
      FROM journey j CROSS JOIN LATERAL (
        SELECT o.workspace_id, o.journey_id FROM outbox o
         WHERE o.state = 5 AND (o.workspace_id, o.journey_id) > (j.workspace_id, j.journey_id)
         ORDER BY o.workspace_id, o.journey_id LIMIT 1) n
), free AS (
    SELECT j.* FROM journey j
     WHERE NOT EXISTS (SELECT FROM outbox_hold h WHERE h.workspace_id = j.workspace_id AND h.journey_id = j.journey_id)
), few AS (
    SELECT s.* FROM free f CROSS JOIN LATERAL (
        SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
          FROM outbox o
         WHERE o.workspace_id = f.workspace_id AND o.journey_id = f.journey_id AND o.state = 5
         LIMIT %(n)s
           FOR UPDATE OF o SKIP LOCKED) s
)
UPDATE outbox o
   SET state = 0
  FROM few s
 WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (s.bucket, s.enrollment_id, s.entry_no, s.trail_pos, s.point)
   AND o.state = 5
RETURNING o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
