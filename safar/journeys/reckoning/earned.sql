-- What messages earned (docs/journeys.md, "The books"): each goal event belongs to the latest message, of whichever journey, that its
-- person had received before and within whose window it lies; there it counts once. A row for each journey and point that earned.
-- Called by reckoning.earned, in a thread beside the request: all of the workspace's messages and goal events are read, for an order
-- of one journey may be a later message's of another. The server chooses whether it looks people's events up or reads all of them.
-- Parameters: workspace, journeys (those with a goal), names (of their goals' events), late (what is older at acceptance is history).
-- Slots, each a CASE over the journeys: until (up to when a goal event counts after the message), reached (whether the event `e` is the goal),
-- money (what it brought; NULL where it cannot be read). They see the message as `s`, contact as `c`, the entry as `n`, the order as it is now as `p`.
-- An order_id is one order: of several events of one name that bear it, the first one counts, and its money is what is left of it by now.
-- Writes: nothing. Index: enrollment_entry_pkey, contact_pkey, purchase_pkey; none for message, event: they are read whole.
WITH sent AS MATERIALIZED (
    SELECT m.bucket, m.contact_id, m.id, m.journey_id, m.point_key, m.enrollment_id, m.entry_no, coalesce(m.accepted_at, m.sending_at) AS at
      FROM message m
     WHERE m.workspace_id = %(workspace)s AND m.journey_id = ANY (%(journeys)s::integer[]) AND m.kind = 'message'
       AND m.state IN ('accepted', 'assumed_sent') AND coalesce(m.accepted_at, m.sending_at) IS NOT NULL
), people AS (
    SELECT bucket, contact_id, min(at) AS written_at FROM sent GROUP BY 1, 2
), happened AS MATERIALIZED (
    SELECT p.written_at, e.bucket, e.contact_id, e.seq, e.name, e.timestamp, e.applied_at, e.received_at, e.hops, e.properties,
           safar_order_id(e.properties -> 'order_id') AS order_id
      FROM people p JOIN event e ON e.bucket = p.bucket AND e.contact_id = p.contact_id
     WHERE e.workspace_id = %(workspace)s AND e.name = ANY (%(names)s::text[])
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY bucket, contact_id, name, order_id ORDER BY applied_at, seq) AS nth FROM happened
), counted AS (
    SELECT * FROM numbered
     WHERE (nth = 1 OR order_id IS NULL) AND applied_at > written_at
       AND hops <= 8 AND (received_at IS NULL OR timestamp + %(late)s::interval >= received_at)
), won AS (
    SELECT DISTINCT ON (e.bucket, e.contact_id, e.seq) e.contact_id, s.journey_id, s.point_key, {money} AS money
      FROM counted e
      JOIN sent s ON s.bucket = e.bucket AND s.contact_id = e.contact_id AND s.at < e.applied_at
      CROSS JOIN LATERAL (SELECT c.zone FROM contact c WHERE c.bucket = e.bucket AND c.id = e.contact_id OFFSET 0) c
      LEFT JOIN LATERAL (SELECT p.order_id, p.total, p.refunded, p.counts FROM purchase p
        WHERE p.bucket = e.bucket AND p.contact_id = e.contact_id AND p.order_id = e.order_id OFFSET 0) p ON TRUE
      LEFT JOIN LATERAL (SELECT n.properties FROM enrollment_entry n
        WHERE n.bucket = s.bucket AND n.enrollment_id = s.enrollment_id AND n.entry_no = s.entry_no OFFSET 0) n ON TRUE
     WHERE e.applied_at <= {until} AND {reached}
     ORDER BY e.bucket, e.contact_id, e.seq, s.at DESC, s.id DESC
)
SELECT journey_id, point_key, count(*) AS orders, count(DISTINCT contact_id) AS people, sum(money) AS money, count(*) FILTER (WHERE money IS NULL) AS unpriced
  FROM won GROUP BY 1, 2 ORDER BY 1, 2
