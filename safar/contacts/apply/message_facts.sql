-- What came back of messages: opens, clicks, unopened in a row. What machines did has other names (…_by_machine). Called by the engine's step 1; notes in turn.
-- Writes: contact_facts. Index: contact_facts_pkey.
WITH said AS (
    SELECT t.contact_id, t.bucket, t.ts, t.name, f.last_open, f.last_click, f.unopened_in_a_row AS unopened
    FROM turn t JOIN contact_facts f ON f.bucket = t.bucket AND f.contact_id = t.contact_id
    WHERE t.facts AND (t.name IN ('email_opened', 'email_clicked', 'sms_clicked') OR (t.name = 'message_sent' AND t.properties ->> 'channel' = 'email'))
), written AS (
    UPDATE contact_facts f SET
        opens = f.opens + (s.name = 'email_opened')::integer, clicks = f.clicks + (s.name IN ('email_clicked', 'sms_clicked'))::integer,
        last_open = CASE WHEN s.name = 'email_opened' THEN greatest(f.last_open, s.ts) ELSE f.last_open END,
        last_click = CASE WHEN s.name IN ('email_clicked', 'sms_clicked') THEN greatest(f.last_click, s.ts) ELSE f.last_click END,
        unopened_in_a_row = CASE s.name WHEN 'email_opened' THEN 0 WHEN 'message_sent' THEN f.unopened_in_a_row + 1 ELSE f.unopened_in_a_row END
    FROM said s WHERE f.bucket = s.bucket AND f.contact_id = s.contact_id
)
UPDATE turn t SET tokens = t.tokens || CASE s.name
    WHEN 'email_opened' THEN ARRAY['fact:opens'] || CASE WHEN s.last_open >= s.ts THEN '{}' ELSE ARRAY['fact:last_open'] END
        || CASE WHEN s.unopened = 0 THEN '{}' ELSE ARRAY['fact:unopened_in_a_row'] END
    WHEN 'message_sent' THEN ARRAY['fact:unopened_in_a_row']
    ELSE ARRAY['fact:clicks'] || CASE WHEN s.last_click >= s.ts THEN '{}' ELSE ARRAY['fact:last_click'] END END
FROM said s WHERE t.contact_id = s.contact_id
