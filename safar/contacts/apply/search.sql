-- The words a contact is found by, anew where a trait changed that says them. Called by the engine's step 1, after traits and absorbed
-- people; a back-test does not, since nobody searches there.
-- Writes: contact_search. Index: contact_pkey.
INSERT INTO contact_search (bucket, contact_id, workspace_id, words)
SELECT t.bucket, t.contact_id, t.workspace_id, safar_search_words(t.workspace_id, safar_searched(c.traits))
FROM turn t JOIN contact c ON c.bucket = t.bucket AND c.id = t.contact_id
WHERE t.kind < 2 AND t.tokens && ARRAY['trait:name', 'trait:first_name', 'trait:last_name', 'trait:firstName', 'trait:lastName',
    'trait:company', 'trait:email', 'trait:phone']
ON CONFLICT (bucket, contact_id) DO UPDATE SET words = EXCLUDED.words
