-- Takes accounts of which it is to be asked now how much money is left, and puts them off, so that two who ask do not ask the same.
-- Called by low_credit.watch_credit; locks what it takes for a moment, past whatever others hold. There is a row for each workspace with a service of its own.
-- Writes: service. Index: service_pkey.
WITH due AS (
    SELECT s.workspace_id, s.channel FROM service s WHERE s.credit_at <= %(now)s AND s.channel = 'sms' AND s.provider = ANY (%(kinds)s)
     ORDER BY s.credit_at LIMIT %(n)s FOR UPDATE OF s SKIP LOCKED
)
UPDATE service s SET credit_at = %(now)s::timestamptz + %(every)s::interval
  FROM due d WHERE s.workspace_id = d.workspace_id AND s.channel = d.channel
RETURNING s.workspace_id
