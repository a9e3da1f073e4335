-- What was spent, locked in the order of the keys until the transaction's end: one dispatcher at a time begins SMS of a workspace with a budget.
-- Called by budget.open_purse. Writes: nothing. It locks sms_spent. Index: sms_spent_pkey.
SELECT s.workspace_id, s.journey_id, s.day, s.amount, s.used_up
  FROM sms_spent s
  JOIN json_to_recordset(%(rows)s::json) AS r (workspace_id integer, journey_id integer, day date)
       ON (s.workspace_id, s.journey_id, s.day) = (r.workspace_id, r.journey_id, r.day)
 ORDER BY s.workspace_id, s.journey_id, s.day
   FOR UPDATE OF s
