-- The lanes that have work, the one furthest behind first; owes: a publishing has not put its people down there yet. Called by Engine.run_once.
-- Parameters: now; whole (look at the inbox from its beginning, not from the low-water marks).
-- Writes: nothing. Index: inbox_pkey, inbox_put_back, timer_pkey.
SELECT l.id, o.owes FROM lane l CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM publishing p WHERE p.lanes_left > 0
    AND NOT EXISTS (SELECT FROM publishing_lane m WHERE m.publishing_id = p.id AND m.lane = l.id)) AS owes OFFSET 0) o
WHERE o.owes OR EXISTS (SELECT FROM inbox i WHERE i.lane = l.id AND i.id > CASE WHEN %(whole)s THEN 0 ELSE l.inbox_low END)
    OR EXISTS (SELECT FROM inbox i WHERE i.lane = l.id AND i.applied_at IS NOT NULL)
    OR EXISTS (SELECT FROM timer t WHERE t.lane = l.id AND t.slot < %(now)s)
ORDER BY l.clock
