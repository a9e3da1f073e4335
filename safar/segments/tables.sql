-- Members are kept only for segments that something watches (docs/semantics.md 15).
CREATE TABLE segment_member (
    bucket     smallint NOT NULL,
    contact_id bigint NOT NULL,
    segment_id integer NOT NULL,
    since      timestamptz NOT NULL,
    PRIMARY KEY (bucket, contact_id, segment_id)
);
