-- Puts one message of a digest into the outbox: of no contact and no journey, under a key below zero that no enrollment has.
-- Called by telling.tell_once, in the transaction that makes the digest. Parameters: workspace_id, digest, place, effect, now.
-- Writes: outbox. Index: none.
INSERT INTO outbox (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at)
VALUES (0, nextval('outbox_number'), %(workspace_id)s, 0, 0, -%(digest)s::bigint, 0, %(place)s, 0, 'digest', %(effect)s, %(now)s, %(now)s)
