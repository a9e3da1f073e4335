-- Quiet hours of workspaces (migration 0005): when no advertising goes out, by the contact's own clock.

-- The most exact row that fits a message counts: of its channel and topic, of its channel, of its topic, of the workspace. Without a row of the
-- channel sms advertising SMS goes out between 8:00 and 22:00 (safar/channels/quiet/rules.py).
CREATE TABLE quiet_hours (
    workspace_id integer NOT NULL,
    channel      text NOT NULL DEFAULT '',             -- empty: every channel
    topic        text NOT NULL DEFAULT '',             -- empty: every topic
    begins       time,                                 -- null: on the days below only
    ends         time,                                 -- before begins: over midnight
    weekdays     smallint[] NOT NULL DEFAULT '{}',     -- ISO numbers of days that are quiet throughout
    days_off     date[] NOT NULL DEFAULT '{}',         -- dates that are
    spread       integer NOT NULL DEFAULT 1800,        -- seconds after the end in which people leave one after the other
    PRIMARY KEY (workspace_id, channel, topic),
    CHECK ((begins IS NULL) = (ends IS NULL) AND begins <> ends),
    CHECK (spread BETWEEN 0 AND 7200)
);
