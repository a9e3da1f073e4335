-- The end of the quiet hours that last at a moment (docs/semantics.md 61 to 63): for the engine, where a message is decided, and for the
-- gate, where it is handed over. One file serves the migration and every scratch schema of a back-test. Reads no table.

-- Whether local time lies in quiet hours: from `begins` (included) to `ends` (not included), over midnight where it ends before it
-- begins; all day long on the ISO weekdays and the dates named. Without begins: on those days only.
CREATE OR REPLACE FUNCTION safar_is_quiet(clock timestamp, begins time, ends time, weekdays smallint[], days_off date[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN extract(isodow FROM clock)::smallint = ANY (weekdays) OR clock::date = ANY (days_off)
    OR CASE WHEN begins IS NULL THEN false
            WHEN begins < ends THEN clock::time >= begins AND clock::time < ends
            ELSE clock::time >= begins OR clock::time < ends END;

-- When a contact's messages go out again that are due at `at`: NULL where it is not quiet then. `share` in [0, 1) is the contact's own part of
-- the spread (whole seconds), in which people leave one after the other; where that would be quiet again, the end itself.
CREATE OR REPLACE FUNCTION safar_quiet_until(
    at timestamptz, zone text, share double precision, begins time, ends time, weekdays smallint[], days_off date[], spread integer
) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 200
AS $$
DECLARE
    today  date := (at AT TIME ZONE zone)::date;
    clock  timestamp;
    moment timestamptz;
    later  timestamptz;
BEGIN
    IF NOT safar_is_quiet(at AT TIME ZONE zone, begins, ends, weekdays, days_off) THEN
        RETURN NULL;
    END IF;
    FOR n IN 0..60 LOOP
        FOREACH clock IN ARRAY ARRAY[(today + n)::timestamp, (today + n) + coalesce(ends, '00:00')] LOOP
            moment := clock AT TIME ZONE zone;
            IF moment > at AND NOT safar_is_quiet(moment AT TIME ZONE zone, begins, ends, weekdays, days_off) THEN
                later := moment + make_interval(secs => floor(share * spread));
                IF safar_is_quiet(later AT TIME ZONE zone, begins, ends, weekdays, days_off) THEN
                    RETURN moment;
                END IF;
                RETURN later;
            END IF;
        END LOOP;
    END LOOP;
    RETURN ((today + 61)::timestamp) AT TIME ZONE zone;  -- looked at anew then
END
$$;
