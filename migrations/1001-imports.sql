-- 1001-imports.sql: files that create or change many things at once: analysed first, applied on demand.

create table import (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  kind text not null check (kind in ('services')),
  file_name text not null,
  state text not null default 'analysed'
    check (state in ('analysed', 'applying', 'applied', 'failed', 'abandoned')),
  -- 'all': every line or none; 'valid': the good lines
  mode text check (mode in ('all', 'valid')),
  created_at timestamptz not null,
  created_by bigint not null references account,
  created_by_label text not null,
  -- the last step of the job that applies: a run that stands still is taken up again
  moved_at timestamptz not null,
  done_count integer not null default 0,
  failure text,
  constraint import_applies_in_a_mode check (state in ('analysed', 'abandoned') or mode is not null),
  constraint import_belongs_to_its_structure unique (id, structure_id)
);
create index import_of_structure on import (structure_id, id desc);
create index import_under_way on import (moved_at) where state = 'applying';

create table import_line (
  import_id bigint not null,
  structure_id bigint not null,
  -- of the file, as a spreadsheet numbers it; past its end for what the file leaves out
  line_number integer not null,
  cells jsonb not null,
  verdict text not null check (verdict in ('create', 'change', 'close', 'same', 'refused')),
  says text not null,
  outcome text check (outcome in ('done', 'same', 'refused')),
  outcome_says text,
  primary key (import_id, line_number),
  foreign key (import_id, structure_id) references import (id, structure_id)
);
create index import_line_to_do on import_line (import_id, line_number)
  where outcome is null and verdict in ('create', 'change', 'close');
select protect_structure_table('import');
select protect_structure_table('import_line');
