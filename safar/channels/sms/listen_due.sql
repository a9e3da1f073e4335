-- Takes accounts whose service is to be asked now what people wrote to their lines, and puts them off, so that two who ask do not ask the same.
-- Called by listening.listen_once; locks what it takes for a moment, past whatever others hold. There is a row for each workspace with a service of its own.
-- Writes: service. Index: service_pkey.
WITH due AS (
    SELECT s.workspace_id, s.channel FROM service s WHERE s.listen_at <= %(now)s AND s.provider = ANY (%(kinds)s)
     ORDER BY s.listen_at LIMIT %(n)s FOR UPDATE OF s SKIP LOCKED
)
UPDATE service s SET listen_at = %(now)s::timestamptz + %(every)s::interval
  FROM due d WHERE s.workspace_id = d.workspace_id AND s.channel = d.channel
RETURNING s.workspace_id, s.channel
