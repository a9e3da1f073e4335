-- The table of the room `website`: forms that stand in pages, open over them, or have a page of their own.

CREATE TABLE form (
    workspace_id integer NOT NULL,
    key          text NOT NULL,                              -- as events and starting points name it
    token        text NOT NULL UNIQUE,                       -- in its address: /f/<token>
    live         boolean NOT NULL,                           -- false: nobody sees it, and nothing is taken
    definition   jsonb NOT NULL,                             -- fields, texts, looks, when it opens (form.py)
    changed_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, key)
);
