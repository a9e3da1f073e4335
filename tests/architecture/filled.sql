-- A few thousand people with everything that can be of them, so that a plan has something to choose between. Called by
-- test_plans.py; one statement after the other. Numbers are spread over the buckets as those of real contacts are.
CREATE TEMP TABLE person AS
SELECT n, n << 10 | (n * 617) % 1024 AS id, ((n * 617) % 1024)::smallint AS bucket, date_trunc('month', now(), 'UTC') + n * interval '1 minute' AS at
FROM generate_series(1, 5000) n;

INSERT INTO contact (bucket, id, workspace_id, key, external_id, email, traits, created_at)
SELECT bucket, id, 1 + n % 3, 'person-' || n, 'person-' || n, 'person-' || n || '@example.org', '{"city": "Tehran"}', at FROM person;

INSERT INTO contact_facts (bucket, contact_id) SELECT bucket, id FROM person;

INSERT INTO purchase (bucket, contact_id, order_id, at, total, counts) SELECT bucket, id, n, at, 10, TRUE FROM person;

INSERT INTO contact_tag (bucket, contact_id, tag, at) SELECT bucket, id, 'vip', at FROM person;

INSERT INTO consent (bucket, contact_id, channel, state, at) SELECT bucket, id, 'email', 'given', at FROM person;

INSERT INTO identity (workspace_id, kind, value, contact_id)
SELECT 1 + n % 3, k, 'person-' || n || CASE k WHEN 3 THEN '@example.org' ELSE '' END, id FROM person CROSS JOIN unnest(ARRAY[1, 3]) k;

INSERT INTO segment_member (bucket, contact_id, segment_id, since) SELECT bucket, id, 1 + n % 20, at FROM person;

INSERT INTO contact_watch (bucket, contact_id, kind, watch_id, due_at) SELECT bucket, id, n % 2, 1 + n % 20, at FROM person;

INSERT INTO enrollment (bucket, contact_id, journey_id, id, workspace_id, version_id, entry_no, starting_point, state, place, entered_at,
    entry_seq, since, since_seq, wake_at, goal_until)
SELECT bucket, id, j, nextval('enrollment_number'), 1 + n % 3, j, 1, 0, (n % 10 = 0)::integer, n % 5, at, n, at, n, at + interval '1 month', 'infinity'
FROM person CROSS JOIN generate_series(1, 3) j;

INSERT INTO enrollment_past SELECT e.*, 0 FROM enrollment e WHERE journey_id = 1;

INSERT INTO enrollment_entry (bucket, enrollment_id, entry_no, properties) SELECT bucket, id, 1, '{}' FROM enrollment;

-- in every month that has a partition, in the oldest one and in what is outside of all
INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties)
SELECT bucket, id, 1 + n % 3, nextval('event_seq'), at, at - m * interval '1 month', 'track',
    (ARRAY['Product Added', 'Order Completed', 'Product Viewed'])[1 + (n + m + 4) % 3], '{}'
FROM person CROSS JOIN generate_series(-4, 16) m WHERE n % 2 = abs(m) % 2;

INSERT INTO timer (lane, slot, subjects) SELECT n % 16, date_bin('1 minute', at, 'epoch'), ARRAY[id] FROM person;

INSERT INTO inbox (lane, bucket, contact_id, workspace_id, timestamp, type, name)
SELECT n % 16, bucket, id, 1 + n % 3, at, 'track', 'Product Viewed' FROM person;

INSERT INTO seen (day, hash)
SELECT (date_trunc('month', now(), 'UTC') - m * interval '1 month')::date, md5(n::text || m)::uuid FROM person CROSS JOIN generate_series(-3, 1) m;

INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at,
    not_after, state, token, lease_until)
SELECT e.bucket, e.workspace_id, e.contact_id, e.journey_id, e.id, 1, 2, 1, 'message', '{"channel": "email"}', e.since, e.since,
    CASE WHEN e.id % 7 = 0 THEN e.since + interval '1 year' END, s.state, CASE WHEN s.state IN (1, 2) THEN md5(e.id::text)::uuid END,
    CASE WHEN s.state IN (1, 2, 4) THEN e.since END
FROM enrollment e CROSS JOIN LATERAL (SELECT CASE WHEN e.id % 50 < 5 THEN 1 + e.id % 5 ELSE 0 END AS state) s WHERE e.journey_id = 1;

INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class, state,
    decided_at)
SELECT e.bucket, nextval('outbox_number'), e.workspace_id, e.contact_id, e.journey_id, e.id, 1, m, 1, 'message', 'email', 'marketing',
    (ARRAY['accepted', 'accepted', 'accepted', 'skipped', 'sending', 'in_doubt'])[1 + e.id % 6], e.since
FROM enrollment e CROSS JOIN generate_series(2, 6, 2) m WHERE e.journey_id = 2;
