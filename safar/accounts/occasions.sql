-- What workspaces make of the calendar of occasions (migration 0004; safar/lib/occasions.py has those that everybody knows).

-- title: language → text, of an occasion of the workspace's own; null: one that everybody knows, of which something else was said.
CREATE TABLE occasion (
    workspace_id integer NOT NULL,
    key          text NOT NULL,
    title        jsonb,
    shown        boolean NOT NULL,
    blackout     boolean NOT NULL,                     -- no advertising goes out on its days
    PRIMARY KEY (workspace_id, key)
);

-- Days of the workspace's own occasions; of one that everybody knows: instead of its days in that Jalali year.
CREATE TABLE occasion_day (
    workspace_id integer NOT NULL,
    key          text NOT NULL,
    day          date NOT NULL,
    PRIMARY KEY (workspace_id, key, day)
);

-- Days on which a workspace sends no advertising, local to each contact. Made anew from the two above whenever they change; for quiet hours to read.
CREATE TABLE blackout_day (
    workspace_id integer NOT NULL,
    day          date NOT NULL,
    PRIMARY KEY (workspace_id, day)
);
