-- The lanes that have work, the one furthest behind first. Called by Engine.run_once.
-- Parameters: now; whole (look at the inbox from its beginning, not from the low-water marks).
-- Writes: nothing. Index: inbox_pkey, inbox_put_back, timer_pkey.
SELECT l.id FROM lane l
WHERE EXISTS (SELECT FROM inbox i WHERE i.lane = l.id AND i.id > CASE WHEN %(whole)s THEN 0 ELSE l.inbox_low END)
    OR EXISTS (SELECT FROM inbox i WHERE i.lane = l.id AND i.applied_at IS NOT NULL)
    OR EXISTS (SELECT FROM timer t WHERE t.lane = l.id AND t.slot < %(now)s)
ORDER BY l.clock
