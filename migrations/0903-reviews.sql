-- 0903-reviews.sql: reviews of all the attachments of a structure: keep, narrow or end each before a date (MEM-19).

alter table structure add column yearly_review boolean not null default false;

create table review (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  state text not null default 'open' check (state in ('open', 'closed', 'stopped')),
  started_at timestamptz not null,
  -- null: started by the yearly setting
  started_by bigint references account,
  due_at timestamptz not null,
  reminded_at timestamptz,
  closed_at timestamptz,
  suspended_count integer not null default 0,
  constraint review_leaves_time check (due_at > started_at),
  constraint review_belongs_to_its_structure unique (id, structure_id)
);
-- one review at a time in a structure
create unique index review_is_unique on review (structure_id) where state = 'open';
create index review_due on review (due_at) where state = 'open';

create table review_item (
  review_id bigint not null,
  structure_id bigint not null,
  membership_id bigint not null,
  answer text check (answer in ('keep', 'narrow', 'end')),
  answered_at timestamptz,
  answered_by bigint references account,
  primary key (review_id, membership_id),
  foreign key (review_id, structure_id) references review (id, structure_id),
  foreign key (membership_id, structure_id) references membership (id, structure_id),
  constraint review_item_answer_is_dated check ((answer is null) = (answered_at is null))
);
select protect_structure_table('review');
select protect_structure_table('review_item');
