-- The open decisions that lie at least a day back, with what their messages are made from as it was then: the cart and the latest
-- order come from the history, since by now they are others. Called by settle_past on tables aside; reads only.
-- Parameter: before. Reads outbox whole; contact, facts, consent, entry by key, the history by event's index.
SELECT o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point, c.key AS contact_key, btrim(c.email) AS email, btrim(c.phone) AS phone,
       c.language, c.zone, c.traits, to_jsonb(f) - 'bucket' - 'contact_id' - 'cart' - 'latest_order' AS facts, cart.properties AS cart,
       latest.properties AS latest_order, e.properties AS entry, NULL::bigint AS message_number, NULL AS frozen_template,
       NULL AS frozen_language, NULL AS frozen_subject, NULL AS frozen_html, NULL AS frozen_text,
       NULL::jsonb AS frozen_pattern, NULL AS frozen_header, NULL AS frozen_sender, false AS unwatched,
       o.id, o.workspace_id, o.contact_id, o.journey_id, o.kind, o.channel, o.effect, o.decided_at,
       n.state IS NOT NULL AND (n.state = 'given') = (n.at <= o.decided_at) AS consented
  FROM outbox o
  JOIN contact c ON c.bucket = o.bucket AND c.id = o.contact_id
  LEFT JOIN contact_facts f ON f.bucket = o.bucket AND f.contact_id = o.contact_id
  LEFT JOIN consent n ON n.bucket = o.bucket AND n.contact_id = o.contact_id AND n.channel = o.channel
  LEFT JOIN enrollment_entry e ON (e.bucket, e.enrollment_id, e.entry_no) = (o.bucket, o.enrollment_id, o.entry_no)
  LEFT JOIN LATERAL (
    SELECT v.properties FROM event v
     WHERE v.bucket = o.bucket AND v.contact_id = o.contact_id AND v.name = 'Product Added' AND v.timestamp <= o.decided_at
     ORDER BY v.timestamp DESC LIMIT 1) cart ON o.effect ->> 'journey' = 'abandoned-cart'
  LEFT JOIN LATERAL (
    SELECT v.properties FROM event v
     WHERE v.bucket = o.bucket AND v.contact_id = o.contact_id AND v.name = 'Order Completed' AND v.timestamp <= o.decided_at
     ORDER BY v.timestamp DESC LIMIT 1) latest ON o.effect ->> 'journey' = 'win-back'
 WHERE o.decided_at < %(before)s
 ORDER BY o.decided_at, o.id
