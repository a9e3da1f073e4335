-- A workspace's contacts and history as a scratch inbox, in the order of application. Called by backtest/recorded.py.
-- Parameters: workspace, until, keys (journeys whose own effects are left out), passing and names: of these types only events of these names
-- come (null: all), beside those with consent or tags and a contact's first; contact, bucket: nobody else's come (null: everybody's). Reads public.contact and public.event; returns how many events there were.
-- Internal events of other journeys stay as what they did: tags and traits as edits, emitted events as events that are no visit.
-- Writes: contact, inbox (of the scratch schema). Index: none for contact, event: the workspace is read whole.
WITH people AS (
    INSERT INTO contact (bucket, id, workspace_id, key, external_id)
    SELECT bucket, id, 1, key, external_id FROM public.contact
    WHERE workspace_id = %(workspace)s AND merged_into IS NULL AND created_at <= %(until)s
        AND (%(contact)s::bigint IS NULL OR (bucket = %(bucket)s AND id = %(contact)s))
), happened AS (
    SELECT v.*, v.context -> 'safar' AS said
    FROM public.event v
    WHERE v.workspace_id = %(workspace)s AND v.applied_at <= %(until)s
        AND (%(contact)s::bigint IS NULL OR (v.bucket = %(bucket)s AND v.contact_id = %(contact)s))
        AND NOT coalesce(split_part(v.cause, '.', 1) = ANY (%(keys)s), FALSE)
        AND NOT (v.type = 'feedback' AND coalesce(v.properties ->> 'journey' = ANY (%(keys)s), FALSE))
        AND v.name NOT IN ('segment_joined', 'segment_left', 'journey_entered', 'journey_ended')
), moved AS (
    INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, applied_at, timestamp, type, name, properties, traits, consent, tags, message_id, hops)
    SELECT b.lane, v.bucket, v.contact_id, 1, coalesce(v.received_at, v.applied_at), v.applied_at, v.timestamp,
        CASE WHEN v.type <> 'internal' THEN v.type WHEN v.name IN ('tag_added', 'tag_removed', 'trait_changed') THEN 'edit' ELSE 'emitted' END,
        v.name, v.properties,
        CASE WHEN v.type <> 'internal' THEN v.traits
            WHEN v.name = 'trait_changed' THEN jsonb_build_object(v.properties ->> 'trait', v.properties -> 'to') END,
        v.said -> 'consent',
        CASE WHEN v.type <> 'internal' THEN v.said -> 'tags'
            WHEN v.name = 'tag_added' THEN jsonb_build_object('add', jsonb_build_array(v.properties -> 'tag'))
            WHEN v.name = 'tag_removed' THEN jsonb_build_object('remove', jsonb_build_array(v.properties -> 'tag')) END,
        v.message_id, v.hops
    FROM happened v JOIN public.contact c ON c.bucket = v.bucket AND c.id = v.contact_id AND c.merged_into IS NULL
    JOIN bucket_lane b ON b.bucket = v.bucket
    WHERE %(names)s::text[] IS NULL OR v.name = ANY (%(names)s) OR v.type <> ALL (%(passing)s) OR v.said ?| '{consent,tags}' OR v.applied_at <= c.created_at
    ORDER BY v.applied_at, v.seq
    RETURNING 1
)
SELECT count(*) FROM public.event v WHERE v.workspace_id = %(workspace)s AND v.applied_at <= %(until)s
    AND (%(contact)s::bigint IS NULL OR (v.bucket = %(bucket)s AND v.contact_id = %(contact)s)) AND (SELECT count(*) FROM moved) >= 0
