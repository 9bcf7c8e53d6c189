-- 0004-journal-and-mail.sql: the journal (append-only, one hash chain per structure), the outbox of mails, the bell.

-- Chain 0 holds what belongs to no structure (accounts, the portal itself).
create table journal_chain (
  chain_id bigint primary key,
  seq bigint not null,
  hash bytea not null
);

create table journal_entry (
  chain_id bigint not null,
  seq bigint not null,
  at timestamptz not null,
  type text not null,
  structure_id bigint,
  actor_account_id bigint,
  actor_label text not null,
  on_behalf_of text,
  means text not null check (means in ('page', 'api', 'import', 'job', 'operator', 'system')),
  ip text,
  object_kind text not null,
  object_id bigint,
  object_label text not null,
  sentence text not null,
  before jsonb,
  after jsonb,
  reason text,
  correlation_id text,
  hash bytea not null,
  primary key (chain_id, seq)
);
create index journal_entry_actor on journal_entry (actor_account_id, at desc);
create index journal_entry_object on journal_entry (object_kind, object_id, at desc);
create index journal_entry_time on journal_entry (chain_id, at desc);

create table journal_seal (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  chains bigint not null,
  entries bigint not null,
  root bytea not null,
  previous_root bytea,
  heads jsonb not null
);

/* The text that is hashed: every column of an entry, each preceded by its length, so that no two entries share a text.
   src/modules/audit/domain/canonical-entry.ts builds the same text when it verifies. */
create function journal_canonical(e journal_entry) returns text language sql immutable as $$
  select string_agg(coalesce(char_length(part) || ':' || part, '-'), '|' order by position)
  from unnest(array[
    e.chain_id::text, e.seq::text, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.type,
    e.structure_id::text, e.actor_account_id::text, e.actor_label, e.on_behalf_of, e.means, e.ip,
    e.object_kind, e.object_id::text, e.object_label, e.sentence, e.before::text, e.after::text, e.reason, e.correlation_id
  ]) with ordinality as parts (part, position)
$$;

create function journal_append(
  in_at timestamptz, in_type text, in_structure_id bigint, in_actor_account_id bigint, in_actor_label text,
  in_on_behalf_of text, in_means text, in_ip text, in_object_kind text, in_object_id bigint, in_object_label text,
  in_sentence text, in_before jsonb, in_after jsonb, in_reason text, in_correlation_id text
) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
  head journal_chain;
  entry journal_entry;
begin
  insert into journal_chain (chain_id, seq, hash) values (coalesce(in_structure_id, 0), 0, '\x') on conflict do nothing;
  select * into head from journal_chain where chain_id = coalesce(in_structure_id, 0) for update;
  entry.chain_id := head.chain_id;
  entry.seq := head.seq + 1;
  entry.at := in_at;
  entry.type := in_type;
  entry.structure_id := in_structure_id;
  entry.actor_account_id := in_actor_account_id;
  entry.actor_label := in_actor_label;
  entry.on_behalf_of := in_on_behalf_of;
  entry.means := in_means;
  entry.ip := in_ip;
  entry.object_kind := in_object_kind;
  entry.object_id := in_object_id;
  entry.object_label := in_object_label;
  entry.sentence := in_sentence;
  entry.before := in_before;
  entry.after := in_after;
  entry.reason := in_reason;
  entry.correlation_id := in_correlation_id;
  entry.hash := sha256(head.hash || convert_to(journal_canonical(entry), 'UTF8'));
  insert into journal_entry select entry.*;
  update journal_chain set seq = entry.seq, hash = entry.hash where chain_id = head.chain_id;
  return entry.seq;
end $$;

create function journal_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only';
end $$;
create trigger journal_entry_is_append_only before update or delete or truncate on journal_entry
  for each statement execute function journal_is_append_only();

create table mail (
  id bigint generated always as identity primary key,
  -- stable on every try, so that a receiver can tell a duplicate
  message_id text not null unique,
  -- one mail for one event and one recipient (NOT-01)
  once_key text not null unique,
  name text not null,
  family text not null,
  structure_id bigint,
  recipient_account_id bigint references account on delete set null,
  to_address text not null,
  to_name text not null default '',
  subject text not null,
  html text,
  text text,
  state text not null default 'queued' check (state in ('queued', 'sent', 'parked')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index mail_queued on mail (next_attempt_at) where state = 'queued';
create index mail_to on mail (to_address, created_at desc);

create table notification (
  id bigint generated always as identity primary key,
  once_key text not null unique,
  account_id bigint not null references account on delete cascade,
  structure_id bigint references structure,
  family text not null,
  title text not null,
  path text not null,
  -- when the mail of this news is due: with the event, folded in a digest, or never
  rhythm text not null check (rhythm in ('now', 'daily', 'weekly', 'off')),
  digested_at timestamptz,
  created_at timestamptz not null,
  read_at timestamptz
);
create index notification_account on notification (account_id, created_at desc);
create index notification_to_digest on notification (rhythm, account_id) where digested_at is null and rhythm in ('daily', 'weekly');

create table notification_preference (
  account_id bigint not null references account on delete cascade,
  -- 0: what belongs to no structure
  structure_id bigint not null default 0,
  family text not null,
  rhythm text not null check (rhythm in ('now', 'daily', 'weekly', 'off')),
  primary key (account_id, structure_id, family)
);
