-- Takes up to n tokens from a sender's buckets (second, hour, day) and from the installation's for the channel, and says how many;
-- where none is left, also when the next will be there. Called before each claim of a limited sender; locks its rows for a moment.
-- A bucket holds a twentieth of its rate and fills so that no window of its length, wherever it begins, sees more than the rate.
-- Writes: sender. Index: none; sender has a few rows.
WITH clock AS (
    SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now
), mine AS MATERIALIZED (
    SELECT s.* FROM sender s
     WHERE s.workspace_id IN (0, %(workspace_id)s) AND s.channel = %(channel)s
     ORDER BY s.workspace_id
       FOR UPDATE OF s
), bucket AS (
    SELECT m.workspace_id, b.name, b.held, b.window_seconds, m.filled_at,
           greatest(1, b.rate / 20) AS holds,
           (b.rate + 1 - greatest(1, b.rate / 20)) / b.window_seconds AS a_second
      FROM mine m CROSS JOIN LATERAL (VALUES
        ('second', m.per_second, m.second_left, 1.0::double precision),
        ('hour', m.per_hour, m.hour_left, 3600.0),
        ('day', m.per_day, m.day_left, 86400.0)) AS b (name, rate, held, window_seconds)
     WHERE b.rate IS NOT NULL
), filled AS (
    SELECT b.*, least(b.holds, coalesce(b.held, b.holds)
                + b.a_second * greatest(0, extract(epoch FROM clock.now - coalesce(b.filled_at, clock.now)))) AS left_now
      FROM bucket b CROSS JOIN clock
), granted AS (
    -- A hair is forgiven: sums of binary fractions fall short of a whole token by less than a millionth.
    SELECT least(%(n)s, coalesce(min(floor(f.left_now + 1e-6)), %(n)s))::integer AS n FROM filled f
), taken AS (
    UPDATE sender s
       SET second_left = (SELECT f.left_now - g.n FROM filled f WHERE f.workspace_id = s.workspace_id AND f.name = 'second'),
           hour_left = (SELECT f.left_now - g.n FROM filled f WHERE f.workspace_id = s.workspace_id AND f.name = 'hour'),
           day_left = (SELECT f.left_now - g.n FROM filled f WHERE f.workspace_id = s.workspace_id AND f.name = 'day'),
           filled_at = greatest(s.filled_at, clock.now)
      FROM granted g, clock
     WHERE s.workspace_id IN (0, %(workspace_id)s) AND s.channel = %(channel)s
    RETURNING s.workspace_id
)
SELECT g.n,
       CASE WHEN g.n = 0 THEN (SELECT max(clock.now + make_interval(secs => (1 - f.left_now) / f.a_second)) FROM filled f, clock
                                WHERE f.left_now < 1) END AS next_at,
       (SELECT count(*) FROM taken) AS senders
  FROM granted g
