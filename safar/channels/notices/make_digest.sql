-- Takes what waits at a destination into one digest: the first `most` notices whole, the others as a count. Called by telling.tell_once under the lock
-- of the destination. Gives the digest's number. Parameters: workspace_id, destination, most, at_once, now. Of what waits it takes the oldest `at_once`:
-- the rest goes with the next digest, so that no flood makes it longer than a statement may take.
-- Writes: digest, telling, destination. Index: telling_waiting, telling_pkey, destination_pkey.
WITH number AS (
    SELECT nextval('outbox_number') AS id
), waiting AS (
    SELECT o.bucket, o.notice_id, row_number() OVER (ORDER BY o.at, o.notice_id) AS n
      FROM (SELECT t.bucket, t.notice_id, t.at FROM telling t WHERE t.destination_id = %(destination)s AND t.digest_id IS NULL
             ORDER BY t.at, t.notice_id LIMIT %(at_once)s) o
), taken AS (
    UPDATE telling t
       SET digest_id = number.id, counted = w.n > %(most)s
      FROM waiting w CROSS JOIN number
     WHERE t.bucket = w.bucket AND t.notice_id = w.notice_id AND t.destination_id = %(destination)s
    RETURNING t.counted
), told AS (
    UPDATE destination d SET told_at = %(now)s WHERE d.id = %(destination)s
)
INSERT INTO digest (id, workspace_id, destination_id, made_at, shown, more)
SELECT number.id, %(workspace_id)s, %(destination)s, %(now)s,
       (SELECT count(*) FROM taken WHERE NOT counted), (SELECT count(*) FROM taken WHERE counted)
  FROM number
RETURNING id
