-- A process ends in good order; rows of killed ones go with it after a day. Called by heartbeat.py.
-- Locks: the rows it removes. Index: worker_heartbeat_pkey, else a scan of a table of a few rows.
DELETE FROM worker_heartbeat WHERE id = %(id)s OR beat_at < now() - interval '1 day'
