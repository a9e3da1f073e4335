-- Takes messages whose service is to be asked now, the oldest of each account, and puts them off, so that two who ask do not ask about the same. An account with
-- very many takes nothing from the others.
-- Called by polling.Poller; locks what it takes for a moment, past whatever others hold. kinds, most: a provider, and about how many messages it is asked at once.
-- Writes: report_wait. Index: report_wait_account, report_wait_pkey.
WITH due AS (
    SELECT o.bucket, o.message_id, o.ask_at
      FROM unnest(%(kinds)s::text[], %(most)s::int[]) AS k (provider, most)
      JOIN service s ON s.provider = k.provider
     CROSS JOIN LATERAL (
        SELECT r.bucket, r.message_id, r.ask_at FROM report_wait r
         WHERE r.workspace_id = s.workspace_id AND r.channel = s.channel AND r.provider = s.provider AND r.ask_at <= %(now)s
         ORDER BY r.ask_at LIMIT k.most FOR UPDATE OF r SKIP LOCKED
     ) o
)
UPDATE report_wait r SET ask_at = %(now)s::timestamptz + %(lease)s::interval
  FROM due d WHERE r.bucket = d.bucket AND r.message_id = d.message_id
RETURNING r.workspace_id, r.channel, r.provider, r.bucket, r.message_id, r.provider_id, r.asked, r.until, d.ask_at AS due_at
