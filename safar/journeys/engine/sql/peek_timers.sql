-- How much is due in the lane: (slot, subjects) in order. Called by Tick.claim.
-- Writes: nothing. Index: timer_pkey.
SELECT slot, sum(cardinality(subjects)) FROM timer WHERE lane = %(lane)s AND slot < %(until)s GROUP BY slot ORDER BY slot LIMIT 400
