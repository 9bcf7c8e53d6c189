-- 1641-inactivity.sql: an account that nobody uses is told twice before it closes (ACC-11)

alter table account add column inactivity_last_noticed_at timestamptz;
create index account_unused on account (coalesce(last_sign_in_at, activated_at)) where state in ('active', 'inactive');
