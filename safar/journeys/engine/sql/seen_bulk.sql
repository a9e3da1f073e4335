-- last_seen once a tick, where no condition reads it. Called by Tick.finish.
-- Writes: contact_facts. Index: contact_facts_pkey.
UPDATE contact_facts f SET last_seen = s.ts
FROM (SELECT e.contact_id, w.bucket, max(e.timestamp) AS ts FROM thing e JOIN walker w ON w.contact_id = e.contact_id AND e.n < w.n
    WHERE e.type IN ('identify', 'track', 'page', 'screen') AND w.workspace_id = ANY (%(workspaces)s) GROUP BY e.contact_id, w.bucket) s
WHERE f.bucket = s.bucket AND f.contact_id = s.contact_id AND (f.last_seen IS NULL OR f.last_seen < s.ts)
