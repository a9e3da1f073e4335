-- A slot of begin, finish and resolve: every final outcome of a message goes back to the engine as an event of its contact.
-- Reads `ended`: bucket, id, workspace_id, contact_id, kind, journey_key, point_key, template, channel, state, reason. Notices are for the
-- team and are no part of a contact's history. A bucket without a lane would be a fault of the installation; its events wait in lane 0.
-- Writes: inbox. Index: none.
INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, message_id)
SELECT coalesce(l.lane, 0), e.bucket, e.contact_id, e.workspace_id, clock.now, clock.now, 'feedback',
       CASE e.state WHEN 'skipped' THEN 'message_skipped' WHEN 'failed' THEN 'message_failed' ELSE 'message_sent' END,
       jsonb_strip_nulls(jsonb_build_object(
           'journey', e.journey_key, 'point', e.point_key, 'template', e.template, 'channel', e.channel,
           'message_id', e.bucket || '-' || e.id, 'reason', e.reason,
           'assumed', CASE WHEN e.state = 'assumed_sent' THEN true END)),
       'feedback:' || e.bucket || '-' || e.id || ':' || e.state
  FROM ended e CROSS JOIN clock LEFT JOIN bucket_lane l ON l.bucket = e.bucket
 WHERE e.kind = 'message'
