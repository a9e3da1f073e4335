-- Small functions that conditions, folds and the engine share. Created in the first schema of the search_path; created again
-- without harm. PostgreSQL 15 to 18, encoding UTF8.
--
-- None depends on the search_path of its caller: bodies in standard SQL (RETURN …) are bound when they are created, bodies
-- in PL/pgSQL name nothing outside pg_catalog. None raises over any value, but for a zone that PostgreSQL does not know and
-- for moments outside its range. All but safar_zone give NULL for NULL; safar_same gives false.
--
-- RETURN bodies whose arguments are cheap are inlined by the planner. Where an argument would be computed several times over
-- (a regular expression, a calendar), PL/pgSQL costs 1 to 3 µs a call, an SQL function that is not inlined 5 to 10.


-- Text as it is compared: safar/lib/text.py says which letters. NFKC first: it takes joined forms back to plain letters.
CREATE OR REPLACE FUNCTION safar_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(normalize(value, NFKC),
    U&'\064A\0649\0643\06AA\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669',
    U&'\06CC\06CC\06A9\06A901234567890123456789');


-- A JSON number, of whatever size; NULL for all else.
CREATE OR REPLACE FUNCTION safar_number(value jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(value) = 'number' THEN value::numeric END;


-- An amount of money: a JSON number, or text of an optional sign, digits, an optional point with digits, folded and trimmed.
-- What is not below 10^100, or has more than 100 decimals, is no amount: sums of such would leave the range of numeric.
CREATE OR REPLACE FUNCTION safar_amount(value jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 20
AS $$
DECLARE
    typed  text;
    amount numeric;
BEGIN
    CASE jsonb_typeof(value)
    WHEN 'number' THEN
        amount := value::numeric;
    WHEN 'string' THEN
        typed := value #>> '{}';
        IF octet_length(typed) > 1000 THEN
            RETURN NULL;
        END IF;
        typed := btrim(translate(normalize(typed, NFKC),
            U&'\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669',
            '01234567890123456789'),
            U&'\0009\000A\000B\000C\000D\001C\001D\001E\001F\0020\0085\1680\2028\2029');
        IF typed !~ '^[+-]?[0-9]+(\.[0-9]+)?$' THEN
            RETURN NULL;
        END IF;
        amount := typed::numeric;
    ELSE
        RETURN NULL;
    END CASE;
    IF abs(amount) < 1e100 AND scale(amount) <= 100 THEN
        RETURN amount;
    END IF;
    RETURN NULL;
END
$$;


-- A date or datetime in ISO 8601's extended form (2027-03-21, 2027-03-21T08:00, …:30.25, with Z or an offset below 16 hours), text only,
-- digits folded, trimmed. Without an offset it is local to the zone; a date is local midnight; a fraction beyond microseconds is cut.
CREATE OR REPLACE FUNCTION safar_time(value jsonb, zone text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 50
AS $$
DECLARE
    typed  text;
    clock  timestamp;
    tail   text;
BEGIN
    IF value IS NULL OR jsonb_typeof(value) <> 'string' THEN
        RETURN NULL;
    END IF;
    typed := value #>> '{}';
    IF octet_length(typed) > 200 THEN
        RETURN NULL;
    END IF;
    typed := btrim(translate(normalize(typed, NFKC),
        U&'\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669',
        '01234567890123456789'),
        U&'\0009\000A\000B\000C\000D\001C\001D\001E\001F\0020\0085\1680\2028\2029');
    IF typed !~ ('^(?!0000)([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))'
        || '|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)'
        || '([Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?([Zz]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?)?$') THEN
        RETURN NULL;
    END IF;
    clock := make_timestamp(substr(typed, 1, 4)::int, substr(typed, 6, 2)::int, substr(typed, 9, 2)::int, 0, 0, 0);
    IF length(typed) = 10 THEN
        RETURN clock AT TIME ZONE zone;
    END IF;
    clock := clock + make_interval(hours => substr(typed, 12, 2)::int, mins => substr(typed, 15, 2)::int);
    tail := substr(typed, 17);
    IF left(tail, 1) = ':' THEN
        clock := clock + make_interval(secs => substr(tail, 2, 2)::int);
        tail := substr(tail, 4);
        IF left(tail, 1) IN ('.', ',') THEN
            clock := clock + make_interval(secs => rpad(substring(tail FROM '[0-9]{1,6}'), 6, '0')::int / 1e6);
            tail := ltrim(tail, '.,0123456789');
        END IF;
    END IF;
    IF tail = '' THEN
        RETURN clock AT TIME ZONE zone;
    END IF;
    IF tail NOT IN ('Z', 'z') THEN
        tail := rpad(replace(tail, ':', ''), 5, '0');
        clock := clock - make_interval(
            hours => left(tail, 3)::int, mins => (left(tail, 1) || right(tail, 2))::int);
    END IF;
    RETURN clock AT TIME ZONE 'UTC';
END
$$;


-- A number in [0, 1) from the text alone: the stable hash that splits people (docs/semantics.md 5).
CREATE OR REPLACE FUNCTION safar_share(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('x' || substr(md5(value), 1, 8))::bit(32)::bigint / 4294967296::double precision;


-- Whether two values are the same as `is` has it: texts folded, numbers by value, true and false; never across types, and
-- never for null, lists, objects or what is missing. Never NULL.
CREATE OR REPLACE FUNCTION safar_same(a jsonb, b jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE jsonb_typeof(a)
    WHEN 'string' THEN jsonb_typeof(b) IS NOT DISTINCT FROM 'string' AND safar_fold(a #>> '{}') = safar_fold(b #>> '{}')
    WHEN 'number' THEN coalesce(a = b, false)
    WHEN 'boolean' THEN coalesce(a = b, false)
    ELSE false END;


-- Jalali: the 33-year cycle of safar/lib/jalali.py. 13,200 years (400 cycles of 12,053 days) are added while dividing, so that
-- integer division, which goes towards zero, is right for the years before 1 as well.

-- The Jalali year of a date.
CREATE OR REPLACE FUNCTION safar_jalali_year(day date) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1 + (33 * (day - DATE '0622-03-21' + 4821200) + 3) / 12053 - 13200;


-- The date of a Jalali year, month (1 to 12) and day; a day past the month's end is its last.
CREATE OR REPLACE FUNCTION safar_jalali_date(year integer, month integer, day integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN DATE '0622-03-21' + (365 * (year - 1) + (8 * (year + 13200) + 21) / 33 - 3200
    + CASE WHEN month <= 7 THEN (month - 1) * 31 ELSE (month - 1) * 30 + 6 END - 1
    + least(day, CASE WHEN month <= 6 THEN 31 WHEN month <= 11 OR (25 * (year + 13200) + 11) % 33 < 8 THEN 30 ELSE 29 END));


-- {year, month, day} of a date.
CREATE OR REPLACE FUNCTION safar_jalali(day date) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 20
AS $$
DECLARE
    days  integer := day - DATE '0622-03-21' + 4821200;
    year  integer := 1 + (33 * days + 3) / 12053;
    rest  integer := days - 365 * (year - 1) - (8 * year + 21) / 33;
    month integer := CASE WHEN rest < 186 THEN rest / 31 ELSE (rest - 6) / 30 END;
BEGIN
    RETURN ARRAY[year - 13200, month + 1, 1 + rest - CASE WHEN month <= 6 THEN month * 31 ELSE month * 30 + 6 END];
END
$$;


-- The same day and time of day, so many Jalali months on; a day past the month's end is its last.
CREATE OR REPLACE FUNCTION safar_jalali_add(at timestamp, months integer) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 30
AS $$
DECLARE
    days  integer := at::date - DATE '0622-03-21' + 4821200;
    year  integer := 1 + (33 * days + 3) / 12053;
    rest  integer := days - 365 * (year - 1) - (8 * year + 21) / 33;
    month integer := CASE WHEN rest < 186 THEN rest / 31 ELSE (rest - 6) / 30 END;
    day   integer := 1 + rest - CASE WHEN month <= 6 THEN month * 31 ELSE month * 30 + 6 END;
BEGIN
    months := months + year * 12 + month;
    year := months / 12;
    month := months % 12;
    days := 365 * (year - 1) + (8 * year + 21) / 33 + CASE WHEN month <= 6 THEN month * 31 ELSE month * 30 + 6 END - 1
        + least(day, CASE WHEN month <= 5 THEN 31 WHEN month <= 10 OR (25 * year + 11) % 33 < 8 THEN 30 ELSE 29 END);
    RETURN (DATE '0622-03-21' + (days - 4821200)) + at::time;
END
$$;


-- The moment so long after `at`: years and months first, on the zone's wall clock by the calendar ('gregorian', 'jalali'), then
-- days, then the exact part (an interval without days or months). Without months and days the wall clock takes no part, so a
-- time that comes twice stays itself. By way of UTC because timestamptz + interval would not be IMMUTABLE.
CREATE OR REPLACE FUNCTION safar_add(at timestamptz, months integer, days integer, exact interval, zone text, calendar text)
RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((CASE
    WHEN months = 0 AND days = 0 THEN at
    WHEN months <> 0 AND calendar = 'jalali'
    THEN (safar_jalali_add(at AT TIME ZONE zone, months) + make_interval(days => days)) AT TIME ZONE zone
    ELSE ((at AT TIME ZONE zone) + make_interval(months => months, days => days)) AT TIME ZONE zone
    END) AT TIME ZONE 'UTC' + exact) AT TIME ZONE 'UTC';


-- Whether a yearly day (that of `day`, by the calendar) comes in the days from `first` to `last`, both included. A day that
-- a year does not have (29 February, 30 Esfand) comes on the month's last.
CREATE OR REPLACE FUNCTION safar_comes_round(day date, first date, last date, calendar text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 50
AS $$
DECLARE
    months integer;
    comes  date;
    days   integer;
    year   integer;
    rest   integer;
    month  integer;
BEGIN
    -- Twice: this year's, and where that is past, next year's.
    FOR later IN 0..1 LOOP
        IF calendar = 'jalali' THEN
            days := day - DATE '0622-03-21' + 4821200;
            year := 1 + (33 * days + 3) / 12053;
            rest := days - 365 * (year - 1) - (8 * year + 21) / 33;
            month := CASE WHEN rest < 186 THEN rest / 31 ELSE (rest - 6) / 30 END;
            days := 1 + rest - CASE WHEN month <= 6 THEN month * 31 ELSE month * 30 + 6 END;
            year := 1 + (33 * (first - DATE '0622-03-21' + 4821200) + 3) / 12053 + later;
            months := CASE WHEN month <= 6 THEN month * 31 ELSE month * 30 + 6 END;
            comes := DATE '0622-03-21' + (365 * (year - 1) + (8 * year + 21) / 33 + months - 1 - 4821200
                + least(days, CASE WHEN month <= 5 THEN 31 WHEN month <= 10 OR (25 * year + 11) % 33 < 8 THEN 30 ELSE 29 END));
        ELSE
            comes := day + make_interval(years => extract(year FROM first)::int - extract(year FROM day)::int + later);
        END IF;
        IF comes >= first THEN
            RETURN comes <= last;
        END IF;
    END LOOP;
    RETURN false;
END
$$;


-- The name if it is an IANA zone that this server knows, written exactly so; else NULL. The names stand in the function itself, as a
-- constant that is hashed once a statement: a look-up costs less than a join, and nothing is read from disk (pg_timezone_names
-- opens 600 files). Run this file again after an upgrade of the server's time zones.
DO $do$
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION safar_zone(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
         RETURN CASE WHEN value = ANY (%L::text[]) THEN value END',
        (SELECT array_agg(name ORDER BY name) FROM pg_catalog.pg_timezone_names
         WHERE name !~ '^(posix|right)/' AND name NOT IN ('posixrules', 'localtime', 'Factory')));
END
$do$;
