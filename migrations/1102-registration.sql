-- 1102-registration.sql: companies waiting for their number are reminded of it at 30 and 75 days.

alter table structure add column registration_reminded_days integer check (registration_reminded_days in (30, 75));
create index structure_without_number on structure (created_at)
  where identifier_type = 'EN_COURS_D_IMMATRICULATION' and state = 'active';
