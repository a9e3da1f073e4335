-- Messages like the first, each of a contact of its own. Called by queue_messages; one statement after the other. Parameters: count,
-- workspace, journey, start. Their enrollments are made as well: the gate asks whether somebody has left the journey.
INSERT INTO contact (bucket, id, workspace_id, key, external_id, email, traits, created_at)
SELECT n.id & 1023, n.id, %(workspace)s, 'person-' || n.n, 'person-' || n.n, 'person-' || n.n || '@example.org', c.traits, c.created_at
FROM (SELECT n, n << 10 | (n * 617) %% 1024 AS id FROM generate_series(2, %(count)s::bigint) n) n
CROSS JOIN (SELECT * FROM contact WHERE key = 'person-1') c;

INSERT INTO consent (bucket, contact_id, channel, state, at)
SELECT bucket, id, 'email', 'given', %(start)s FROM contact WHERE workspace_id = %(workspace)s AND key <> 'person-1';

INSERT INTO enrollment (bucket, contact_id, journey_id, one_per, id, workspace_id, version_id, entry_no, starting_point, state, place, hops,
    entered_at, entry_seq, since, since_seq, ended_at, goal_until, trail)
SELECT c.bucket, c.id, e.journey_id, e.one_per, nextval('enrollment_number'), e.workspace_id, e.version_id, e.entry_no, e.starting_point,
    e.state, e.place, e.hops, e.entered_at, e.entry_seq, e.since, e.since_seq, e.ended_at, e.goal_until, e.trail
FROM contact c CROSS JOIN (SELECT * FROM enrollment WHERE journey_id = %(journey)s LIMIT 1) e
WHERE c.workspace_id = %(workspace)s AND c.key <> 'person-1';

INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at)
SELECT e.bucket, e.workspace_id, e.contact_id, e.journey_id, e.id, e.entry_no, o.trail_pos, o.point, o.kind, o.effect, o.decided_at, '2099-01-01Z'
FROM enrollment e CROSS JOIN (SELECT * FROM outbox LIMIT 1) o WHERE e.journey_id = %(journey)s AND e.contact_id <> o.contact_id;
