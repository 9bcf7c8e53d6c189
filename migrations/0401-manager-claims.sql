-- 0401-manager-claims.sql: taking over a structure whose managers are gone (reprise); 7 days to stop it, then the operator.

create table manager_claim (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  account_id bigint not null references account,
  justification text not null check (char_length(justification) between 1 and 2000),
  state text not null default 'open' check (state in ('open', 'stopped', 'accepted', 'refused', 'withdrawn')),
  opened_at timestamptz not null,
  objection_until timestamptz not null,
  answered_at timestamptz,
  answered_by bigint references account,
  reason text not null default '' check (char_length(reason) <= 500),
  constraint manager_claim_leaves_time check (objection_until > opened_at)
);
-- CLM-01: one claim at a time by structure
create unique index manager_claim_is_unique on manager_claim (structure_id) where state = 'open';
create index manager_claim_account on manager_claim (account_id);
select protect_personal_structure_table('manager_claim');
