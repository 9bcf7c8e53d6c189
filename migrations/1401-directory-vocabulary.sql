-- 1401-directory-vocabulary.sql: the distinct words of the directory, a hundred times fewer than its entries: a misspelt
-- word is looked for among them, then the entries by the words it may stand for.

create table directory_word (word text primary key);
create index directory_word_closeness on directory_word using gin (word gin_trgm_ops);
create index directory_word_beginning on directory_word (word text_pattern_ops);
grant select on directory_word to unisson_app;

/* Learns the words of an entry. A word that no entry has any more stays: it leads to nothing. */
create function learn_directory_words() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into directory_word select unnest(tsvector_to_array(new.search_words)) on conflict do nothing;
  return null;
end $$;

create trigger directory_entry_teaches_words after insert or update of search_text on directory_entry
  for each row execute function learn_directory_words();

insert into directory_word select distinct unnest(tsvector_to_array(search_words)) from directory_entry;
