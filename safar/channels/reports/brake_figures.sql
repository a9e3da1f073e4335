-- What went out of a journey since its brakes last held (or ever), and what of that came back for good or as spam. Of what went out no more is counted
-- than it takes to know whether a limit is reached: 20 a bounce, 1000 a complaint, 500 at least.
-- Called by brakes.read_figures, for campaigns of which something came back. Locks nothing.
-- Writes: nothing. Index: brake_pkey, bounce_journey, message_pkey, message_journey_newest.
WITH since AS (
    SELECT coalesce(max(b.at), '-infinity') AS at FROM brake b WHERE b.workspace_id = %(workspace_id)s AND b.journey_id = %(journey_id)s
), back AS (
    SELECT count(*) FILTER (WHERE b.kind = 'hard') AS hard, count(*) FILTER (WHERE b.kind = 'complaint') AS complaints
      FROM bounce b CROSS JOIN since JOIN message m ON m.bucket = b.bucket AND m.id = b.message_id
     WHERE b.journey_id = %(journey_id)s AND b.workspace_id = %(workspace_id)s AND m.sending_at > since.at
), sent AS (
    SELECT count(*) AS sent FROM (
        SELECT FROM message m CROSS JOIN since
         WHERE m.journey_id = %(journey_id)s AND m.decided_at > '-infinity' AND m.channel = 'email' -- all of the journey's, by its own index
           AND m.state IN ('accepted', 'assumed_sent') AND m.sending_at > since.at
         LIMIT (SELECT greatest(500, b.hard * 20 + 1, b.complaints * 1000 + 1) FROM back b)) counted
)
SELECT s.sent, b.hard, b.complaints FROM sent s CROSS JOIN back b
