-- A slot of outbox/begin.sql, `quiet`: when the quiet hours end that last at this moment for a message's contact, NULL where there are none. The
-- engine has looked before. Called for each message; this is for what was kept in the queue until now: by a rate, a pause, a refused account. Writes: nothing. Index:
-- quiet_hours_pkey, blackout_day_pkey.
SELECT CASE WHEN o.kind = 'message' AND said.class = 'marketing' THEN (
    SELECT safar_quiet_until(clock.now, coalesce(c.zone, w.zone), safar_share(c.key || '|quiet'), q.begins, q.ends, q.weekdays,
            q.days_off || ARRAY(SELECT b.day FROM blackout_day b WHERE b.workspace_id = o.workspace_id
                AND b.day BETWEEN clock.now::date - 2 AND clock.now::date + 63), q.spread)
      FROM (SELECT h.channel, h.topic, h.begins, h.ends, h.weekdays, h.days_off, h.spread FROM quiet_hours h
             WHERE h.workspace_id = o.workspace_id AND h.channel IN ('', o.channel) AND h.topic IN ('', coalesce(said.topic, ''))
            UNION ALL
            SELECT '', '', NULL, NULL, ARRAY[]::smallint[], ARRAY[]::date[], 1800 WHERE NOT EXISTS (
                SELECT FROM quiet_hours h WHERE h.workspace_id = o.workspace_id AND h.channel = '' AND h.topic = '' OFFSET 0)
            UNION ALL
            SELECT {sms_rule} WHERE o.channel = 'sms' AND NOT EXISTS (
                SELECT FROM quiet_hours h WHERE h.workspace_id = o.workspace_id AND h.channel = 'sms' AND h.topic = '' OFFSET 0)) q
     ORDER BY q.channel <> '' DESC, q.topic <> '' DESC LIMIT 1) END AS until
