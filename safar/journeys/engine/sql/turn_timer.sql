-- The round's timers: a contact's next one, if no event of it comes at or before that instant. Who is to be read for a publishing before
-- that waits for it (turn_publishing.sql). Called by Tick.round.
-- Writes: nothing but scratch tables. Index: none.
WITH next AS (
    SELECT w.contact_id, w.bucket, w.workspace_id, d.*
    FROM walker w
    LEFT JOIN thing e ON e.contact_id = w.contact_id AND e.n = w.n
    CROSS JOIN LATERAL (SELECT d.at, d.grp, d.a, d.b, d.c, d.one_per FROM due d WHERE d.contact_id = w.contact_id
        ORDER BY d.contact_id, d.at, d.grp, d.a, d.b, d.c LIMIT 1) d
    WHERE NOT EXISTS (SELECT FROM turn x WHERE x.contact_id = w.contact_id)
        AND d.grp < 3 AND (e.at IS NULL OR d.at < e.at) AND (w.stop_at IS NULL OR d.at < w.stop_at)
), taken AS (
    INSERT INTO turn (contact_id, bucket, workspace_id, kind, at, seq, grp, a, b, c, one_per)
    SELECT contact_id, bucket, workspace_id, 2, at, nextval('event_seq'), grp, a, b, c, one_per FROM next
), moved AS (
    UPDATE walker w SET internals = 0 FROM next t WHERE w.contact_id = t.contact_id AND w.internals <> 0
), gone AS (
    DELETE FROM due d USING next t WHERE d.contact_id = t.contact_id AND d.at = t.at AND d.grp = t.grp AND d.a = t.a AND d.b = t.b AND d.c = t.c
)
SELECT count(*) FROM next
