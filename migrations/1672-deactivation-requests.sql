-- 1672-deactivation-requests.sql: a public structure is deactivated with the operator's agreement (organisation 7.6).

create table deactivation_request (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  -- the main manager who asks
  account_id bigint not null references account,
  reason text not null check (char_length(reason) between 1 and 500),
  state text not null default 'open' check (state in ('open', 'agreed', 'refused', 'withdrawn', 'lapsed')),
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by bigint references account,
  -- why the operator refused
  answer text not null default '' check (char_length(answer) <= 500),
  constraint deactivation_request_refusal_says_why check (state <> 'refused' or answer <> ''),
  constraint deactivation_request_answered_has_a_date check ((state = 'open') = (answered_at is null))
);
create unique index deactivation_request_is_unique on deactivation_request (structure_id) where state = 'open';
create index deactivation_request_structure on deactivation_request (structure_id);
select protect_structure_table('deactivation_request');
