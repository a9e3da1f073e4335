-- What claimed rows are made into messages with: the contact, the facts, the entry, and what was frozen by an earlier hand-over.
-- Called by the dispatcher for each claim; reads only. One row a key.
-- Writes: nothing. Index: contact_pkey, contact_facts_pkey, consent_pkey, enrollment_entry_pkey, message_bucket_enrollment_id_entry_no_trail_pos_point_key.
SELECT r.bucket, r.enrollment_id, r.entry_no, r.trail_pos, r.point,
       c.key AS contact_key, btrim(c.email) AS email, btrim(c.phone) AS phone, c.language, c.zone, c.traits,
       to_jsonb(f) - 'bucket' - 'contact_id' - 'cart' - 'latest_order' AS facts, f.cart, f.latest_order,
       e.properties AS entry,
       m.id AS message_number, m.template AS frozen_template, m.language AS frozen_language, m.subject AS frozen_subject,
       m.body_html AS frozen_html, m.body_text AS frozen_text, m.pattern AS frozen_pattern, m.message_id_header AS frozen_header, m.sender AS frozen_sender,
       EXISTS (SELECT FROM consent n WHERE n.bucket = r.bucket AND n.contact_id = r.contact_id AND n.channel = 'tracking'
                                       AND n.state = 'withdrawn' OFFSET 0) AS unwatched
  FROM json_to_recordset(%(rows)s::json) AS r (
        bucket smallint, enrollment_id bigint, entry_no integer, trail_pos integer, point smallint, contact_id bigint)
  LEFT JOIN contact c ON c.bucket = r.bucket AND c.id = r.contact_id
  LEFT JOIN contact_facts f ON f.bucket = r.bucket AND f.contact_id = r.contact_id
  LEFT JOIN enrollment_entry e ON (e.bucket, e.enrollment_id, e.entry_no) = (r.bucket, r.enrollment_id, r.entry_no)
  LEFT JOIN message m ON (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point)
                       = (r.bucket, r.enrollment_id, r.entry_no, r.trail_pos, r.point) AND m.body_text IS NOT NULL
