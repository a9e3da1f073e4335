-- Forgets messages that nobody could be asked about for two days: their account is another one since.
-- Called by polling.Poller before it asks; locks what it takes for a moment, past whatever others hold.
-- Writes: report_wait. Index: report_wait_due, report_wait_pkey.
WITH past AS (
    SELECT r.bucket, r.message_id FROM report_wait r WHERE r.ask_at < %(now)s::timestamptz - interval '2 days'
     ORDER BY r.ask_at LIMIT 10000 FOR UPDATE OF r SKIP LOCKED
)
DELETE FROM report_wait r USING past p WHERE r.bucket = p.bucket AND r.message_id = p.message_id
