-- What messages cost: for each journey, point and channel, those that went out (accepted, or assumed so) with their parts and the sum
-- of parts × price, apart from those that the mailbox kept, which nobody is paid for. `unpriced` went out while its line had no price:
-- where it is not 0, the sum is not the whole cost. Amounts are in the workspace's currency, exact.
-- Called by costs.read_costs. One journey, or (journey_id null) all of the workspace; since and until bound decided_at, either may be null.
-- Writes: nothing. Index: none for message: those of a workspace are read whole, in the background (journeys/reckoning).
SELECT m.journey_id, m.point_key AS point, m.channel,
       count(*) FILTER (WHERE m.provider <> 'mailbox') AS messages,
       coalesce(sum(m.parts) FILTER (WHERE m.provider <> 'mailbox'), 0) AS parts,
       coalesce(sum(m.parts * m.part_price) FILTER (WHERE m.provider <> 'mailbox'), 0) AS cost,
       count(*) FILTER (WHERE m.provider <> 'mailbox' AND m.parts * m.part_price IS NULL) AS unpriced,
       count(*) FILTER (WHERE m.provider = 'mailbox') AS kept,
       coalesce(sum(m.parts * m.part_price) FILTER (WHERE m.provider = 'mailbox'), 0) AS kept_cost,
       count(*) FILTER (WHERE m.provider = 'mailbox' AND m.parts * m.part_price IS NULL) AS kept_unpriced
  FROM message m
 WHERE m.workspace_id = %(workspace_id)s AND (%(journey_id)s::integer IS NULL OR m.journey_id = %(journey_id)s)
   AND m.state IN ('accepted', 'assumed_sent')
   AND (%(since)s::timestamptz IS NULL OR m.decided_at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR m.decided_at < %(until)s)
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
