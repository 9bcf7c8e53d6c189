-- 1611-identifier-changes.sql: a change of identifier may be planned up to ninety days ahead, cancelled before its date,
-- and undone within seven days. Changes made before this file have no row: they cannot be undone.

create table identifier_change (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  -- of the same type as the present one
  identifier_value text not null check (identifier_value <> ''),
  reason text not null default '' check (char_length(reason) <= 500),
  effective_at timestamptz not null,
  state text not null default 'planned' check (state in ('planned', 'done', 'cancelled', 'failed', 'undone')),
  planned_at timestamptz not null,
  planned_by bigint not null references account,
  ended_at timestamptz,
  -- why the clock could not carry it out
  failure text,
  copy_id bigint references structure,
  constraint identifier_change_is_ended check ((state = 'planned') = (ended_at is null)),
  constraint identifier_change_has_copy check ((state in ('done', 'undone')) = (copy_id is not null)),
  constraint identifier_change_says_failure check ((state = 'failed') = (failure is not null))
);
create unique index identifier_change_is_unique on identifier_change (structure_id) where state = 'planned';
create index identifier_change_due on identifier_change (effective_at) where state = 'planned';
create index identifier_change_of_structure on identifier_change (structure_id, id desc);
create index identifier_change_of_copy on identifier_change (copy_id) where copy_id is not null;
select protect_structure_table('identifier_change');
