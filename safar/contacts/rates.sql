-- Money in other currencies: what one unit of a currency is worth in the workspace's own, from a day on (docs/semantics.md 12).
-- The functions read the table by the search_path, so that a back-test reads its own copy.

CREATE TABLE exchange_rate (
    workspace_id integer NOT NULL,
    currency     text NOT NULL,                        -- in capitals; the rials stand as IRR, whatever unit an event names
    day          date NOT NULL,                        -- in the workspace's zone: from its beginning on, until the currency's next
    rate         numeric NOT NULL CHECK (rate > 0),
    PRIMARY KEY (workspace_id, currency, day)
);

-- The foreign currency that a completion of the order named: counted anew when its rates change; without a total, it had no rate.
ALTER TABLE purchase ADD COLUMN currency text;
CREATE INDEX purchase_foreign ON purchase (bucket, contact_id) WHERE currency IS NOT NULL;

-- Which currency an amount has that only a rate can turn into the workspace's; NULL for every other.
CREATE OR REPLACE FUNCTION safar_foreign(amount jsonb, currency jsonb, house text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN safar_amount(amount) IS NOT NULL AND safar_money(amount, currency, house) IS NULL THEN
    CASE upper(btrim(currency #>> '{}')) WHEN 'IRT' THEN 'IRR' WHEN 'IRHR' THEN 'IRR' WHEN 'IRHT' THEN 'IRR' ELSE upper(btrim(currency #>> '{}')) END END;

-- The rate of a currency on a day; NULL where there is none yet.
CREATE OR REPLACE FUNCTION safar_rate(workspace integer, unit text, on_day date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT r.rate * CASE unit WHEN 'IRT' THEN 10 WHEN 'IRHR' THEN 1000 WHEN 'IRHT' THEN 10000 ELSE 1 END
    FROM exchange_rate r
    WHERE r.workspace_id = workspace AND r.currency = CASE WHEN unit IN ('IRT', 'IRHR', 'IRHT') THEN 'IRR' ELSE unit END AND r.day <= on_day
    ORDER BY r.day DESC LIMIT 1
$$;

-- What an amount of that moment is worth in the workspace's currency, exactly or by the rate of its day; NULL where it cannot be read
-- or has no rate. Rates are asked for only where safar_money has no answer.
CREATE OR REPLACE FUNCTION safar_worth(amount jsonb, currency jsonb, house text, workspace integer, at timestamptz, zone text) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(safar_money(amount, currency, house),
        safar_amount(amount) * safar_rate(workspace, upper(btrim(currency #>> '{}')), (at AT TIME ZONE zone)::date))
$$;
