-- Puts notices down and has them wait at their destinations. Doing it twice is doing it once: a notice has the number of its decision.
-- Called by gathering.gather, in the transaction that ends the decision (or tells of a warning). Parameters: notices, tellings (json), now.
-- Writes: notice, telling. Index: notice_pkey, telling_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), noted AS (
    INSERT INTO notice (bucket, id, workspace_id, contact_id, journey_id, journey_key, point_key, texts, at)
    SELECT r.bucket, r.id, r.workspace_id, r.contact_id, r.journey_id, r.journey_key, r.point_key, r.texts, clock.now
      FROM json_to_recordset(%(notices)s::json) AS r (
            bucket smallint, id bigint, workspace_id integer, contact_id bigint, journey_id integer, journey_key text, point_key text, texts jsonb)
     CROSS JOIN clock
    ON CONFLICT (bucket, id) DO NOTHING
)
INSERT INTO telling (bucket, notice_id, destination_id, workspace_id, contact_id, at)
SELECT r.bucket, r.notice_id, r.destination_id, r.workspace_id, r.contact_id, clock.now
  FROM json_to_recordset(%(tellings)s::json) AS r (
        bucket smallint, notice_id bigint, destination_id integer, workspace_id integer, contact_id bigint)
 CROSS JOIN clock
ON CONFLICT (bucket, notice_id, destination_id) DO NOTHING
