-- 1202-proof-by-code.sql: the official address of a public structure, and the codes sent there to prove who acts for it.

/* Known from the operator, never from whoever claims to act for the structure: her rows are out of her reach. */
create table official_contact (
  structure_id bigint primary key references structure on delete cascade,
  address text not null,
  kept_at timestamptz not null
);

create table proof_code (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure on delete cascade,
  code_hash bytea not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0
);
create index proof_code_of_structure on proof_code (structure_id, id desc);

do $$
declare table_name text;
begin
  foreach table_name in array array['official_contact', 'proof_code'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy %I on %I using ((select unisson_is_system()))', table_name || '_of_portal', table_name);
  end loop;
end $$;
