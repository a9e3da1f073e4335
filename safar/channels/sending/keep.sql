-- Puts messages into the built-in mailbox, in the transaction that accepts them. A message is kept once. Called by rounds.carry_inside.
-- Writes: mailbox. Index: none.
INSERT INTO mailbox (bucket, message_id, workspace_id, channel, address, subject, reason, source, at)
SELECT r.bucket, r.message_id, r.workspace_id, r.channel, r.address, r.subject, r.reason, decode(r.source, 'base64'),
       coalesce(%(now)s::timestamptz, statement_timestamp())
  FROM json_to_recordset(%(rows)s::json) AS r (
        bucket smallint, message_id bigint, workspace_id integer, channel text, address text, subject text, reason text, source text)
ON CONFLICT (bucket, message_id) DO NOTHING
