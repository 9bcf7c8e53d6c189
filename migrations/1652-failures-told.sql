-- 1652-failures-told.sql: N-07, when the holder of an account was last told that sign-ins failed

alter table sign_in_throttle add column told_at timestamptz;
