-- 1671-confidential-not-listed.sql — STR-02: a structure whose holder objected to its publication is not in the directory;
-- those that had become so since they chose to be there leave it.

select set_config('unisson.visibility', 'system', true);
update structure set listed_in_directory = false where listed_in_directory and registry_confidential;
alter table structure add constraint structure_listed_is_published
  check (not (listed_in_directory and registry_confidential));
