-- The words of contacts that have none yet: for rows that came in by no event (an archive, a demo, an upgrade). Called where an archive is read.
-- Parameter: workspace (null: all).
-- Writes: contact_search. Index: none for contact: each is looked at once.
INSERT INTO contact_search (bucket, contact_id, workspace_id, words)
SELECT c.bucket, c.id, c.workspace_id, safar_search_words(c.workspace_id, safar_searched(c.traits))
FROM contact c
WHERE (%(workspace)s::integer IS NULL OR c.workspace_id = %(workspace)s) AND c.erased_at IS NULL AND safar_searched(c.traits) <> '{}'
ON CONFLICT (bucket, contact_id) DO NOTHING
