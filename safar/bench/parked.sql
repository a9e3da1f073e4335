-- Parked timers, and contacts under states. Called by bench_timers; one statement after the other. Parameters: workspace, journey, start,
-- spread, due (how many are due in the first minute), low and high (numbers of subjects), people.
INSERT INTO timer (lane, slot, subjects)
SELECT b.lane, s.slot, array_agg(s.id)
FROM (SELECT n << 10 | (n * 617) %% 1024 AS id, date_bin('1 minute', %(start)s::timestamptz + interval '1 day'
        + (hashint8(n) & 2147483647) / 2147483648.0 * %(spread)s::interval, 'epoch') AS slot
    FROM generate_series(%(low)s::bigint, %(high)s::bigint) n) s
JOIN bucket_lane b ON b.bucket = (s.id & 1023)::smallint GROUP BY 1, 2;

INSERT INTO contact (bucket, id, workspace_id, key, traits, created_at)
SELECT id & 1023, id, %(workspace)s, 'person-' || n, '{"renewal": "2027-05-01"}', %(start)s
FROM (SELECT n, n << 10 | (n * 617) %% 1024 AS id FROM generate_series(1, greatest(%(people)s::bigint, %(due)s::bigint)) n) n;

WITH watched AS (
    INSERT INTO contact_watch (bucket, contact_id, kind, watch_id, due_at)
    SELECT id & 1023, id, 1, %(journey)s * 4 + w, %(start)s::timestamptz + interval '40 days' + n * interval '1 second' FROM
        (SELECT n, n << 10 | (n * 617) %% 1024 AS id FROM generate_series(1, %(people)s::bigint) n) n CROSS JOIN generate_series(0, 1) w
    RETURNING bucket, contact_id, due_at
), far AS (
    INSERT INTO timer (lane, slot, subjects)
    SELECT b.lane, date_bin('1 minute', w.due_at, 'epoch'), array_agg(w.contact_id) FROM watched w JOIN bucket_lane b ON b.bucket = w.bucket GROUP BY 1, 2
)
INSERT INTO timer (lane, slot, subjects)
SELECT b.lane, %(start)s, array_agg(id) FROM (SELECT n << 10 | (n * 617) %% 1024 AS id FROM generate_series(1, %(due)s::bigint) n) n
JOIN bucket_lane b ON b.bucket = (id & 1023)::smallint GROUP BY 1, 2;
