-- Takes the slots that begin before the horizon. Called by Tick.claim, under the lane's lock.
-- Parameters: lane, horizon, buckets (null: all), watches (somebody's watches may be due), standing (journeys that move).
-- Nearly everybody is a single: nothing else is pending for them than this one delay or deadline, whose way needs no reading
-- (due_way). They go into mover at once, which saves four scratch rows each; the others become walkers and take their turns.
-- Whose hint is a publishing's is to be read for it, at its moment: after whatever else is due then.
-- Returns (contacts, singles, those of a publishing).
-- Writes: timer. Index: timer_pkey, enrollment_pkey, contact_watch_pkey, contact_pkey, publishing_lane_pkey.
WITH gone AS (
    DELETE FROM timer WHERE lane = %(lane)s AND slot < %(horizon)s RETURNING subjects, publishing_id
), owed AS (
    INSERT INTO due (contact_id, at, grp, a, b, c, one_per)
    SELECT c.id, l.at, 3, g.publishing_id, 0, 0, ''
    FROM gone g
    JOIN publishing_lane l ON l.publishing_id = g.publishing_id AND l.lane = %(lane)s
    CROSS JOIN LATERAL unnest(g.subjects) s
    JOIN contact c ON c.bucket = (s & 1023)::smallint AND c.id = s
    WHERE g.publishing_id IS NOT NULL AND c.merged_into IS NULL RETURNING 1
), subject AS (
    SELECT s AS contact_id, (s & 1023)::smallint AS bucket, bool_or(publishing_id IS NOT NULL) AS owed FROM gone CROSS JOIN LATERAL unnest(subjects) s
    GROUP BY 1, 2
), pending AS (
    SELECT s.contact_id, s.bucket, e.journey_id, e.one_per, e.id, e.workspace_id, e.version_id, e.entry_no, e.entered_at, e.entry_seq, e.place,
        e.wake_at, e.since, e.hops, y.stretch, y.target,
        row_number() OVER (PARTITION BY s.contact_id) AS n,
        e.state = 0 AND e.wake_at < %(horizon)s AND e.flip_at IS NULL AND e.exit_flip_at IS NULL AND e.held_at IS NULL AND y.stretch IS NOT NULL
            AND e.journey_id = ANY (%(standing)s) AND count(*) FILTER (WHERE e.state = 0) OVER (PARTITION BY s.contact_id) = 1
            AND NOT EXISTS (SELECT FROM walker w WHERE w.contact_id = s.contact_id) AND NOT s.owed
            AND NOT (%(watches)s AND EXISTS (SELECT FROM contact_watch v WHERE v.bucket = s.bucket AND v.contact_id = s.contact_id AND v.due_at IS NOT NULL))
            AND (%(buckets)s::smallint[] IS NULL OR s.bucket = ANY (%(buckets)s)) AS single
    FROM subject s
    LEFT JOIN enrollment e ON e.bucket = s.bucket AND e.contact_id = s.contact_id
    LEFT JOIN due_way y ON y.version_id = e.version_id AND y.place = e.place
), movers AS (
    INSERT INTO mover (contact_id, bucket, journey_id, one_per, enrollment_id, workspace_id, version_id, entry_no, entered_at, entry_seq, from_place,
        stretch, target, at, hops, seq, fresh)
    SELECT contact_id, bucket, journey_id, one_per, id, workspace_id, version_id, entry_no, entered_at, entry_seq, place, stretch, target, wake_at,
        CASE WHEN wake_at > since + interval '1 minute' THEN 0 ELSE hops END, nextval('event_seq'), FALSE
    FROM pending WHERE single RETURNING 1
), others AS (
    SELECT contact_id, bucket FROM (SELECT contact_id, bucket, n, bool_or(single) OVER (PARTITION BY contact_id) AS single FROM pending) p
    WHERE n = 1 AND single IS NOT TRUE
), noted AS (
    INSERT INTO hinted (contact_id, bucket) SELECT contact_id, bucket FROM others
), walkers AS (
    INSERT INTO walker (contact_id, bucket, workspace_id)
    SELECT s.contact_id, c.bucket, c.workspace_id FROM others s JOIN contact c ON c.bucket = s.bucket AND c.id = s.contact_id
    WHERE c.merged_into IS NULL AND (%(buckets)s::smallint[] IS NULL OR c.bucket = ANY (%(buckets)s))
    ON CONFLICT DO NOTHING
)
SELECT (SELECT count(*) FROM subject), (SELECT count(*) FROM movers), (SELECT count(*) FROM owed)
