-- Gives messages their short links; one that has one keeps its code. Raises a unique violation where a code is another message's.
-- Called by links.shorten, for a claim's SMS together.
-- Writes: short_link. Index: short_link_pkey, short_link_bucket_message_id_key.
INSERT INTO short_link (code, workspace_id, bucket, message_id, link_id)
SELECT r.code, r.workspace_id, r.bucket, r.message_id, r.link_id
  FROM json_to_recordset(%(rows)s::json) AS r (code text, workspace_id integer, bucket smallint, message_id bigint, link_id bigint)
 ORDER BY r.bucket, r.message_id
ON CONFLICT (bucket, message_id) DO UPDATE SET link_id = EXCLUDED.link_id
RETURNING bucket, message_id, code
