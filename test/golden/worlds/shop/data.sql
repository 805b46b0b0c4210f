-- A kitchenware distributor: two organizations that know nothing of each other. Always the same rows: nothing is random,
-- each choice is taken from a hash of the row's number. The story ends on 2026-11-23.
create schema shop;

-- A number from 0 to n - 1 that a row's number and a word decide.
create function shop.pick(word text, row_number bigint, n int) returns int immutable language sql
  as $$ select (('x' || substr(md5(word || row_number), 1, 7))::bit(28)::int) % n $$;

create table shop.countries (code text primary key, name text not null, continent text not null);
insert into shop.countries values
  ('US', 'United States', 'North America'), ('CA', 'Canada', 'North America'), ('MX', 'Mexico', 'North America'),
  ('DE', 'Germany', 'Europe'), ('FR', 'France', 'Europe'), ('GB', 'United Kingdom', 'Europe'), ('NL', 'Netherlands', 'Europe'),
  ('JP', 'Japan', 'Asia'), ('AU', 'Australia', 'Oceania');

create table shop.categories (id bigint primary key, org_id text not null, name text not null);
insert into shop.categories
select n + shift, org, name
from (values ('org_north', 0), ('org_south', 100)) as o(org, shift),
  (values (1, 'Cookware'), (2, 'Knives'), (3, 'Bakeware'), (4, 'Coffee and Tea'), (5, 'Small Appliances'), (6, 'Outdoor'), (7, 'Gift Cards')) as c(n, name);

create table shop.products (
  id bigint primary key, org_id text not null, category_id bigint not null, sku text not null, name text not null,
  brand text not null, list_price numeric(10,2) not null, unit_cost numeric(10,2) not null, stock int not null,
  reorder_level int not null, is_discontinued boolean not null, launched_on date not null);
insert into shop.products
select n + shift, org, category + shift, 'SKU-' || 1000 + n + shift, name, brand, price, round(price * (50 + n % 17) / 100, 2),
  shop.pick('stock', n + shift, 140), 20 + n % 3 * 10, n in (5, 13, 21), date '2022-03-01' + n * 53
from (values ('org_north', 0), ('org_south', 100)) as o(org, shift),
  (values
    (1, 1, 'Cast Iron Skillet', 'Hearthline', 64.90), (2, 1, 'Stainless Saucepan', 'Hearthline', 48.50),
    (3, 1, 'Copper Stock Pot', 'Maison Brun', 189.00), (4, 1, 'Enamel Dutch Oven', 'Maison Brun', 149.00),
    (5, 1, 'Nonstick Wok', 'Kinto', 39.90), (6, 2, 'Chef Knife', 'Kinto', 119.00), (7, 2, 'Bread Knife', 'Kinto', 74.00),
    (8, 2, 'Paring Knife', 'Hearthline', 18.90), (9, 2, 'Knife Block', 'Maison Brun', 89.00),
    (10, 3, 'Loaf Tin', 'Hearthline', 14.50), (11, 3, 'Muffin Tray', 'Hearthline', 19.90),
    (12, 3, 'Springform Pan', 'Bellini', 24.90), (13, 3, 'Silicone Mat', 'Bellini', 12.00),
    (14, 4, 'Pour-over Kettle', 'Kinto', 79.00), (15, 4, 'Espresso Maker', 'Bellini', 42.00),
    (16, 4, 'Tea Infuser', 'Kinto', 9.90), (17, 4, 'Burr Grinder', 'Volta', 159.00),
    (18, 5, 'Stand Mixer', 'Volta', 349.00), (19, 5, 'Hand Blender', 'Volta', 59.00), (20, 5, 'Toaster', 'Volta', 69.00),
    (21, 5, 'Rice Cooker', 'Kinto', 99.00), (22, 6, 'Camping Stove', 'Norrvik', 54.00),
    (23, 6, 'Picnic Basket', 'Norrvik', 84.00), (24, 6, 'Fire Bowl', 'Norrvik', 129.00)
  ) as p(n, category, name, brand, price);

create table shop.customers (
  id bigint primary key, org_id text not null, name text not null, kind text not null, email text, city text,
  country text references shop.countries, account_manager text, credit_limit numeric(12,2), newsletter boolean not null,
  customer_since date not null);
