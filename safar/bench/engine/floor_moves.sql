-- What the floor will write, worked out beforehand: a row a person with all values. Called by Floor, not measured.
-- Parameters: low, high (numbers of the people, high without), journey, at (the wave's day later), code (an element of the trail), day.
CREATE UNLOGGED TABLE bench_moves AS
SELECT b.lane, e.bucket, e.contact_id, e.journey_id, e.one_per, e.id, e.entry_no, e.version_id, e.workspace_id, e.place AS from_place,
    5::smallint AS place, e.wake_at AS at, e.since_seq + 1 AS seq, e.wake_at + interval '24 hours' AS wake, 86400000000 AS micros,
    %(code)s::bigint AS code, (e.contact_id >> 10) %% 2 = 0 AS tagged, (e.contact_id >> 10) %% 4 < 2 AS written
FROM enrollment e JOIN bucket_lane b ON b.bucket = e.bucket
WHERE e.contact_id >> 10 >= %(low)s::bigint AND e.contact_id >> 10 < %(high)s::bigint AND e.journey_id = %(journey)s
ORDER BY b.lane, e.id
