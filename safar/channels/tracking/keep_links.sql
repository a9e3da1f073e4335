-- Writes down where links lead. A link that is of one contact and comes again with another, or with none, is everybody's from then on.
-- Called by links.keep_links, for a claim's messages together. In the order of keys, so that two dispatchers wait in one direction.
-- Writes: link. Index: link_pkey.
INSERT INTO link (workspace_id, id, url, contact_id)
SELECT r.workspace_id, r.id, min(r.url), CASE WHEN count(DISTINCT r.contact_id) = 1 AND bool_and(r.contact_id IS NOT NULL)
           AND bool_and(l.id IS NULL OR l.contact_id = r.contact_id) THEN min(r.contact_id) END
  FROM json_to_recordset(%(rows)s::json) AS r (workspace_id integer, id bigint, url text, contact_id bigint)
  LEFT JOIN link l ON l.workspace_id = r.workspace_id AND l.id = r.id
 GROUP BY r.workspace_id, r.id
 ORDER BY r.workspace_id, r.id
ON CONFLICT (workspace_id, id) DO UPDATE SET contact_id = EXCLUDED.contact_id
 WHERE link.contact_id IS DISTINCT FROM EXCLUDED.contact_id
