-- Topics, and what tags are called. Called by migration 0004 and by every scratch schema: the engine asks which topics there are.

-- What a contact can choose to hear about. What contacts said of one stands in `consent`, as channel topic:<key>.
CREATE TABLE topic (
    workspace_id integer NOT NULL,
    key          text NOT NULL,                        -- what programs and journeys call it; never changes
    title        jsonb NOT NULL DEFAULT '{}',          -- {"en": …, "fa": …}
    description  jsonb NOT NULL DEFAULT '{}',
    shown        boolean NOT NULL DEFAULT true,        -- contacts see it on the page behind unsubscribe links
    place        integer NOT NULL DEFAULT 0,           -- order on pages
    made_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, key)
);

-- What members call a tag. Journeys, segments and the past know it by its key, which is the tag itself.
CREATE TABLE tag_title (
    workspace_id integer NOT NULL,
    tag          text NOT NULL,
    title        text NOT NULL,
    PRIMARY KEY (workspace_id, tag)
);
