-- 0502-directory-entries.sql: the directory as a table of its own, of public facts only.
-- Under row-level security PostgreSQL cannot use a trigram index (its operators are not leakproof) and read every row.

create table directory_entry (
  structure_id bigint primary key references structure on delete cascade,
  display_name text not null,
  identifier_value text not null,
  postcode text not null,
  town text not null,
  search_text text not null
);
create index directory_entry_search on directory_entry using gin (search_text gin_trgm_ops);
create index directory_entry_identifier on directory_entry (identifier_value text_pattern_ops);

/* Keeps the entry of a structure: there while the structure is active and public (or has chosen to be listed). */
create function keep_directory_entry() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.state = 'active' and (new.kind = 'public' or new.listed_in_directory) then
    insert into directory_entry values (new.id, new.display_name, new.identifier_value, new.postcode, new.town,
      directory_text(new.display_name || ' ' || new.town))
    on conflict (structure_id) do update set display_name = excluded.display_name,
      identifier_value = excluded.identifier_value, postcode = excluded.postcode, town = excluded.town,
      search_text = excluded.search_text;
  else
    delete from directory_entry where structure_id = new.id;
  end if;
  return null;
end $$;

create trigger structure_keeps_directory_entry
  after insert or update of display_name, town, postcode, state, kind, listed_in_directory, identifier_value on structure
  for each row execute function keep_directory_entry();

insert into directory_entry
  select id, display_name, identifier_value, postcode, town, directory_text(display_name || ' ' || town)
  from structure where state = 'active' and (kind = 'public' or listed_in_directory);

drop index structure_directory_text;
