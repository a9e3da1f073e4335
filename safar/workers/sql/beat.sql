-- A process says that it lives. Called by heartbeat.py every few seconds, in a transaction of its own.
-- worked_for: seconds since its loop last came round.
-- Writes: worker_heartbeat, its own row. Index: worker_heartbeat_pkey.
INSERT INTO worker_heartbeat AS w (id, kind, host, pid, version, worked_at)
VALUES (%(id)s, %(kind)s, %(host)s, %(pid)s, %(version)s, now() - make_interval(secs => %(worked_for)s))
ON CONFLICT (id) DO UPDATE SET beat_at = now(), worked_at = EXCLUDED.worked_at
