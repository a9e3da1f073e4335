-- Takes messages whose service is to be asked now, and puts them off, so that two who ask do not ask about the same.
-- Called by polling.Poller; locks what it takes for a moment, past whatever others hold.
-- Writes: report_wait. Index: report_wait_due, report_wait_pkey.
WITH due AS (
    SELECT r.bucket, r.message_id FROM report_wait r WHERE r.ask_at <= %(now)s
     ORDER BY r.ask_at LIMIT %(n)s FOR UPDATE OF r SKIP LOCKED
)
UPDATE report_wait r SET ask_at = %(now)s::timestamptz + %(lease)s::interval
  FROM due d WHERE r.bucket = d.bucket AND r.message_id = d.message_id
RETURNING r.workspace_id, r.channel, r.provider, r.bucket, r.message_id, r.provider_id, r.asked, r.until
