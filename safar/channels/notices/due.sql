-- Destinations at which a digest is due: something waits and has been gathered for a moment, none went there within its minutes, not as many as it
-- takes within the hour, and none is still on its way. Called by telling.tell_once, besides those it could not make one for
-- (passed). Locks what it gives, passes over what others have.
-- Writes: nothing. Index: telling_waiting, digest_newest, outbox_pkey, destination_pkey.
SELECT d.workspace_id, d.id, d.name, d.kind, d.settings, d.named
  FROM destination d
 WHERE d.paused_at IS NULL AND NOT d.id = ANY (%(passed)s::integer[])
   AND (d.told_at IS NULL OR d.told_at <= %(now)s::timestamptz - make_interval(mins => d.every_minutes))
   AND EXISTS (SELECT FROM telling t WHERE t.destination_id = d.id AND t.digest_id IS NULL AND t.at <= %(now)s::timestamptz - %(gathers)s::interval)
   AND (SELECT count(*) FROM digest g WHERE g.destination_id = d.id AND g.made_at > %(now)s::timestamptz - interval '1 hour') < d.per_hour
   AND NOT EXISTS (SELECT FROM digest g JOIN outbox o ON o.bucket = 0 AND o.enrollment_id = -g.id AND o.state <> 4
                    WHERE g.destination_id = d.id AND g.made_at > %(now)s::timestamptz - interval '7 days')
 ORDER BY d.told_at NULLS FIRST, d.id
 LIMIT 1
   FOR UPDATE OF d SKIP LOCKED
