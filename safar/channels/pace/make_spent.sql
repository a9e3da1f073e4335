-- A row for each budget and day, where there is none yet. Called by budget.open_purse. Writes: sms_spent. Index: sms_spent_pkey.
INSERT INTO sms_spent (workspace_id, journey_id, day)
SELECT r.workspace_id, r.journey_id, r.day
  FROM json_to_recordset(%(rows)s::json) AS r (workspace_id integer, journey_id integer, day date)
 ORDER BY r.workspace_id, r.journey_id, r.day
ON CONFLICT (workspace_id, journey_id, day) DO NOTHING
