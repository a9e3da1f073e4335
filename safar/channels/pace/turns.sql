-- A row for each contact of these messages who has a cap, of the workspace or of their own, where there is none yet; returns the contacts. Called before each round that
-- begins messages. Waits for whoever is making the same row, in the order of the keys.
-- Writes: send_turn. Index: frequency_cap_pkey, consent_pkey, send_turn_pkey.
WITH capped AS MATERIALIZED (
    SELECT DISTINCT r.bucket, r.contact_id, r.workspace_id
      FROM json_to_recordset(%(rows)s::json) AS r (bucket smallint, contact_id bigint, workspace_id integer)
     WHERE EXISTS (SELECT FROM frequency_cap k WHERE k.workspace_id = r.workspace_id OFFSET 0)
        OR EXISTS (SELECT FROM consent n WHERE n.bucket = r.bucket AND n.contact_id = r.contact_id AND n.channel = 'frequency'
                      AND n.state IN ('weekly', 'monthly') OFFSET 0)
), made AS (
    INSERT INTO send_turn (bucket, contact_id, workspace_id)
    SELECT bucket, contact_id, workspace_id FROM capped ORDER BY bucket, contact_id
    ON CONFLICT (bucket, contact_id) DO NOTHING
)
SELECT bucket, contact_id FROM capped
