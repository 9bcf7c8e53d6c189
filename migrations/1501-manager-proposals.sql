-- 1501-manager-proposals.sql: naming a main manager, handing the role over, taking it away: each waits for somebody's answer.

create table manager_proposal (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  -- the person it is about
  account_id bigint not null references account,
  membership_id bigint not null references membership on delete cascade,
  kind text not null check (kind in ('name', 'handOver', 'remove')),
  -- what who hands the role over becomes
  becomes text check (becomes in ('user', 'administrator', 'leaves')),
  reason text not null default '' check (char_length(reason) <= 500),
  proposed_by bigint not null references account,
  proposed_at timestamptz not null,
  due_at timestamptz not null,
  state text not null default 'open'
    check (state in ('open', 'objected', 'accepted', 'declined', 'cancelled', 'expired')),
  answered_at timestamptz,
  answered_by bigint references account,
  answer text not null default '' check (char_length(answer) <= 500),
  constraint manager_proposal_becomes check ((kind = 'handOver') = (becomes is not null)),
  constraint manager_proposal_removal_says_why check (kind <> 'remove' or reason <> ''),
  constraint manager_proposal_leaves_time check (due_at > proposed_at)
);
create unique index manager_proposal_is_unique on manager_proposal (membership_id) where state in ('open', 'objected');
create unique index manager_proposal_one_hand_over on manager_proposal (structure_id, proposed_by)
  where state = 'open' and kind = 'handOver';
create index manager_proposal_account on manager_proposal (account_id);
create index manager_proposal_due on manager_proposal (due_at) where state = 'open';
select protect_personal_structure_table('manager_proposal');

-- MGR-01: when a structure with one main manager was last advised to name another
alter table structure add column manager_advised_at timestamptz;
