-- 1613-bank-confirmations.sql: bank details that wait for a second manager, and those that somebody blocked.

alter table bank_account
  -- who put it up for confirmation: another manager answers
  add column submitted_by bigint references account,
  add column blocked_at timestamptz,
  add column blocked_by bigint references account,
  -- the line that it takes the place of, which ends when it is confirmed
  add column replaces_id bigint,
  add constraint bank_account_belongs_to_its_structure unique (id, structure_id),
  add constraint bank_account_replaces_one_of_its_structure
    foreign key (replaces_id, structure_id) references bank_account (id, structure_id),
  add constraint bank_account_waits_for_somebody_else check (state <> 'pendingConfirmation' or submitted_by is not null),
  add constraint bank_account_is_blocked_by_somebody check ((state = 'blocked') = (blocked_at is not null));
-- the operator looks for one IBAN in several structures, and for what was blocked
create index bank_account_iban on bank_account (iban);
create index bank_account_blocked on bank_account (blocked_at) where state = 'blocked';
-- a blocked line keeps no name from the true one
drop index bank_account_name_is_unique;
create unique index bank_account_name_is_unique on bank_account (structure_id, lower(name))
  where state in ('pendingConfirmation', 'active');
