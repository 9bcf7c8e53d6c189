-- 1301-news.sql: news of the portal, written by its operator, read by everybody.

create table news (
  id bigint generated always as identity primary key,
  title text not null check (title <> ''),
  body text not null check (body <> ''),
  published_at timestamptz not null,
  changed_at timestamptz not null,
  -- null: shown
  withdrawn_at timestamptz,
  written_by bigint not null references account
);
create index news_shown on news (published_at desc, id desc) where withdrawn_at is null;

alter table news enable row level security;
alter table news force row level security;
create policy news_shown_to_all on news for select using (withdrawn_at is null or (select unisson_is_system()));
create policy news_of_operator on news for all using ((select unisson_is_system()));
