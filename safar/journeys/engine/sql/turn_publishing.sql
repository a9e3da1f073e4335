-- Those whose next thing is to be read for a publishing: events up to its moment and timers up to it have been dealt with, later ones have not.
-- Who is no contact by then, or has been erased, is passed over. Called by publishing.Publishings, when no round has anything left to do before it.
-- Parameters: publishing, tokens (what its watches read). Returns (passed and read, read).
-- Writes: nothing but scratch tables. Index: contact_pkey.
WITH next AS (
    SELECT w.contact_id, w.bucket, w.workspace_id, d.at, c.created_at IS NOT NULL AND c.erased_at IS NULL AS here
    FROM walker w
    LEFT JOIN thing e ON e.contact_id = w.contact_id AND e.n = w.n
    CROSS JOIN LATERAL (SELECT d.at, d.grp, d.a FROM due d WHERE d.contact_id = w.contact_id
        ORDER BY d.contact_id, d.at, d.grp, d.a, d.b, d.c LIMIT 1) d
    JOIN contact c ON c.bucket = w.bucket AND c.id = w.contact_id
    WHERE d.grp = 3 AND d.a = %(publishing)s AND (e.at IS NULL OR d.at < e.at) AND (w.stop_at IS NULL OR d.at < w.stop_at)
), taken AS (
    INSERT INTO turn (contact_id, bucket, workspace_id, kind, at, ts, seq, type, name, alive, enters, created, tokens)
    SELECT contact_id, bucket, workspace_id, 1, at, at, nextval('event_seq'), 'publish', 'publish', FALSE, FALSE, TRUE, %(tokens)s::text[]
    FROM next WHERE here
), moved AS (
    UPDATE walker w SET internals = 0 FROM next n WHERE w.contact_id = n.contact_id AND w.internals <> 0
), gone AS (
    DELETE FROM due d USING next n WHERE d.contact_id = n.contact_id AND d.grp = 3 AND d.a = %(publishing)s
)
SELECT count(*), count(*) FILTER (WHERE here) FROM next
