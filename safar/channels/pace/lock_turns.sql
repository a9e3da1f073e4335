-- Locks the rows that turns.sql has named, in the order of their keys, so that two dispatchers never wait for each other. Called by take_turns.
-- Writes: nothing. It locks send_turn. Index: send_turn_pkey.
SELECT t.bucket, t.contact_id
  FROM send_turn t
  JOIN json_to_recordset(%(rows)s::json) AS r (bucket smallint, contact_id bigint) ON t.bucket = r.bucket AND t.contact_id = r.contact_id
 ORDER BY t.bucket, t.contact_id
   FOR UPDATE OF t
