-- 1502-service-notices.sql: what was last told of a service's dates (N-28): that it starts, ends soon, has ended.

alter table service add column told text check (told in ('started', 'endsIn30', 'endsIn7', 'endsIn1', 'ended'));
create index service_to_tell on service (ends_at) where ends_at is not null and disabled_at is null and deleted_at is null;
