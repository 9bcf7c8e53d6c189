-- 1651-reminders.sql: what the clock said last of a proposal without answer, and of managers who are gone

-- § 13.2: the person is reminded once, before the proposal expires
alter table manager_proposal add column reminded_at timestamptz;

-- MGR-08: when the people of a structure were last told that its managers do not answer
alter table structure add column managers_unreachable_at timestamptz;
