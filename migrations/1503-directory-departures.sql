-- 1503-directory-departures.sql — DIR-03: a closed structure leaves the directory's files 24 months after its closure,
-- which until now only the journal dated.

select set_config('unisson.visibility', 'system', true);

update structure s set deactivated_at = coalesce(
  (select max(j.at) from journal_entry j where j.structure_id = s.id and j.type = 'StructureDeactivated'),
  s.changed_at)
where s.state in ('inactive', 'replaced', 'archived') and s.deactivated_at is null;
