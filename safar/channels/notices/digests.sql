-- What digests say: a row for each notice that is told whole, and one without a notice where all are only counted (or erased since).
-- Called by reading.write_digests, for rows that are made ready. Locks nothing.
-- Writes: nothing. Index: digest_pkey, destination_pkey, telling_digest, notice_pkey, contact_pkey.
SELECT g.id, g.more, w.name, w.slug, w.zone, d.kind, d.language, n.texts, n.at, n.contact_id,
       coalesce(nullif(concat_ws(' ', c.traits ->> 'first_name', c.traits ->> 'last_name'), ''), c.traits ->> 'name', c.email, c.phone) AS who
  FROM digest g
  JOIN destination d ON d.id = g.destination_id
  JOIN accounts_workspace w ON w.id = g.workspace_id
  LEFT JOIN telling t ON t.digest_id = g.id AND NOT t.counted
  LEFT JOIN notice n ON n.bucket = t.bucket AND n.id = t.notice_id
  LEFT JOIN contact c ON c.bucket = n.bucket AND c.id = n.contact_id AND c.erased_at IS NULL
 WHERE g.id = ANY (%(digests)s)
 ORDER BY g.id, n.at, n.id
