-- Tags with the number of contacts that have each. Called by contacts.tags for its page, which keeps what was counted for as long as it cost.
-- Writes: nothing. Index: tag_title_pkey; none for contact, contact_tag: everybody is counted.
SELECT n.name, n.contacts, n.last, coalesce(e.title, n.name) AS title
FROM (SELECT g.tag AS name, count(*) AS contacts, max(g.at) AS last
    FROM contact_tag g JOIN contact c ON c.bucket = g.bucket AND c.id = g.contact_id
    WHERE c.workspace_id = %(workspace)s AND c.merged_into IS NULL
    GROUP BY g.tag ORDER BY count(*) DESC, g.tag LIMIT %(most)s) n
LEFT JOIN tag_title e ON e.workspace_id = %(workspace)s AND e.tag = n.name
ORDER BY n.contacts DESC, n.name
