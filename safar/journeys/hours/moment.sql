-- When somebody is written to at their hour (docs/semantics.md 69). One file serves the migration and every scratch schema of a back-test. Reads no table.

-- The first moment from `at` on in the local hour: `at` itself within it, else its beginning and the contact's own part of half an hour (`share` in [0, 1),
-- whole seconds). Never more than a day away, but for a day that summer time makes longer. NULL without an hour.
CREATE OR REPLACE FUNCTION safar_at_hour(at timestamptz, zone text, hour integer, share double precision) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 50
AS $$
DECLARE
    clock  timestamp := at AT TIME ZONE zone;
    moment timestamptz;
BEGIN
    IF extract(hour FROM clock) = hour THEN
        RETURN at;
    END IF;
    moment := (clock::date + make_time(hour, 0, 0)) AT TIME ZONE zone;
    IF moment <= at THEN
        moment := (clock::date + 1 + make_time(hour, 0, 0)) AT TIME ZONE zone;
    END IF;
    RETURN moment + make_interval(secs => floor(share * 1800));
END
$$;
