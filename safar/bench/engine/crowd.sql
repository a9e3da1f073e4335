-- A crowd, made like person 1 of the stage. Called by Stage.add; one statement after the other. Parameters: low and high (numbers of
-- the people, high without), came and wave (from when on and over how long they came in), journey. Bulk inserts into empty ranges.
INSERT INTO contact (bucket, id, workspace_id, key, external_id, email, traits, traits_at, created_at)
SELECT n.id & 1023, n.id, c.workspace_id, 'person-' || n.n, 'person-' || n.n, 'person-' || n.n || '@example.org',
    jsonb_build_object('first_name', 'Person ' || n.n, 'city', CASE WHEN n.n %% 2 = 0 THEN 'Tehran' ELSE 'Shiraz' END,
        'birthday', '1370-02-' || to_char(1 + n.n %% 28, 'FM00')), c.traits_at, %(came)s
FROM (SELECT n, n << 10 | (n * 617) %% 1024 AS id FROM generate_series(%(low)s::bigint, %(high)s::bigint - 1) n) n
CROSS JOIN (SELECT * FROM contact WHERE key = 'person-1') c;

INSERT INTO enrollment (bucket, contact_id, journey_id, one_per, id, workspace_id, version_id, entry_no, starting_point, state, place, hops,
    entered_at, entry_seq, since, since_seq, wake_at, flip_at, exit_flip_at, held_at, ended_at, reason, goal_until, goal_at, goal_money,
    trail_moved, trail)
SELECT n.id & 1023, n.id, e.journey_id, e.one_per, nextval('enrollment_number'), e.workspace_id, e.version_id, e.entry_no, e.starting_point,
    e.state, e.place, e.hops, n.at, e.entry_seq, n.at, e.since_seq, n.at + (e.wake_at - e.since), e.flip_at, e.exit_flip_at, e.held_at,
    e.ended_at, e.reason, e.goal_until, e.goal_at, e.goal_money, e.trail_moved, e.trail
FROM (SELECT n, n << 10 | (n * 617) %% 1024 AS id,
        %(came)s::timestamptz + (n - %(low)s::bigint) * %(wave)s::interval / (%(high)s::bigint - %(low)s::bigint) AS at
    FROM generate_series(%(low)s::bigint, %(high)s::bigint - 1) n) n
CROSS JOIN (SELECT * FROM enrollment WHERE contact_id >> 10 = 1 AND journey_id = %(journey)s) e;

INSERT INTO enrollment_entry (bucket, enrollment_id, entry_no, properties)
SELECT e.bucket, e.id, e.entry_no, '{}' FROM enrollment e
WHERE e.contact_id >> 10 >= %(low)s::bigint AND e.contact_id >> 10 < %(high)s::bigint AND e.journey_id = %(journey)s;

INSERT INTO timer (lane, slot, subjects)
SELECT b.lane, date_bin('1 minute', e.wake_at, 'epoch'), array_agg(e.contact_id)
FROM enrollment e JOIN bucket_lane b ON b.bucket = e.bucket
WHERE e.contact_id >> 10 >= %(low)s::bigint AND e.contact_id >> 10 < %(high)s::bigint AND e.journey_id = %(journey)s GROUP BY 1, 2;
