-- 1673-archives.sql: the number of an archived structure is free (organisation 7.6), and only the operator looks for one.

alter table structure drop constraint structure_identifier_is_unique;
create unique index structure_identifier_is_unique on structure (identifier_type, identifier_value)
  where state <> 'archived';
create index structure_archived on structure (changed_at) where state = 'archived';
create index structure_inactive on structure (deactivated_at) where state = 'inactive';

-- the copies of changes that were undone have no need any more of a number that nobody else could have
select set_config('unisson.visibility', 'system', true);
update structure set identifier_value = split_part(identifier_value, '-DEFAIT-', 1)
where state = 'archived' and identifier_value like '%-DEFAIT-%';
