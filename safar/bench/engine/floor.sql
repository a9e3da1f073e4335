-- The floor: the rows that the engine writes for one stretch, by plain set statements, with nothing read and nothing decided.
-- Called by Floor for each lane in a transaction; one statement after the other. Parameters: lane, horizon.
DELETE FROM timer WHERE lane = %(lane)s AND slot < %(horizon)s;

UPDATE enrollment e SET place = d.place, state = 0, reason = NULL, since = d.at, since_seq = d.seq, hops = 0, wake_at = d.wake, flip_at = NULL,
    held_at = NULL, ended_at = NULL, trail = e.trail || ARRAY[d.micros, d.code]
FROM bench_moves d WHERE d.lane = %(lane)s AND e.bucket = d.bucket AND e.contact_id = d.contact_id AND e.journey_id = d.journey_id
    AND e.one_per = d.one_per;

INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at, not_after)
SELECT bucket, workspace_id, contact_id, journey_id, id, entry_no, 4, 4, 'message',
    '{"journey": "six-points", "point": "letter", "channel": "email", "template": "a-letter"}'::jsonb, at, at, NULL
FROM bench_moves WHERE lane = %(lane)s AND written;

INSERT INTO contact_tag (bucket, contact_id, tag, at) SELECT bucket, contact_id, 'from-tehran', at FROM bench_moves WHERE lane = %(lane)s AND tagged;

INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, cause, hops)
SELECT bucket, contact_id, workspace_id, seq, at, at, 'internal', 'tag_added', '{"tag": "from-tehran"}'::jsonb, 'six-points.mark', 1
FROM bench_moves WHERE lane = %(lane)s AND tagged;

INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n)
SELECT lane, version_id, 1, tagged::int + 2 * written::int, date_bin('1 hour', at, 'epoch'), count(*)
FROM bench_moves WHERE lane = %(lane)s GROUP BY 1, 2, 4, 5;

INSERT INTO timer (lane, slot, subjects)
SELECT lane, date_bin('1 minute', wake, 'epoch'), array_agg(contact_id) FROM bench_moves WHERE lane = %(lane)s GROUP BY 1, 2;

UPDATE lane SET clock = greatest(clock, %(horizon)s) WHERE id = %(lane)s;
