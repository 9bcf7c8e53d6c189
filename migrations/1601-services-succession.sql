-- 1601-services-succession.sql: services replaced by another at a date (fusionner, remplacer), with what it takes to undo it.

-- a successor is of the same structure, and another service
alter table service
  add constraint service_successor_of_its_structure foreign key (successor_id, structure_id) references service (id, structure_id);
alter table service add constraint service_is_not_its_successor check (successor_id <> id);
create index service_succeeded on service (successor_id) where successor_id is not null;

create table succession (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  successor_id bigint not null,
  takes_effect_at timestamptz not null,
  -- cancelled: given up before its date; undone: taken back after it
  state text not null default 'planned' check (state in ('planned', 'done', 'cancelled', 'undone')),
  decided_at timestamptz not null,
  decided_by bigint not null references account,
  decided_by_label text not null,
  done_at timestamptz,
  given_up_at timestamptz,
  given_up_by_label text,
  -- sentences: what an undoing left as it was, because somebody had changed it
  left_as_is text[] not null default '{}',
  constraint succession_belongs_to_its_structure unique (id, structure_id),
  constraint succession_done_is_dated check ((done_at is not null) = (state in ('done', 'undone'))),
  constraint succession_given_up_is_dated check ((given_up_at is not null) = (state in ('cancelled', 'undone'))),
  foreign key (successor_id, structure_id) references service (id, structure_id)
);
create index succession_due on succession (takes_effect_at) where state = 'planned';
create index succession_of_structure on succession (structure_id);

-- the services that end
create table succession_service (
  succession_id bigint not null,
  structure_id bigint not null,
  service_id bigint not null,
  -- the end that was planned before, given back by an undoing
  ended_at_before timestamptz,
  primary key (succession_id, service_id),
  foreign key (succession_id, structure_id) references succession (id, structure_id),
  foreign key (service_id, structure_id) references service (id, structure_id)
);
create index succession_service_of_service on succession_service (service_id);

-- what followed, person by person: written when it is done
create table succession_member (
  succession_id bigint not null,
  structure_id bigint not null,
  membership_id bigint not null,
  -- whether the successor was added to the services of the attachment
  joined boolean not null,
  -- rights on the services that end: [{"application", "level", "serviceId"}]
  held jsonb not null,
  -- rights given on the successor: [{"application", "level", "before"}], where before is the right it raised, or null
  given jsonb not null,
  -- rights that who decided does not hold, and that were not given (RIG-05, RIG-06)
  left_out jsonb not null,
  primary key (succession_id, membership_id),
  foreign key (succession_id, structure_id) references succession (id, structure_id),
  foreign key (membership_id, structure_id) references membership (id, structure_id)
);
select protect_structure_table('succession');
select protect_structure_table('succession_service');
select protect_structure_table('succession_member');

-- who calls is read with what is due in her structures
grant select (structure_id, state, takes_effect_at) on succession to unisson_door;
create policy succession_at_the_door on succession for select to unisson_door using (true);
