-- A process ends in good order; rows of killed ones go with it after a day. Called by heartbeat.py.
-- Writes: worker_heartbeat. Index: worker_heartbeat_pkey, or a scan of a few rows.
DELETE FROM worker_heartbeat WHERE id = %(id)s OR beat_at < now() - interval '1 day'
