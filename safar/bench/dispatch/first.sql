-- The contact whose message the engine decides itself. Called by queue_messages; one statement after the other. Parameters: one (contact),
-- bucket, workspace, start.
INSERT INTO contact (bucket, id, workspace_id, key, external_id, email, traits)
VALUES (%(bucket)s, %(one)s, %(workspace)s, 'person-1', 'person-1', 'person-1@example.org', '{"first_name": "Sara", "city": "Tehran"}');

INSERT INTO consent (bucket, contact_id, channel, state, at) VALUES (%(bucket)s, %(one)s, 'email', 'given', %(start)s);

INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name)
SELECT lane, bucket, %(one)s, %(workspace)s, %(start)s, %(start)s, 'track', 'Came' FROM bucket_lane WHERE bucket = %(bucket)s;
