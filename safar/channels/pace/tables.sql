-- How much goes out (migration 0009): caps on what one contact gets, and a budget a day for SMS.

-- At most so many messages to one contact in so long. Several may fit a message; each has to allow it.
CREATE TABLE frequency_cap (
    workspace_id integer NOT NULL,
    channel      text NOT NULL DEFAULT '',             -- empty: messages of all channels together
    topic        text NOT NULL DEFAULT '',             -- empty: of all topics together
    hours        integer NOT NULL CHECK (hours BETWEEN 1 AND 8784),
    most         integer NOT NULL CHECK (most BETWEEN 1 AND 1000),
    transactional boolean NOT NULL DEFAULT false,      -- transactional messages count as well; they are never capped themselves
    PRIMARY KEY (workspace_id, channel, topic, hours)
);

-- Whoever begins messages to a contact who has caps holds this row until the end of the transaction, so that messages are counted one after the other.
CREATE TABLE send_turn (
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    PRIMARY KEY (bucket, contact_id)
);

-- What SMS may cost in a day of the workspace's zone, in its currency. journey_id 0: the workspace as a whole.
CREATE TABLE sms_budget (
    workspace_id integer NOT NULL,
    journey_id   integer NOT NULL DEFAULT 0,
    amount       numeric NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (workspace_id, journey_id)
);

-- What was spent of it. Reserved in the transaction that begins a hand-over, given back where the service did not take the message.
CREATE TABLE sms_spent (
    workspace_id integer NOT NULL,
    journey_id   integer NOT NULL,
    day          date NOT NULL,
    amount       numeric NOT NULL DEFAULT 0,
    used_up      boolean NOT NULL DEFAULT false,       -- a message did not fit any more: the others of this day wait as well
    PRIMARY KEY (workspace_id, journey_id, day)
) WITH (fillfactor = 50);