insert into shop.customers
select n + shift, org,
  case when n % 3 = 0
    then (array['Blue Door', 'Harbor Street', 'Oak & Ember', 'Saltworks', 'The Copper Pan', 'Lakeside', 'Nordlys', 'Green Fork', 'Pilot House', 'Casa Verde', 'Stonebridge', 'Red Lantern'])[1 + n / 3 % 12]
      || (array[' Bistro', ' Kitchen Supply', ' Hotel', ' Stores'])[1 + n / 3 % 4] || case when n > 36 then ' II' else '' end
    else (array['Anna', 'Ben', 'Carla', 'David', 'Elena', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Keiko', 'Liam', 'Maya'])[1 + n % 13]
      || ' ' || (array['Abbott', 'Berger', 'Castillo', 'Dupont', 'Eriksen', 'Fischer', 'Gupta', 'Hayashi', 'Ibarra', 'Jansen', 'Keller'])[1 + n % 11] end,
  case when n % 3 = 0 then case when n % 2 = 0 then 'reseller' else 'restaurant' end else 'private' end,
  case when n % 9 = 4 then null else 'customer' || n + shift || '@example.com' end,
  city, country,
  case when n % 3 = 0 then (array['Priya Nair', 'Tom Becker', 'Sofia Lindqvist'])[1 + n / 3 % 3] end,
  case when n % 3 = 0 then 2000 + shop.pick('credit', n + shift, 9) * 1000 end,
  shop.pick('news', n + shift, 5) < 3, date '2023-06-04' + n * 19
from (values ('org_north', 0, 60), ('org_south', 100, 18)) as o(org, shift, size)
cross join lateral generate_series(1, size) as n
cross join lateral (select (array['Chicago', 'Boston', 'Chicago', 'Seattle', 'Toronto', 'Berlin', 'Hamburg', 'Lyon', 'London', 'Utrecht', 'Osaka', 'Melbourne', 'Denver', 'Guadalajara'])[1 + shop.pick('city', n + shift, 14)]) as c(city)
cross join lateral (select case city when 'Toronto' then 'CA' when 'Berlin' then 'DE' when 'Hamburg' then 'DE' when 'Lyon' then 'FR'
  when 'London' then 'GB' when 'Utrecht' then 'NL' when 'Osaka' then 'JP' when 'Melbourne' then 'AU' when 'Guadalajara' then 'MX' else 'US' end) as k(country);

create table shop.orders (
  id bigint primary key, org_id text not null, customer_id bigint not null references shop.customers, order_number text not null,
  status text not null, channel text not null, payment_terms text not null, total numeric(12,2) not null default 0,
  shipping_fee numeric(8,2) not null, note text, ordered_at timestamptz not null, cancelled_on date);
insert into shop.orders
select id, org, shift + 1 + least(shop.pick('buyer', id, size), shop.pick('again', id, size)), 'N-' || 20000 + id, status,
  (array['web', 'web', 'web', 'phone', 'marketplace', 'store'])[1 + shop.pick('channel', id, 6)],
  (array['prepaid', 'prepaid', 'net_30', 'on_delivery'])[1 + shop.pick('terms', id, 4)], 0,
  (array[0, 4.90, 6.90, 12.50])[1 + shop.pick('fee', id, 4)],
  case when shop.pick('note', id, 11) = 0 then 'Gift wrap, please' end, ordered_at,
  case when status = 'cancelled' then (ordered_at + interval '2 days')::date end
from (values ('org_north', 0, 52, 320), ('org_south', 1000, 15, 70)) as o(org, first_id, size, number_of_orders)
cross join lateral (select case org when 'org_north' then 0 else 100 end) as s(shift)
cross join lateral generate_series(1, number_of_orders) as n
cross join lateral (select first_id + n, timestamptz '2024-01-08 15:20Z'
  + (n * 1049 / number_of_orders || ' days')::interval + (shop.pick('hour', first_id + n, 7) || ' hours')::interval) as t(id, ordered_at)
cross join lateral (select case
  when n > number_of_orders - 8 then 'pending'
  when n > number_of_orders - 20 then (array['paid', 'shipped', 'paid'])[1 + n % 3]
  when shop.pick('status', id, 10) = 0 then 'cancelled'
  when shop.pick('status', id, 10) = 1 then 'returned'
  else 'delivered' end) as w(status);

create table shop.order_lines (
  id bigint primary key, org_id text not null, order_id bigint not null references shop.orders,
  product_id bigint not null references shop.products, quantity int not null, unit_price numeric(10,2) not null,
  unit_cost numeric(10,2) not null, discount_percent int not null);
insert into shop.order_lines
select o.id * 10 + line, o.org_id, o.id, p.id, 1 + shop.pick('quantity' || line, o.id, case when o.customer_id % 3 = 0 then 9 else 3 end),
  round(p.list_price * (100 - discount) / 100, 2), p.unit_cost, discount
from shop.orders o
cross join lateral generate_series(1, 1 + shop.pick('lines', o.id, 3)) as line
cross join lateral (select (array[0, 0, 0, 5, 10])[1 + shop.pick('discount' || line, o.id, 5)]) as d(discount)
join shop.products p on p.id = case o.org_id when 'org_north' then 0 else 100 end + 1 + (shop.pick('product', o.id, 23) + line * 5) % 23;
update shop.orders o set total = (select sum(quantity * unit_price) from shop.order_lines l where l.order_id = o.id);

create table shop.shipments (
  id bigint primary key, org_id text not null, order_id bigint not null references shop.orders, carrier text not null,
  shipped_on date not null, promised_on date not null, delivered_on date, freight numeric(8,2) not null, weight_kg numeric(8,1) not null);
insert into shop.shipments
select o.id, o.org_id, o.id, (array['dhl', 'ups', 'fedex', 'own_van'])[1 + shop.pick('carrier', o.id, 4)], shipped_on, shipped_on + 4,
  case when o.status <> 'shipped' then shipped_on + 1 + shop.pick('days', o.id, 6) end,
  6 + shop.pick('freight', o.id, 2400) / 100.0, 1 + shop.pick('weight', o.id, 240) / 10.0
from shop.orders o
cross join lateral (select o.ordered_at::date + 1 + shop.pick('packing', o.id, 4)) as s(shipped_on)
where o.status in ('shipped', 'delivered', 'returned');

create table shop.refunds (
  id bigint primary key, org_id text not null, order_id bigint not null references shop.orders, amount numeric(12,2) not null,
  reason text not null, refunded_on date not null);
insert into shop.refunds
select o.id, o.org_id, o.id, case when o.status = 'returned' then o.total else round(o.total / 5, 2) end,
  (array['damaged', 'wrong_item', 'late', 'changed_mind'])[1 + shop.pick('reason', o.id, 4)],
  least(o.ordered_at::date + 9 + shop.pick('refund', o.id, 20), date '2026-11-22')
from shop.orders o
where o.status = 'returned' or (o.status = 'delivered' and shop.pick('partly', o.id, 14) = 0);
