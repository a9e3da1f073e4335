-- The loser of a merge: marked, its watches and memberships gone. Called by the engine's step 1 for events of type merge, after
-- the engine has ended its enrollments.
-- Writes: contact, segment_member, contact_watch. Index: contact_pkey, segment_member_pkey, contact_watch_pkey.
WITH m AS (SELECT t.bucket, t.contact_id, (t.properties ->> 'into')::bigint AS winner FROM turn t WHERE t.type = 'merge'),
marked AS (UPDATE contact c SET merged_into = m.winner FROM m WHERE c.bucket = m.bucket AND c.id = m.contact_id AND c.merged_into IS NULL),
members AS (DELETE FROM segment_member s USING m WHERE s.bucket = m.bucket AND s.contact_id = m.contact_id)
DELETE FROM contact_watch w USING m WHERE w.bucket = m.bucket AND w.contact_id = m.contact_id
