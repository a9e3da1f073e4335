-- How far behind the house is. Called by health.py for /healthz and doctor, so it reads the ends of indexes and never counts.
-- The inbox is read from the lane's low-water mark on, the outbox by workspace and channel. Calls of webhooks stand in a queue for each address
-- and are not among them: an address of somebody else's that does not answer says nothing of this house.
-- Seconds, null where nothing waits. Timers are hints: an early one is put back, so its lag is an upper bound.
-- Writes: nothing. Index: inbox_pkey, timer_pkey, outbox_due.
SELECT
    (SELECT extract(epoch FROM now() - min(first.received_at))::float8
       FROM lane l CROSS JOIN LATERAL (
           SELECT i.received_at FROM inbox i WHERE i.lane = l.id AND i.id > l.inbox_low ORDER BY i.id LIMIT 1
       ) first) AS inbox,
    (SELECT extract(epoch FROM now() - min(first.slot))::float8
       FROM lane l CROSS JOIN LATERAL (
           SELECT t.slot FROM timer t WHERE t.lane = l.id AND t.slot < now() ORDER BY t.slot LIMIT 1
       ) first) AS timers,
    (SELECT extract(epoch FROM now() - min(first.due_at))::float8
       FROM accounts_workspace w CROSS JOIN (VALUES ('email'), ('sms'), ('notice')) AS c (channel) CROSS JOIN LATERAL (
           SELECT o.due_at FROM outbox o
            WHERE o.workspace_id = w.id AND o.channel = c.channel AND o.state IN (0, 3) AND o.due_at < now()
            ORDER BY o.due_at LIMIT 1
       ) first) AS outbox
