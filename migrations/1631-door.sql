-- 1631-door.sql: who calls is read, at each request, by a role that may read that and change nothing (quality 2.7).
-- Its policies ask nothing of the transaction, so that the reading is one statement without a context to set before it.

grant usage on schema public to unisson_door;
grant select on web_session, notification, membership, membership_service, membership_grant, structure, service
  to unisson_door;
grant select (id, state, sign_in_email, first_name, last_name) on account to unisson_door;
grant select (id, account_id, confirmed_at) on second_factor to unisson_door;

do $$
declare
  table_name text;
begin
  foreach table_name in array array['account', 'second_factor', 'notification', 'membership', 'membership_service',
                                    'membership_grant', 'structure', 'service'] loop
    execute format('create policy %I on %I for select to unisson_door using (true)', table_name || '_at_the_door', table_name);
  end loop;
end $$;
