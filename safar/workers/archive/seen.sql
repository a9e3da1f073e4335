-- Message ids of the workspace that may come again. Called by reading.py in the import's transaction.
-- Parameter: workspace.
-- Writes: nothing. Index: none for event, inbox: the workspace's log of the last 35 days is read once.
SELECT message_id FROM event
WHERE workspace_id = %(workspace)s AND message_id IS NOT NULL AND received_at > now() - interval '35 days'
UNION ALL
SELECT message_id FROM inbox WHERE workspace_id = %(workspace)s AND message_id IS NOT NULL
