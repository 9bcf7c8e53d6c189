-- 1621-large-imports.sql: the operator's files may hold the whole directory: their lines are kept unjudged, then judged by
-- a job. The portal itself imports them each night when it is told of a folder.

alter table import drop constraint import_state_check;
alter table import add constraint import_state_check
  check (state in ('analysing', 'analysed', 'applying', 'applied', 'failed', 'abandoned'));
alter table import drop constraint import_applies_in_a_mode;
alter table import add constraint import_applies_in_a_mode
  check (state in ('analysing', 'analysed', 'abandoned') or mode is not null);
-- null: the portal's own
alter table import alter column created_by drop not null;
alter table import add constraint import_of_a_structure_has_an_author
  check (created_by is not null or structure_id is null);
alter table import add column line_count integer;
alter table import_line alter column verdict drop not null;
alter table import_line alter column says drop not null;
drop index import_under_way;
create index import_under_way on import (moved_at) where state in ('analysing', 'applying');
