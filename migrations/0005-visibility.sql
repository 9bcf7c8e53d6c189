-- 0005-visibility.sql: the clock, and row-level security as the second wall (quality 2.7).
-- The context is set inside each transaction; a query without context sees nothing of a structure.

/* The portal's clock: the database's, moved only by tests. */
create function unisson_now() returns timestamptz language sql stable as $$
  select now() + coalesce(nullif(current_setting('unisson.clock_offset_ms', true), '')::double precision, 0) * interval '1 millisecond'
$$;

create function unisson_account() returns bigint language sql stable as $$
  select nullif(current_setting('unisson.account_id', true), '')::bigint
$$;

create function unisson_structures() returns bigint[] language sql stable as $$
  select coalesce(nullif(current_setting('unisson.structure_ids', true), '')::bigint[], '{}')
$$;

create function unisson_is_system() returns boolean language sql stable as $$
  select coalesce(current_setting('unisson.visibility', true), '') = 'system'
$$;

alter table structure enable row level security;
alter table structure force row level security;
create policy structure_read on structure for select using (
  (select unisson_is_system())
  or id = any ((select unisson_structures())::bigint[])
  or ((kind = 'public' or listed_in_directory) and coalesce(current_setting('unisson.visibility', true), '') <> ''));
create policy structure_change on structure for update using (
  (select unisson_is_system()) or id = any ((select unisson_structures())::bigint[]));
create policy structure_create on structure for insert with check ((select unisson_is_system()));

alter table service enable row level security;
alter table service force row level security;
create policy service_read on service for select using (
  (select unisson_is_system())
  or structure_id = any ((select unisson_structures())::bigint[])
  or (coalesce(current_setting('unisson.visibility', true), '') <> ''
      and exists (select from structure s where s.id = structure_id and (s.kind = 'public' or s.listed_in_directory))));
create policy service_change on service for update using (
  (select unisson_is_system()) or structure_id = any ((select unisson_structures())::bigint[]));
create policy service_create on service for insert with check (
  (select unisson_is_system()) or structure_id = any ((select unisson_structures())::bigint[]));

/* The common case: rows of a structure, seen and written by its people only. */
create function protect_structure_table(table_name text) returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', table_name);
  execute format('alter table %I force row level security', table_name);
  execute format(
    'create policy %I on %I using ((select unisson_is_system()) or structure_id = any ((select unisson_structures())::bigint[]))',
    table_name || '_of_structure', table_name);
end $$;

/* Rows that also belong to one person: she sees and answers hers. */
create function protect_personal_structure_table(table_name text) returns void language plpgsql as $$
begin
  perform protect_structure_table(table_name);
  execute format('create policy %I on %I using (account_id = (select unisson_account()))', table_name || '_of_person', table_name);
end $$;

select protect_structure_table('bank_account');
select protect_structure_table('membership_service');
select protect_structure_table('membership_grant');
select protect_structure_table('invitation');
select protect_personal_structure_table('membership');
select protect_personal_structure_table('membership_request');
select protect_personal_structure_table('grant_request');

create policy membership_service_of_person on membership_service for select using (
  exists (select from membership m where m.id = membership_id and m.account_id = (select unisson_account())));
create policy membership_grant_of_person on membership_grant for select using (
  exists (select from membership m where m.id = membership_id and m.account_id = (select unisson_account())));

alter table profile enable row level security;
alter table profile force row level security;
create policy profile_read on profile for select using (
  structure_id is null or (select unisson_is_system()) or structure_id = any ((select unisson_structures())::bigint[]));
create policy profile_change on profile using (
  (select unisson_is_system()) or structure_id = any ((select unisson_structures())::bigint[]));

alter table journal_entry enable row level security;
alter table journal_entry force row level security;
create policy journal_entry_read on journal_entry for select using (
  (select unisson_is_system())
  or structure_id = any ((select unisson_structures())::bigint[])
  or actor_account_id = (select unisson_account()));
create policy journal_entry_add on journal_entry for insert with check (true);

alter table account enable row level security;
alter table account force row level security;
create policy account_read on account for select using (
  (select unisson_is_system())
  or id = (select unisson_account())
  or exists (select from membership m where m.account_id = account.id and m.structure_id = any ((select unisson_structures())::bigint[]))
  or exists (select from membership_request r where r.account_id = account.id and r.structure_id = any ((select unisson_structures())::bigint[])));
create policy account_change on account for update using (
  (select unisson_is_system()) or id = (select unisson_account()));
create policy account_create on account for insert with check ((select unisson_is_system()));
create policy account_remove on account for delete using ((select unisson_is_system()));

alter table notification enable row level security;
alter table notification force row level security;
create policy notification_own on notification using (
  (select unisson_is_system()) or account_id = (select unisson_account()));

alter table notification_preference enable row level security;
alter table notification_preference force row level security;
create policy notification_preference_own on notification_preference using (
  (select unisson_is_system()) or account_id = (select unisson_account()));

-- mails hold links and addresses of everybody: only the outbox touches them
alter table mail enable row level security;
alter table mail force row level security;
create policy mail_of_outbox on mail using ((select unisson_is_system()));

/* Adds a job in the transaction of the act that needs it; the queue itself stays out of the application role's reach. */
create function enqueue_job(task text, payload json, run_at timestamptz, key text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform graphile_worker.add_job(task, payload, run_at => coalesce(run_at, now()), job_key => key);
end $$;
