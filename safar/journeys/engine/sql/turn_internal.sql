-- The round's internal events: a contact that has one waiting takes it before anything else. Called by Tick.round.
-- Writes: journey_loop. Index: none.
WITH first AS (
    SELECT DISTINCT ON (c.contact_id) c.*, w.internals < 200 AS counted FROM caused c JOIN walker w ON w.contact_id = c.contact_id
    ORDER BY c.contact_id, c.ord
), taken AS (
    INSERT INTO turn (contact_id, bucket, workspace_id, kind, at, ts, seq, type, name, properties, hops, late, counted, alive, enters, facts,
        tokens, tags_added, tags_removed, traits_changed, consent, consent_changed, cause, cause_journey)
    SELECT contact_id, bucket, workspace_id, 0, at, at, nextval('event_seq'), 'internal', name, properties, hops, late, counted,
        v.alive, v.alive, facts, tokens, tags_added, tags_removed, traits_changed, consent, consent, cause, cause_journey
    FROM first f CROSS JOIN LATERAL (SELECT NOT f.late AND f.hops <= 8 AND f.counted AS alive) v
), counted AS (
    UPDATE walker w SET internals = w.internals + 1 FROM first f WHERE w.contact_id = f.contact_id
), loops AS (
    INSERT INTO journey_loop (journey_id, contact_id, at)
    SELECT DISTINCT ON (cause_journey) cause_journey, contact_id, at FROM first WHERE cause_journey IS NOT NULL AND (hops > 8 OR NOT counted)
    ORDER BY cause_journey ON CONFLICT (journey_id) DO UPDATE SET contact_id = EXCLUDED.contact_id, at = EXCLUDED.at
), gone AS (
    DELETE FROM caused c USING first f WHERE c.contact_id = f.contact_id AND c.ord = f.ord RETURNING 1
)
SELECT count(*) FROM gone
