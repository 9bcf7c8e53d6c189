-- 1103-import-of-attachments.sql: attachments may be imported too.

alter table import drop constraint import_kind_check;
alter table import add constraint import_kind_check check (kind in ('services', 'memberships'));
