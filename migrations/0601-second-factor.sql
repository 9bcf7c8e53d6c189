-- 0601-second-factor.sql: one authenticator application an account, and each person's factors seen by her alone.

create unique index second_factor_one_application on second_factor (account_id)
  where kind = 'totp' and confirmed_at is not null;
create index trusted_browser_account on trusted_browser (account_id);

do $$
declare
  table_name text;
begin
  foreach table_name in array array['second_factor', 'recovery_code', 'trusted_browser'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format(
      'create policy %I on %I using ((select unisson_is_system()) or account_id = (select unisson_account()))',
      table_name || '_of_person', table_name);
  end loop;
end $$;
