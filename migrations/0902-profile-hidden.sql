-- 0902-profile-hidden.sql: a structure may put away a ready-made set of rights that it does not use.

alter table profile add column hidden boolean not null default false;
