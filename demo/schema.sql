-- The demo organization's tables: contacts, campaigns, gifts and what is told to the public about them.
-- Keys and indexes are in keys.sql, so that rows are copied in first and sorted once.

create schema demo;
comment on schema demo is 'Tablewright demo data';

-- One row once everything is loaded; without it, what is here is half a load.
create table demo.meta (
  version     integer not null,
  today       date not null,
  donations   integer not null,
  row_count   bigint not null,
  loaded_at   timestamptz not null default now()
);

create table demo.organizations (
  id    text not null,
  name  text not null
);
comment on table demo.organizations is 'The tenants. Every other row but a state belongs to exactly one.';

create table demo.states (
  code    text not null,
  name    text not null,
  region  text not null check (region in ('Northeast', 'Midwest', 'South', 'West'))
);
comment on table demo.states is 'States of the USA with the Census Bureau''s regions; the same for every organization.';

create table demo.households (
  id               bigint not null,
  organization_id  text not null,
  name             text not null,
  kind             text not null check (kind in ('household', 'company', 'nonprofit', 'foundation')),
  tax_id           text,
  city             text,
  state            text,
  created_at       timestamptz not null
);
comment on table demo.households is 'Households, companies and other bodies that contacts belong to.';
comment on column demo.households.tax_id is 'Employer identification number; companies, nonprofits and foundations only.';

create table demo.contacts (
  id               bigint not null,
  organization_id  text not null,
  household_id     bigint,
  referred_by_id   bigint,
  first_name       text not null,
  last_name        text not null,
  full_name        text not null,
  email            text,
  phone            text,
  date_of_birth    date,
  employer         text,
  occupation       text,
  city             text,
  state            text,
  postal_code      text,
  segment          text not null check (segment in ('Major', 'Mid-level', 'Monthly', 'Grassroots', 'Lapsed', 'Prospect')),
  email_opt_in     boolean not null,
  created_at       timestamptz not null
);
comment on table demo.contacts is 'People: donors, volunteers, guests and those who may become one of them.';
comment on column demo.contacts.employer is 'As disclosure rules ask it of those who give more than a small amount.';
comment on column demo.contacts.segment is 'Lapsed: gave once, but not in the last 18 months. Prospect: never gave.';

create table demo.campaigns (
  id               bigint not null,
  organization_id  text not null,
  parent_id        bigint,
  name             text not null,
  channel          text not null check (channel in ('email', 'direct_mail', 'digital', 'phone', 'event', 'in_person')),
  status           text not null check (status in ('planned', 'active', 'completed', 'cancelled')),
  goal             numeric(14,2) check (goal > 0),
  budget           numeric(14,2) check (budget >= 0),
  starts_on        date not null,
  ends_on          date check (ends_on >= starts_on)
);
comment on table demo.campaigns is 'Fundraising campaigns and the appeals inside them.';
comment on column demo.campaigns.parent_id is 'The campaign that this one is a part of.';
comment on column demo.campaigns.ends_on is 'Last day; null for a campaign that goes on.';

create table demo.pledges (
  id               bigint not null,
  organization_id  text not null,
  contact_id       bigint not null,
  campaign_id      bigint,
  amount           numeric(12,2) not null check (amount > 0),
  paid_amount      numeric(12,2) not null check (paid_amount between 0 and amount),
  frequency        text not null check (frequency in ('one_time', 'monthly', 'quarterly')),
  status           text not null check (status in ('open', 'partly_paid', 'fulfilled', 'overdue', 'cancelled')),
  pledged_on       date not null,
  due_on           date not null check (due_on >= pledged_on)
);
comment on table demo.pledges is 'Promises to give, paid by donations that name the pledge.';

create table demo.donations (
  id               bigint not null,
  organization_id  text not null,
  contact_id       bigint,
  campaign_id      bigint,
  pledge_id        bigint,
  amount           numeric(12,2) not null check (amount > 0),
  fee              numeric(10,2) not null check (fee >= 0),
  status           text not null check (status in ('completed', 'pending', 'refunded', 'failed')),
  payment_method   text not null check (payment_method in ('card', 'bank_transfer', 'check', 'cash', 'wallet', 'stock')),
  is_recurring     boolean not null,
  note             text,
  received_at      timestamptz not null,
  refunded_at      timestamptz check (refunded_at >= received_at),
  thanked_on       date
);
comment on table demo.donations is 'Gifts of money, one row a payment.';
comment on column demo.donations.contact_id is 'Null: given anonymously.';
comment on column demo.donations.campaign_id is 'Null: given without an appeal.';
comment on column demo.donations.fee is 'What the payment processor kept.';
comment on column demo.donations.thanked_on is 'Day of the letter or e-mail of thanks; null: not thanked yet.';

create table demo.events (
  id               bigint not null,
  organization_id  text not null,
  campaign_id      bigint,
  name             text not null,
  kind             text not null check (kind in ('gala', 'house_party', 'town_hall', 'phone_bank', 'canvass', 'webinar')),
  status           text not null check (status in ('scheduled', 'held', 'cancelled')),
  venue            text,
  city             text,
  state            text,
  capacity         integer check (capacity > 0),
  ticket_price     numeric(10,2) not null check (ticket_price >= 0),
  starts_at        timestamptz not null
);
comment on table demo.events is 'Galas, house parties, town halls and other gatherings.';

create table demo.attendances (
  organization_id  text not null,
  event_id         bigint not null,
  contact_id       bigint not null,
  status           text not null check (status in ('registered', 'attended', 'no_show', 'cancelled')),
  guests           integer not null check (guests >= 0),
  ticket_amount    numeric(10,2) not null check (ticket_amount >= 0),
  registered_at    timestamptz not null
);
comment on table demo.attendances is 'Which contact signed up for which event, and whether they came.';
comment on column demo.attendances.guests is 'People brought along, the contact not counted.';

create table demo.expenses (
  id               bigint not null,
  organization_id  text not null,
  campaign_id      bigint,
  category         text not null check (category in
                     ('advertising', 'consulting', 'postage', 'printing', 'software', 'staff', 'travel', 'venue')),
  vendor           text not null,
  purpose          text,
  amount           numeric(12,2) not null check (amount > 0),
  status           text not null check (status in ('paid', 'pending')),
  spent_on         date not null
);
comment on table demo.expenses is 'Money spent on a campaign, or on none: overhead.';

create table demo.filings (
  id                   bigint not null,
  organization_id      text not null,
  campaign_id          bigint,
  amends_id            bigint,
  kind                 text not null check (kind in ('quarterly', 'year_end', 'pre_election', 'post_election')),
  status               text not null check (status in ('draft', 'filed', 'amended', 'superseded', 'overdue')),
  period_start         date not null,
  period_end           date not null check (period_end >= period_start),
  due_on               date not null,
  filed_on             date,
  total_receipts       numeric(14,2) not null,
  total_disbursements  numeric(14,2) not null,
  penalty              numeric(10,2) not null check (penalty >= 0),
  confirmation         text
);
comment on table demo.filings is 'Disclosure reports to the election authority.';
comment on column demo.filings.campaign_id is 'Null: the report covers the whole organization.';
comment on column demo.filings.amends_id is 'The report that this one corrects.';
