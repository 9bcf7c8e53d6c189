-- 0501-directory-search.sql: the directory finds names and towns whatever their accents and small typing errors.

/* unaccent() is only stable because its dictionary may be changed; ours is fixed, so the text can be indexed. */
create function directory_text(text) returns text language sql immutable parallel safe as $$
  select lower(public.unaccent('public.unaccent'::regdictionary, $1))
$$;

create index structure_directory_text on structure using gin (directory_text(display_name || ' ' || town) gin_trgm_ops)
  where (kind = 'public' or listed_in_directory) and state = 'active';
create index structure_identifier_prefix on structure (identifier_value text_pattern_ops);
create index service_code_lower on service (lower(code)) where deleted_at is null;
