-- Adds up the rows of passage_count that differ in nothing but their number, of hours that are over. Called by services.compact_counts,
-- about once an hour. Engines go on writing meanwhile: one statement takes away what it adds up, so the sums are the same in every snapshot.
-- Parameter: before (the hour in hand). Returns (rows taken away, rows written). Writes: passage_count. Index: none, it is read whole.
WITH crowded AS (
    SELECT lane, version_id, stretch, decisions, hour FROM passage_count WHERE hour < %(before)s
    GROUP BY lane, version_id, stretch, decisions, hour HAVING count(*) > 1
), gone AS (
    DELETE FROM passage_count p USING crowded c
    WHERE p.lane = c.lane AND p.version_id = c.version_id AND p.stretch = c.stretch AND p.decisions = c.decisions AND p.hour = c.hour
    RETURNING p.lane, p.version_id, p.stretch, p.decisions, p.hour, p.n, p.money
), written AS (
    INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n, money)
    SELECT lane, version_id, stretch, decisions, hour, sum(n), sum(money) FROM gone GROUP BY lane, version_id, stretch, decisions, hour
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM written)
