-- The oldest messages of each account whose service is asked (migration 0012).
CREATE INDEX report_wait_account ON report_wait (workspace_id, channel, provider, ask_at);
