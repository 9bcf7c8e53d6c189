-- 0901-origin-of-rights.sql: where each right comes from — the set it was given with, and who named a main manager, when.

-- the name of the set as it was then: sets are templates, they change and disappear
alter table membership_grant add column given_set text;

alter table membership add column manager_since timestamptz;
alter table membership add column manager_named_by bigint references account;
update membership set manager_since = starts_at, manager_named_by = attached_by where role = 'mainManager';
