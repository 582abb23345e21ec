"""What the database is asked while a feed comes in, in the order in which it is asked.

What a feed says stands in ``said``, what was known before it in ``before`` and ``stores``, what is
known now in ``offers``, and the offers and store codes of the site in ``wares``;
``stock/database.py`` lays out the tables.
"""

BEGIN = """
alter table offers rename to before;
create table stores_then as from stores;
create view offers as from before;
"""
NEXT = """
create table after as from offers;
create or replace view offers as from after;
drop table before;
alter table after rename to before;
create or replace view offers as from before;
"""
"""What one feed made known was known before the next."""

MATCH = """
create or replace table rest as
select s.* exclude (sku, known), coalesce(w.sku, g.sku) as sku,
    case when o.store is not null then o.reason
         when k.store is null then 'unknown-store'
         when coalesce(w.sku, g.sku) is null then 'unknown-product' end as reason
from said s
left join (select distinct store from wares) k using (store)
left join odd o using (store)
left join wares w on w.store = s.store and w.sku = s.sku
left join wares g on w.sku is null and g.store = s.store and g.gtin = lpad(s.gtin, 14, '0')
where not s.known;

create or replace view usable as
select * exclude (known) from said where known
union all by name
select * exclude (reason) from rest where reason is null;

"""
SAME = """
create or replace table gone as select store, sku from usable where line < 0;
delete from said where line < 0;
delete from rest where line < 0;
create or replace table again as
select store, rows - count(gone.store) as rows from stores left join gone using (store)
where snapshot = $last group by store, rows having rows > count(gone.store);
"""
"""Who is named by lines that the last feed had too, and by how many: those that it had, less those
that are gone."""
NOTHING_SAME = """
create or replace table gone (store varchar, sku varchar);
create or replace table again (store varchar, rows bigint);
"""
TWICE = """
select exists (from before semi join again using (store) semi join usable using (store, sku)
    anti join gone using (store, sku) where state <> 0)
"""
"""Whether a new line speaks of an offer that an old one speaks of too."""
HEARD = """
create or replace table doubled as
select store, sku, max(line) as line, count(*) as n from usable group by all having n > 1;

create or replace table heard as
select store, max(seen) as seen, sum(rows)::bigint as rows
from (select store, seen, 1 as rows from usable
      union all select store, $seen::bigint, rows from again)
group by store;
"""
STILL = """
create or replace table loose as
select * exclude (still) from (select o.*,
    again.store is not null and gone.store is null and state <> 0 as same,
    same and not gone(state, o.seen, $expires, $then) and not gone(state, $seen, $expires, $now)
        and o.seen + $expires >= $seen and o.seen = s.seen and $seen >= s.seen
        and $seen = heard.seen and cut(sale, sale_from, sale_until, $then)
            is not distinct from cut(sale, sale_from, sale_until, $now) as still
from before o left join stores s using (store) left join again using (store)
    left join heard using (store) left join gone using (store, sku)) where not still;

insert into said by name
select 0 as line, true as known, store, sku, quantity, price, sale, sale_from, sale_until,
    $seen as seen, case state when 1 then 'in_stock' when 2 then 'limited'
        when 3 then 'out_of_stock' else 'on_display_to_order' end as state
from loose where same;
"""
"""Of most offers that come again nothing is told otherwise, but when they were seen: they are
``still`` what they were. Of the others, which are ``loose``, the state says what their lines said:
a full feed told all that is not unknown in the stores that it named."""
COUNT_STILL = """
select b.rows - l.rows, b.priced - l.priced
from (select count(*) as rows, count(*) filter (price > 0) as priced from before) b,
    (select count(*) as rows, count(*) filter (price > 0) as priced from loose) l
"""
SET_ASIDE = """
insert into refused
select line, m.reason, left(r.raw, 2000) from rest m join raws r using (line)
where m.reason is not null
"""
LATE = """
create or replace table late as
select u.store, u.sku, u.line from usable u join loose o using (store, sku)
left join doubled d using (store, sku)
where $delta and u.seen < o.seen and (d.line is null or d.line = u.line);
"""
"""The rows of a delta that are older than what is known of their offer: a newer word stands."""
COMPARE = """
create or replace table next as
with new as (
    select u.store, u.sku, u.seen, u.quantity, u.price, u.sale, u.sale_from, u.sale_until,
        case u.state when 'in_stock' then 1 when 'limited' then 2 when 'out_of_stock' then 3
                     else 4 end as state
    from usable u left join doubled d using (store, sku)
    where (d.line is null or d.line = u.line) and u.line not in (select line from late)
),
pairs as (
    select coalesce(o.store, n.store) as store, coalesce(o.sku, n.sku) as sku,
        o.sku is not null as held, n.sku is not null as told,
        columns(o.* exclude (store, sku)) as 'o_\\0',
        columns(n.* exclude (store, sku)) as 'n_\\0'
    from (select * exclude (same) from loose) o
    full join new n on o.store = n.store and o.sku = n.sku
),
placed as (
    select p.*, h.seen as heard,
        $full and h.store is not null and not told as missing,
        case when $full then h.seen else n_seen end as said_at
    from pairs p left join heard h using (store)
)
select store, sku, held, told, missing, heard,
    o_state, o_since, o_seen, o_quantity, o_price, o_sale, o_sale_from, o_sale_until,
    case when told then n_state when missing then 0 else o_state end as state,
    case when told and held and o_state = n_state and o_seen + $expires >= n_seen then o_since
         when told then n_seen
         when missing and o_state <> 0 then heard else o_since end as since,
    case when told then said_at else o_seen end as seen,
    case when told then n_quantity when not missing then o_quantity end as quantity,
    case when told then n_price else o_price end as price,
    case when told then n_sale when not missing then o_sale end as sale,
    case when told then n_sale_from when not missing then o_sale_from end as sale_from,
    case when told then n_sale_until when not missing then o_sale_until end as sale_until,
    case when told and held and n_state in (1, 2) and o_state = 3 then n_seen
         else coalesce(o_restocked, 0) end as restocked,
    not held or (o_state, o_quantity, o_price, o_sale, o_sale_from, o_sale_until)
        is distinct from (state, quantity, price, sale, sale_from, sale_until) as differs,
    coalesce(cut(o_sale, o_sale_from, o_sale_until, $then), o_price) as o_asked,
    coalesce(cut(sale, sale_from, sale_until, $now), price) as asked,
    not held or gone(o_state, o_seen, $expires, $then) as was_gone,
    gone(state, seen, $expires, $now) as is_gone
from placed;
"""
TOUCH = """
insert into touched
select store, bool_or(on_page)
from (
    select store,
        case when was_gone or is_gone
             then not held or was_gone <> is_gone or (state <> 0 and o_seen <> next.seen)
             else (o_state, o_since, o_price) is distinct from (state, since, price)
                or cut(o_sale, o_sale_from, o_sale_until, $then)
                   is distinct from cut(sale, sale_from, sale_until, $now)
                or (o_sale_until is distinct from sale_until
                    and cut(sale, sale_from, sale_until, $now) is not null) end as on_page,
        on_page or differs
            or case when o_seen = s.seen then 0 else o_seen end
               <> case when next.seen = greatest(s.seen, heard) then 0 else next.seen end as live
    from next left join stores s using (store)
)
where live
group by store;

insert into quarantine select $feed, line, reason, raw from refused;
insert into changes
select store, sku, case when told then seen else heard end, state, quantity, price, sale
from next where differs;
"""
ADVANCE = """
create or replace table moment as select $seen::bigint as seen;

create or replace view offers as
select store, sku, state::tinyint as state, since, seen, quantity, price, sale, sale_from,
    sale_until, restocked
from next
union all
select * replace ((select seen from moment) as seen) from before anti join loose using (store, sku);

create or replace table stores as
select coalesce(s.store, h.store) as store, greatest(s.seen, h.seen) as seen,
    coalesce(h.rows, s.rows) as rows,
    case when h.store is null then s.snapshot else $number end as snapshot,
    case when h.store is null then s.quarantined else coalesce(q.n, 0) end as quarantined
from stores s full join heard h on s.store = h.store
left join (select store, count(*) as n from (
    select store from rest where reason is not null union all from faulty) group by store) q
    on q.store = h.store;
"""
LET_GO = """
drop view usable;
drop table said;
drop table rest;
drop table wares;
"""
"""What was compared need not lie in memory while the state is written and pages are rendered."""
NEWS = """
select exists (from touched) or exists (
    from stores s left join stores_then t using (store) where s.seen is distinct from t.seen
)
"""
TIMES = """
select s.store, told(s.seen, $now) from stores s left join stores_then t using (store)
anti join touched using (store)
where told(s.seen, $now) is distinct from told(t.seen, $then)
"""
