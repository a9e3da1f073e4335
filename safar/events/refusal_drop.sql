-- Of what was refused only the latest 200 of the last 7 days stay, workspace by workspace.
-- Called by refusals.RefusalKeeper.flush, after it has kept some. Locks the rows that go; whoever comes second finds them gone.
-- Parameters: workspaces (array).
-- Writes: refusal. Index: refusal_pkey.
DELETE FROM refusal r USING unnest(%s::integer[]) w (id)
WHERE r.workspace_id = w.id
    AND (r.at < now() - interval '7 days'
        OR r.id <= (SELECT o.id FROM refusal o WHERE o.workspace_id = w.id ORDER BY o.id DESC OFFSET 200 LIMIT 1))
