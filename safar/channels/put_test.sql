-- Puts a test message into the outbox: of no contact and no journey, under a key below zero that no enrollment has.
-- Called by preview.send_test, from the page of a template, and by trying_own.send_service_test. Returns its number. Locks nothing.
-- Writes: outbox. Index: none.
WITH number AS (
    SELECT nextval('outbox_number') AS id
)
INSERT INTO outbox (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at)
SELECT 0, n.id, %(workspace_id)s, 0, 0, -n.id, 0, 0, 0, 'test', %(effect)s, statement_timestamp(), statement_timestamp()
  FROM number n
RETURNING id
