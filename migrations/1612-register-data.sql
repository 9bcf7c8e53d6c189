-- 1612-register-data.sql: when the name and address of a structure were last taken from the national register, which then
-- holds them; the size of its company; the register asked again about each structure once a quarter.

alter table structure add column register_data_at timestamptz;
alter table structure add constraint structure_listed_is_nobody_in_particular
  check (not listed_in_directory or identifier_type <> 'PARTICULIER');
alter table register_company add column category text not null default '';
create index structure_register_to_refresh on structure (registry_checked_at)
  where identifier_type = 'SIRET' and state = 'active' and registry_check <> 'none';

select set_config('unisson.visibility', 'system', true);
-- what was typed by hand stays in the hands of its managers: only what still is what the register says is held by it
update structure s set register_data_at = s.registry_checked_at
from register_establishment e left join register_company c on c.siren = left(e.siret, 9)
where s.identifier_type = 'SIRET' and s.identifier_value = e.siret and s.registry_check = 'confirmed'
  and not e.is_confidential and s.address_line = e.address_line
  and s.legal_name = coalesce(nullif(c.name, ''), e.trade_name);
update structure s set registry_confidential = true
from register_establishment e
where s.identifier_type = 'SIRET' and s.identifier_value = e.siret and e.is_confidential;
