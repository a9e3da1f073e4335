-- Asks for a confirmation: what is asked is put down, and a transactional message with its link goes into the outbox, under a key below zero
-- that no enrollment has. Where the contact was asked for it on that channel `most` times within a day nothing is done.
-- Called by confirming.ask_confirmation. Returns the number, or no row.
-- Writes: confirmation, outbox. Index: confirmation_contact, contact_pkey.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), about AS (
    SELECT c.bucket, c.id, c.workspace_id, clock.now,
           CASE %(channel)s WHEN 'email' THEN lower(btrim(c.email)) ELSE btrim(c.phone) END AS address
      FROM contact c CROSS JOIN clock
     WHERE c.bucket = %(bucket)s AND c.id = %(contact)s AND c.workspace_id = %(workspace)s AND c.erased_at IS NULL AND c.merged_into IS NULL
       AND %(most)s > (SELECT count(*) FROM confirmation f WHERE f.bucket = c.bucket AND f.contact_id = c.id AND f.channel = %(channel)s
                          AND f.asked_at > clock.now - interval '1 day')
), put AS (
    INSERT INTO confirmation (bucket, workspace_id, contact_id, channel, address, topics, proof, asked_at, expires_at)
    SELECT a.bucket, a.workspace_id, a.id, %(channel)s, a.address, %(topics)s, %(proof)s, a.now, a.now + %(good_for)s::interval
      FROM about a WHERE a.address <> ''
    RETURNING bucket, id, workspace_id, contact_id, asked_at, expires_at
), queued AS (
    INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at, not_after)
    SELECT p.bucket, p.workspace_id, p.contact_id, 0, -p.id, 0, 0, 1, 'message', %(effect)s::jsonb || jsonb_build_object('confirmation', p.id),
           p.asked_at, p.asked_at, p.expires_at
      FROM put p
    RETURNING id
)
SELECT p.id, pg_notify('safar_outbox', '') FROM put p
