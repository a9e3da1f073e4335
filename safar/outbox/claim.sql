-- Takes the first few due rows of one queue: pending (or retry_wait whose time has come) to claimed, under a token and a lease
-- by the database's clock. Rows of a paused journey that stand in the way go to held instead, and are returned with state 5.
-- Called by claim.claim. Locks what it takes, passes over what others have (SKIP LOCKED).
-- A channel may have a queue for each address (webhook:4f0c…).
-- low: nothing open was seen before it, so the walk does not begin among the dead entries of a long snapshot.
-- Writes: outbox. Index: outbox_due, outbox_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), due AS (
    SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point,
           EXISTS (SELECT FROM outbox_hold h WHERE h.workspace_id = o.workspace_id AND h.journey_id = o.journey_id) AS held,
           clock.now + %(lease)s::interval AS lease_until
      FROM outbox o CROSS JOIN clock
     WHERE o.workspace_id = %(workspace_id)s AND o.channel = %(channel)s AND o.state IN (0, 3)
       AND o.due_at <= clock.now AND o.due_at >= %(low)s
     ORDER BY o.due_at
     LIMIT %(n)s
       FOR UPDATE OF o SKIP LOCKED
)
UPDATE outbox o
   SET state = CASE WHEN d.held THEN 5 ELSE 1 END,
       token = CASE WHEN d.held THEN NULL ELSE %(token)s::uuid END,
       lease_until = CASE WHEN d.held THEN NULL ELSE d.lease_until END
  FROM due d
 WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (d.bucket, d.enrollment_id, d.entry_no, d.trail_pos, d.point)
RETURNING o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point, o.id, o.workspace_id, o.contact_id, o.journey_id,
          o.kind, o.channel, o.effect, o.decided_at, o.due_at, o.not_after, o.attempts, o.refusals, o.state
