-- Which queues (workspace, channel) have something open, when its first is due, and whether the workspace may send at all.
-- Called once a round by the dispatcher. A walk from one queue to the next over outbox_due: as many look-ups as there are
-- queues, whatever their length.
-- Writes: nothing. Index: outbox_due.
WITH RECURSIVE queue AS (
    (SELECT o.workspace_id, o.channel FROM outbox o WHERE o.state IN (0, 3)
      ORDER BY o.workspace_id, o.channel LIMIT 1)
    UNION ALL
    SELECT n.workspace_id, n.channel
      FROM queue q CROSS JOIN LATERAL (
        SELECT o.workspace_id, o.channel FROM outbox o
         WHERE o.state IN (0, 3) AND (o.workspace_id, o.channel) > (q.workspace_id, q.channel)
         ORDER BY o.workspace_id, o.channel LIMIT 1) n
)
SELECT q.workspace_id, q.channel, f.due_at,
       coalesce(w.stopped, true)
       OR EXISTS (SELECT FROM outbox_hold h WHERE h.workspace_id IN (0, q.workspace_id) AND h.journey_id = 0) AS stopped,
       coalesce(w.send_mode, '') AS send_mode
  FROM queue q
  LEFT JOIN accounts_workspace w ON w.id = q.workspace_id
  CROSS JOIN LATERAL (
    SELECT o.due_at FROM outbox o
     WHERE o.workspace_id = q.workspace_id AND o.channel = q.channel AND o.state IN (0, 3) AND o.due_at >= %(low)s
     ORDER BY o.due_at LIMIT 1) f
 ORDER BY f.due_at, q.workspace_id, q.channel
