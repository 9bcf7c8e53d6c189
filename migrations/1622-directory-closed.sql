-- 1622-directory-closed.sql: a public structure that is closed or replaced stays in the directory, said so: it is found when
-- one asks for it. A closed private one is not.

alter table directory_entry add column is_open boolean not null default true;

create or replace function keep_directory_entry() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.state = 'active' and (new.kind = 'public' or new.listed_in_directory)
    or new.kind = 'public' and new.state in ('inactive', 'replaced') then
    insert into directory_entry (structure_id, display_name, identifier_value, postcode, town, search_text, is_open)
      values (new.id, new.display_name, new.identifier_value, new.postcode, new.town,
        directory_text(new.display_name || ' ' || new.town), new.state = 'active')
    on conflict (structure_id) do update set display_name = excluded.display_name,
      identifier_value = excluded.identifier_value, postcode = excluded.postcode, town = excluded.town,
      search_text = excluded.search_text, is_open = excluded.is_open;
  else
    delete from directory_entry where structure_id = new.id;
  end if;
  return null;
end $$;

select set_config('unisson.visibility', 'system', true);

insert into directory_entry (structure_id, display_name, identifier_value, postcode, town, search_text, is_open)
  select id, display_name, identifier_value, postcode, town, directory_text(display_name || ' ' || town), false
  from structure where kind = 'public' and state in ('inactive', 'replaced')
  on conflict (structure_id) do nothing;
