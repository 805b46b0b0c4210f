-- Keys and indexes of the demo tables, run after the rows are in.
-- Foreign keys carry the organization, so that the database itself refuses a row that points into another tenant.

alter table demo.organizations add primary key (id);
alter table demo.states        add primary key (code);
alter table demo.households    add primary key (id), add unique (organization_id, id);
alter table demo.contacts      add primary key (id), add unique (organization_id, id);
alter table demo.campaigns     add primary key (id), add unique (organization_id, id);
alter table demo.pledges       add primary key (id), add unique (organization_id, id);
alter table demo.donations     add primary key (id);
alter table demo.events        add primary key (id), add unique (organization_id, id);
alter table demo.attendances   add primary key (event_id, contact_id);
alter table demo.expenses      add primary key (id);
alter table demo.filings       add primary key (id), add unique (organization_id, id);

create index donations_by_date     on demo.donations (organization_id, received_at);
create index donations_by_contact  on demo.donations (organization_id, contact_id, received_at);
create index donations_by_campaign on demo.donations (organization_id, campaign_id, received_at);
create index donations_by_pledge   on demo.donations (organization_id, pledge_id) where pledge_id is not null;

create index contacts_by_household on demo.contacts (organization_id, household_id);
create index contacts_by_referrer  on demo.contacts (organization_id, referred_by_id) where referred_by_id is not null;
create index contacts_by_state     on demo.contacts (organization_id, state);
create index contacts_by_segment   on demo.contacts (organization_id, segment);
create index contacts_by_created   on demo.contacts (organization_id, created_at);
create index contacts_by_name      on demo.contacts (organization_id, lower(full_name));
create index households_by_state   on demo.households (organization_id, state);

create index campaigns_by_parent   on demo.campaigns (organization_id, parent_id);
create index campaigns_by_start    on demo.campaigns (organization_id, starts_on);

create index pledges_by_contact    on demo.pledges (organization_id, contact_id);
create index pledges_by_campaign   on demo.pledges (organization_id, campaign_id);
create index pledges_by_due        on demo.pledges (organization_id, due_on);

create index events_by_campaign    on demo.events (organization_id, campaign_id);
create index events_by_start       on demo.events (organization_id, starts_at);
create index events_by_state       on demo.events (organization_id, state);
create index attendances_by_event   on demo.attendances (organization_id, event_id);
create index attendances_by_contact on demo.attendances (organization_id, contact_id);

create index expenses_by_campaign  on demo.expenses (organization_id, campaign_id);
create index expenses_by_date      on demo.expenses (organization_id, spent_on);

create index filings_by_due        on demo.filings (organization_id, due_on);
create index filings_by_campaign   on demo.filings (organization_id, campaign_id);
create index filings_by_amends     on demo.filings (organization_id, amends_id) where amends_id is not null;

alter table demo.households
  add foreign key (organization_id) references demo.organizations,
  add foreign key (state) references demo.states;
alter table demo.contacts
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, household_id) references demo.households (organization_id, id),
  add foreign key (organization_id, referred_by_id) references demo.contacts (organization_id, id),
  add foreign key (state) references demo.states;
alter table demo.campaigns
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, parent_id) references demo.campaigns (organization_id, id);
alter table demo.pledges
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, contact_id) references demo.contacts (organization_id, id),
  add foreign key (organization_id, campaign_id) references demo.campaigns (organization_id, id);
alter table demo.donations
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, contact_id) references demo.contacts (organization_id, id),
  add foreign key (organization_id, campaign_id) references demo.campaigns (organization_id, id),
  add foreign key (organization_id, pledge_id) references demo.pledges (organization_id, id);
alter table demo.events
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, campaign_id) references demo.campaigns (organization_id, id),
  add foreign key (state) references demo.states;
alter table demo.attendances
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, event_id) references demo.events (organization_id, id),
  add foreign key (organization_id, contact_id) references demo.contacts (organization_id, id);
alter table demo.expenses
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, campaign_id) references demo.campaigns (organization_id, id);
alter table demo.filings
  add foreign key (organization_id) references demo.organizations,
  add foreign key (organization_id, campaign_id) references demo.campaigns (organization_id, id),
  add foreign key (organization_id, amends_id) references demo.filings (organization_id, id);
