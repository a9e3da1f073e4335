-- Tags with the number of contacts that have each. Called by contacts.tags for its page, which keeps what was counted for as long as it cost.
-- Writes: nothing. Index: none for contact, contact_tag: everybody is counted.
SELECT g.tag AS name, count(*) AS contacts, max(g.at) AS last
FROM contact_tag g JOIN contact c ON c.bucket = g.bucket AND c.id = g.contact_id
WHERE c.workspace_id = %(workspace)s AND c.merged_into IS NULL
GROUP BY g.tag ORDER BY count(*) DESC, g.tag LIMIT %(most)s
