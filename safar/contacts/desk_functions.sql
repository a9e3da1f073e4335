-- Functions of the search over contacts; they stand on safar_fold of safar/postgres/functions.sql. Created again without harm.

-- Text as it is searched: folded, in small letters, without marks. NFD takes آ, أ, ؤ, é apart, so that their marks fall; the letters
-- under them are then brought to the Persian ones. U+200C stays: it says where a word may be taken apart.
CREATE OR REPLACE FUNCTION safar_search_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(translate(
    regexp_replace(normalize(safar_fold(value), NFD), '[\u0300-\u036f\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b\u200d-\u200f\ufeff]', '', 'g'),
    U&'\064A\0649\0643\0629\06D5', U&'\06CC\06CC\06A9\0647\0647'));

-- The words a contact is found by, each with its workspace before it, so that a search enters the index at that workspace's words.
-- A word with U+200C in it is there whole and in its parts; an address also whole; an Iranian number also as it is dialled at home.
-- 50 µs a contact, for it stands in the engine's way; set-returning functions made 510 of it.
CREATE OR REPLACE FUNCTION safar_search_words(workspace integer, texts text[]) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 50
AS $$
DECLARE
    one   text;
    typed text := '';
    whole text := '';
    house text := ' ' || workspace || ':';
BEGIN
    FOREACH one IN ARRAY texts LOOP
        one := btrim(left(one, 400));
        typed := typed || ' ' || one;
        IF one LIKE '+98__________' THEN
            typed := typed || ' ' || substr(one, 4) || ' 0' || substr(one, 4);
        ELSIF one LIKE '_%@_%' AND strpos(one, ' ') = 0 THEN
            whole := whole || ' ' || safar_search_fold(one);
        END IF;
    END LOOP;
    one := regexp_replace(safar_search_fold(typed), '[\s!-/:-@\u005b-\u0060{-~\u00a0\u00ab\u00bb\u060c\u061b\u061f]+', ' ', 'g');
    IF strpos(one, U&'\200C') > 0 THEN
        one := replace(one, U&'\200C', '') || ' ' || replace(one, U&'\200C', ' ');
    END IF;
    RETURN array_to_tsvector(array_remove(array_remove(string_to_array(replace(' ' || one || whole, ' ', house), ' '), ''), btrim(house)));
END
$$;

-- What somebody typed as a query over those words: all of them, each as the beginning of a word. NULL where nothing can be searched for.
-- Digits alone, however they are grouped, are one number; 00 before it falls.
CREATE OR REPLACE FUNCTION safar_search_query(workspace integer, typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT (CASE
        WHEN f.digits ~ '^[0-9]{4,}$' THEN format('''%s:%s'':*', workspace, left(regexp_replace(f.digits, '^00', ''), 60))
        WHEN f.text ~ '^[^\s@]+@[^\s@]+$' THEN format('''%s:%s'':*', workspace, replace(replace(left(f.text, 60), '\', '\\'), '''', ''''''))
        ELSE (SELECT string_agg(CASE WHEN p.part LIKE U&'%\200C%' THEN
                    format('(''%s:%s'':*', workspace, left(replace(p.part, U&'\200C', ''), 60)) || coalesce(' | (' || (
                        SELECT string_agg(format('''%s:%s'':*', workspace, left(q.part, 60)), ' & ')
                        FROM regexp_split_to_table(p.part, U&'\200C') q (part) WHERE q.part <> '') || ')', '') || ')'
                ELSE format('''%s:%s'':*', workspace, left(p.part, 60)) END, ' & ')
            FROM regexp_split_to_table(f.text, '[\s!-/:-@\u005b-\u0060{-~\u00a0\u00ab\u00bb\u060c\u061b\u061f]+') p (part)
            WHERE replace(p.part, U&'\200C', '') <> '')
        END)::tsquery
    FROM (SELECT g.text, regexp_replace(g.text, '[\s().+-]', '', 'g') AS digits
        FROM (SELECT btrim(safar_search_fold(left(typed, 200))) AS text) g) f;
END;

-- The texts of a contact that it is searched by.
CREATE OR REPLACE FUNCTION safar_searched(traits jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_remove(ARRAY[traits ->> 'name', traits ->> 'first_name', traits ->> 'last_name', traits ->> 'firstName', traits ->> 'lastName',
    traits ->> 'company', traits ->> 'email', traits ->> 'phone'], NULL);
