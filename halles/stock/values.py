"""What the words of a row mean: the rules of values, in SQL.

``told`` holds what rows say, as text; ``said`` what it means, and why a row is refused. Numbers
and dates are read by one pattern each; a text that the pattern does not fit gives NULL.
"""

BLANKS = " \t\n\r\v\f\u00a0\u202f\ufeff"

BARE = f"""
CREATE OR REPLACE TEMP MACRO bare(words) AS
    CASE WHEN regexp_full_match(words, '[!-~]+') THEN words
         ELSE nullif(trim(words, '{BLANKS}'), '') END
"""
"""A text without the blanks around it; NULL if there is nothing else."""

PIECES = r"""
CREATE OR REPLACE TEMP MACRO pieces(words) AS try_cast(
    regexp_replace(
        regexp_extract(words, '^(\d+|\d{1,3}([ \x{a0}\x{202f}]\d{3})+)(\.0+|,0{1,2})?$', 1),
        '\D', '', 'g'
    ) AS BIGINT
)
"""
"""A whole number; ``3,000`` is none, for nobody knows which one."""

STATE = r"""
CREATE OR REPLACE TEMP MACRO state(words) AS
    CASE regexp_replace(lower(words), '[\s_-]+', '', 'g')
        WHEN 'instock' THEN 'in_stock'
        WHEN 'limitedavailability' THEN 'limited'
        WHEN 'limited' THEN 'limited'
        WHEN 'outofstock' THEN 'out_of_stock'
        WHEN 'ondisplaytoorder' THEN 'on_display_to_order'
        ELSE CASE regexp_extract(lower(words), '^https?://schema\.org/([a-z]+)$', 1)
            WHEN 'instock' THEN 'in_stock'
            WHEN 'limitedavailability' THEN 'limited'
            WHEN 'outofstock' THEN 'out_of_stock'
            WHEN 'madetoorder' THEN 'on_display_to_order'
            WHEN 'backorder' THEN 'on_display_to_order'
        END
    END
"""

STATE_OF = r"""
CREATE OR REPLACE TEMP MACRO state_of(quantity) AS
    CASE WHEN quantity >= 3 THEN 'in_stock' WHEN quantity > 0 THEN 'limited'
         WHEN quantity = 0 THEN 'out_of_stock' END
"""

AMOUNT = r"""
CREATE OR REPLACE TEMP MACRO amount(words) AS regexp_extract(
    words,
    '^(?i:CAD|CA\$|C\$|\$)?[ \x{a0}\x{202f}]*'
    || '(?:(\d+|\d{1,3}(?:[ \x{a0}\x{202f}]\d{3})+)(?:,(\d{1,2})|\.(\d{1,2})0*)?'
    || '|(\d{1,3}(?:,\d{3})+)\.(\d{1,2})0*)'
    || '[ \x{a0}\x{202f}]*(?i:CAD|CA\$|C\$|\$)?$',
    ['whole', 'after_comma', 'after_point', 'by_thousands', 'after_thousands']
)
"""
"""A sum in dollars, taken apart; ``1,234`` is none, for nobody knows which one."""

CENTS = r"""
CREATE OR REPLACE TEMP MACRO cents(parts) AS try_cast(
    regexp_replace(parts.whole || parts.by_thousands, '\D', '', 'g')
    || rpad(parts.after_comma || parts.after_point || parts.after_thousands, 2, '0') AS BIGINT
)
"""

FOREIGN = r"""
CREATE OR REPLACE TEMP MACRO is_foreign(words) AS
    regexp_matches(
        words,
        '^([A-Za-z]{3}|[A-Za-z]{0,2}\p{Sc})[^A-Za-z]*\d$'
        || '|^\d[^A-Za-z]*([A-Za-z]{3}|[A-Za-z]{0,2}\p{Sc})$'
    ) AND NOT regexp_matches(words, '(?i)(^|[^a-z])(CAD|CA\$|C\$|\$)')
"""

