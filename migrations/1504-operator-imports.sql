-- 1504-operator-imports.sql: the operator imports public structures and their services; such an import belongs to no
-- structure, and is seen by no member of one.

alter table import alter column structure_id drop not null;
alter table import_line alter column structure_id drop not null;
alter table import drop constraint import_kind_check;
alter table import add constraint import_kind_check
  check (kind in ('services', 'memberships', 'directoryStructures', 'directoryServices'));
alter table import add constraint import_of_the_operator_has_no_structure
  check ((structure_id is null) = (kind in ('directoryStructures', 'directoryServices')));
-- the key of two columns holds nothing when the structure is missing
alter table import_line add constraint import_line_of_an_import foreign key (import_id) references import (id);
create index import_of_the_operator on import (kind, id desc) where structure_id is null;
