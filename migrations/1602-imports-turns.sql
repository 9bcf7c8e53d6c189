-- 1602-imports-turns.sql: lines of an import that need what others of the file create are done after them.

alter table import_line add column turn integer not null default 0;
drop index import_line_to_do;
create index import_line_to_do on import_line (import_id, turn, line_number)
  where outcome is null and verdict in ('create', 'change', 'close');