MOMENT = r"""
CREATE OR REPLACE TEMP MACRO moment(words, zone) AS floor(epoch(
    CASE
        WHEN NOT regexp_full_match(upper(words),
            '\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)?)?')
        THEN NULL
        WHEN regexp_matches(upper(words), 'Z$|:.*[+-]')
        THEN try_cast(upper(words) AS TIMESTAMPTZ)
        ELSE timezone(zone, try_cast(upper(words) AS TIMESTAMP))
    END
))::BIGINT
"""
"""A moment in seconds; without an offset, by the clocks of ``zone``."""

END = r"""
CREATE OR REPLACE TEMP MACRO end_moment(words, zone) AS
    moment(CASE WHEN length(words) = 10 THEN words || 'T24:00' ELSE words END, zone)
"""
"""A sale that ends on a day lasts that day."""

MACROS = (BARE, PIECES, STATE, STATE_OF, AMOUNT, CENTS, FOREIGN, MOMENT, END)

JUDGED = r"""
CREATE OR REPLACE TABLE said AS
WITH rows AS MATERIALIZED (
    SELECT told.* REPLACE (coalesce(told.line, told.rowid + 2) AS line),
        wares.sku IS NOT NULL AS known
    FROM told LEFT JOIN wares ON told.store = wares.store AND told.sku = wares.sku
), stores AS (
    SELECT words, bare(words) AS store,
        CASE WHEN length(store) > 64 OR regexp_matches(store, '[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]')
            THEN 'bad-store' END AS fault
    FROM (SELECT DISTINCT store AS words FROM rows WHERE NOT known)
), skus AS (
    SELECT words, bare(words) AS sku,
        CASE WHEN NOT regexp_full_match(sku, '[A-Za-z0-9._-]{1,50}') THEN 'bad-id' END AS fault
    FROM (SELECT DISTINCT sku AS words FROM rows WHERE NOT known)
), gtins AS (
    SELECT words, bare(words) AS given,
        regexp_full_match(given, '\d{8}|\d{12,14}') AS fits,
        CASE WHEN fits THEN given END AS gtin, CASE WHEN NOT fits THEN 'bad-gtin' END AS fault
    FROM (SELECT DISTINCT gtin AS words FROM told)
), quantities AS (
    SELECT *, CASE WHEN given IS NOT NULL AND coalesce(quantity > 1_000_000_000, true)
        THEN 'bad-quantity' END AS fault
    FROM (
        SELECT words, bare(words) AS given, pieces(given) AS quantity
        FROM (SELECT DISTINCT quantity AS words FROM told)
    )
), availabilities AS (
    SELECT *, CASE WHEN given IS NOT NULL AND state IS NULL THEN 'bad-availability' END AS fault
    FROM (
        SELECT words, bare(words) AS given, state(given) AS state
        FROM (SELECT DISTINCT availability AS words FROM told)
    )
), amounts AS (
    SELECT words, given, cents, CASE
        WHEN given IS NULL OR cents BETWEEN 1 AND 999_999_999 THEN NULL
        WHEN is_foreign(given) THEN 'other-currency'
        ELSE 'bad-price'
    END AS fault
    FROM (
        SELECT words, given, cents(parts) AS cents
        FROM (
            SELECT words, bare(words) AS given, amount(given) AS parts
            FROM (SELECT DISTINCT price AS words FROM told UNION SELECT DISTINCT sale FROM told)
        )
    )
), dates AS (
    SELECT *, CASE WHEN pair IS NOT NULL AND coalesce(len(pair) <> 2 OR finish <= start, true)
        THEN 'bad-sale-dates' END AS fault
    FROM (
        SELECT words, pair, moment(bare(pair[1]), $zone) AS start,
            end_moment(bare(pair[2]), $zone) AS finish
        FROM (
            SELECT words, split(bare(words), '/') AS pair
            FROM (SELECT DISTINCT sale_dates AS words FROM told)
        )
    )
), timestamps AS (
    SELECT *, CASE WHEN given IS NOT NULL AND coalesce(
        seen NOT BETWEEN epoch(TIMESTAMP '2000-01-01') AND epoch(TIMESTAMP '9999-01-01'), true
    ) THEN 'bad-timestamp' END AS fault
    FROM (
        SELECT words, given, moment(given, $zone) AS seen
        FROM (
            SELECT words, bare(words) AS given
            FROM (SELECT DISTINCT timestamp AS words FROM told)
        )
    )
), heard AS (
    SELECT told.line, told.known, gtins.gtin,
        CASE WHEN told.known THEN told.store ELSE stores.store END AS store,
        CASE WHEN told.known THEN told.sku ELSE skus.sku END AS sku,
        coalesce(availabilities.state, state_of(quantities.quantity)) AS state,
        quantities.quantity, prices.cents AS price, sales.cents AS sale,
        dates.start AS sale_from,
        CASE WHEN dates.finish < epoch(TIMESTAMP '9999-01-01') THEN dates.finish END AS sale_until,
        timestamps.seen,
        coalesce(
            CASE WHEN told.malformed THEN 'malformed' END,
            CASE WHEN told.known THEN NULL WHEN stores.store IS NULL THEN 'no-store' END,
            stores.fault,
            CASE WHEN told.known OR skus.sku IS NOT NULL THEN NULL
                WHEN gtins.given IS NULL THEN 'no-product' END,
            skus.fault,
            CASE WHEN NOT told.known AND skus.sku IS NULL THEN gtins.fault END,
            CASE WHEN quantities.given IS NULL AND availabilities.given IS NULL
                THEN 'no-stock' END,
            quantities.fault, availabilities.fault, prices.fault,
            CASE WHEN sales.fault IS NOT NULL THEN 'bad-sale-price' END,
            CASE WHEN sales.given IS NOT NULL THEN dates.fault END, timestamps.fault
        ) AS reason
    FROM rows AS told
    LEFT JOIN stores ON told.store = stores.words
    LEFT JOIN skus ON told.sku = skus.words
    LEFT JOIN gtins ON told.gtin = gtins.words
    LEFT JOIN quantities ON told.quantity = quantities.words
    LEFT JOIN availabilities ON told.availability = availabilities.words
    LEFT JOIN amounts AS prices ON told.price = prices.words
    LEFT JOIN amounts AS sales ON told.sale = sales.words
    LEFT JOIN dates ON told.sale_dates = dates.words
    LEFT JOIN timestamps ON told.timestamp = timestamps.words
)
SELECT line, known, store, sku, gtin, state,
    CASE WHEN reason IS NULL THEN quantity::INTEGER END AS quantity,
    CASE WHEN reason IS NULL THEN price::INTEGER END AS price,
    CASE WHEN reason IS NULL AND on_sale THEN sale::INTEGER END AS sale,
    CASE WHEN on_sale THEN sale_from END AS sale_from,
    CASE WHEN on_sale THEN sale_until END AS sale_until,
    coalesce(seen, $when::BIGINT) AS seen, reason, CASE WHEN reason IS NULL THEN seen END AS told_at
FROM (SELECT *, coalesce(sale < price, sale IS NOT NULL) AS on_sale FROM heard)
"""
"""Each text is understood once, however many rows repeat it; the first fault is the reason.

A row that names its offer to the letter needs no judging of its names.
A sale until the year 9999 is one without an end.
"""

REFUSED = """
CREATE OR REPLACE TABLE refused (line BIGINT, reason VARCHAR, raw VARCHAR);
CREATE OR REPLACE TABLE faulty AS SELECT store FROM said WHERE reason IS NOT NULL
"""
"""``faulty`` tells whose the refused rows are, as far as they say."""

REFUSE = """
INSERT INTO refused
SELECT said.line, said.reason, left(raws.raw, 2000)
FROM said JOIN raws ON said.line = raws.line
WHERE said.reason IS NOT NULL
ORDER BY said.line
"""

SETTLE = """
DELETE FROM said WHERE reason IS NOT NULL;
ALTER TABLE said DROP COLUMN reason;
ALTER TABLE said DROP COLUMN told_at;
"""
