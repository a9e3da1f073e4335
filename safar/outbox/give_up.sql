-- Open rows that nobody will send: those whose not_after has passed (whatever holds them: a pause, a closed circuit, back-off),
-- and, where a workspace is named, all of it or of one journey, by hand (reason `stopped`), or of one contact (`erased`). Open → skipped.
-- Called every round, and by services; takes and locks at most n.
-- Slots: which, told (told.sql).
-- Writes: outbox, message, inbox. Index: outbox_expiry, outbox_pkey; none for outbox by hand, which looks through what is open.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), past AS (
    SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point
      FROM outbox o CROSS JOIN clock
     WHERE o.state IN (0, 3, 5) AND {which}
     LIMIT %(n)s
       FOR UPDATE OF o SKIP LOCKED
), dropped AS (
    DELETE FROM outbox o USING past p
     WHERE (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point) = (p.bucket, p.enrollment_id, p.entry_no, p.trail_pos, p.point)
    RETURNING o.*
), written AS (
    INSERT INTO message AS m (
        bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, journey_key, point_key, kind,
        channel, class, topic, template, state, reason, attempt, decided_at, settled_at)
    SELECT d.bucket, d.id, d.workspace_id, d.contact_id, d.journey_id, d.enrollment_id, d.entry_no, d.trail_pos, d.point,
           d.effect ->> 'journey', d.effect ->> 'point', d.kind, split_part(d.channel, ':', 1),
           CASE d.kind WHEN 'notice' THEN 'notice' ELSE coalesce(d.effect ->> 'class', 'marketing') END,
           d.effect ->> 'topic', d.effect ->> 'template', 'skipped', %(reason)s, d.attempts, d.decided_at, clock.now
      FROM dropped d CROSS JOIN clock
    ON CONFLICT (bucket, enrollment_id, entry_no, trail_pos, point) DO UPDATE
       SET state = EXCLUDED.state, reason = EXCLUDED.reason, settled_at = EXCLUDED.settled_at
     WHERE m.state NOT IN ('accepted', 'assumed_sent', 'failed', 'skipped')
    RETURNING m.bucket, m.id, m.workspace_id, m.contact_id, m.kind, m.journey_key, m.point_key, m.template, m.channel, m.state, m.reason
), ended AS (
    SELECT * FROM written
), told AS (
    {told}
)
SELECT bucket, id, state FROM written
