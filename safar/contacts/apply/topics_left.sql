-- Who has left every topic there is, by what the round's events said of one of them. Called by the engine's step 1 after consent and
-- absorbed people; notes it in turn, where trips look for it (docs/semantics.md 54).
-- Writes: nothing. Index: topic_pkey, consent_pkey.
UPDATE turn t SET tokens = t.tokens || 'topics_left'::text
WHERE t.kind < 2
    AND EXISTS (SELECT FROM topic p WHERE p.workspace_id = t.workspace_id AND 'consent:topic:' || p.key = ANY (t.tokens))
    AND NOT EXISTS (SELECT FROM topic p WHERE p.workspace_id = t.workspace_id AND NOT EXISTS (SELECT FROM consent k
        WHERE k.bucket = t.bucket AND k.contact_id = t.contact_id AND k.channel = 'topic:' || p.key AND k.state = 'left' OFFSET 0))
