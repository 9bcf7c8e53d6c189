-- 1302-directory-words.sql: whole words and beginnings of words are found by an index of their own, far faster than
-- closeness, which is left to what is misspelt.

alter table directory_entry
  add column search_words tsvector generated always as (to_tsvector('simple', search_text)) stored;
create index directory_entry_words on directory_entry using gin (search_words);
