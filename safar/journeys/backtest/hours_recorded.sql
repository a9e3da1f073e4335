-- A slot of hours_own.sql, over a workspace's recorded history: all contacts count, also where one alone is replayed. What the drafts' own earlier
-- versions caused is left out, as recorded.sql leaves it out. Parameters: history (the workspace), keys, and those of hours_own.sql.
-- Writes: nothing. Index: none, the workspace's 90 days are read whole.
SELECT extract(hour FROM v.timestamp AT TIME ZONE coalesce(c.zone, %(zone)s))::smallint AS hour, count(*) AS n
  FROM public.event v JOIN public.contact c ON c.bucket = v.bucket AND c.id = v.contact_id
 WHERE v.workspace_id = %(history)s AND v.name IN ('email_opened', 'email_clicked', 'sms_clicked')
   AND v.timestamp > %(now)s::timestamptz - interval '90 days' AND v.timestamp <= %(now)s AND v.applied_at <= %(now)s
   AND NOT coalesce(v.properties ->> 'journey' = ANY (%(keys)s), FALSE)
 GROUP BY 1
