-- An answer that a point wants kept becomes an event of its contact. Called by webhooks/answering.py, in the transaction in which the call has been
-- written down as accepted. Parameters: the row's names, status, answer (jsonb, or null), now.
-- Writes: inbox. Index: message_pkey.
INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, message_id)
SELECT coalesce(l.lane, 0), m.bucket, m.contact_id, m.workspace_id, n.now, n.now, 'feedback', 'webhook_answered',
       jsonb_strip_nulls(jsonb_build_object('journey', m.journey_key, 'point', m.point_key, 'status', %(status)s::integer, 'answer', %(answer)s::jsonb)),
       'webhook:' || m.bucket || '-' || m.id
  FROM message m CROSS JOIN (SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now) n
  LEFT JOIN bucket_lane l ON l.bucket = m.bucket
 WHERE m.bucket = %(bucket)s AND m.id = %(id)s AND m.state = 'accepted'
