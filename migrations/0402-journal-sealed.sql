-- 0402-journal-sealed.sql: which entry of each chain the last seal covered, so that a seal holds only what moved since.

create table journal_sealed (
  chain_id bigint primary key,
  seq bigint not null
);
alter table journal_sealed enable row level security;
alter table journal_sealed force row level security;
create policy journal_sealed_of_portal on journal_sealed using ((select unisson_is_system()));
