-- The tables that pages of contacts need beside those of tables.sql: no back-test has them. Called by migration 0002.

-- The words a contact is found by (safar_search_words); only contacts with a name, an address or a number have a row. A table of its own,
-- because an index on what events change would make every change of a contact's row a slow one.
CREATE TABLE contact_search (
    bucket       smallint NOT NULL,
    contact_id   bigint NOT NULL,
    workspace_id integer NOT NULL,
    words        tsvector NOT NULL,
    PRIMARY KEY (bucket, contact_id)
) WITH (fillfactor = 85);
CREATE INDEX contact_search_words ON contact_search USING gin (words);

-- The newest first, a page at a time; what it is made of never changes. Expressions, so that no other statement is tempted by it: an index
-- that has id in it would be walked where only the id is known.
CREATE INDEX contact_newest ON contact ((workspace_id::bigint), (-id));

-- The columns a member wants to see in the list.
CREATE TABLE contact_columns (
    workspace_id integer NOT NULL,
    member_id    integer NOT NULL,
    columns      text[] NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);
-- Who was erased lately: housekeeping looks whether something came after.
CREATE INDEX contact_erased ON contact (erased_at) WHERE erased_at IS NOT NULL;
