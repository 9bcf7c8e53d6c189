-- 1101-register.sql: the national register of companies (INSEE, Sirene), as its public files give it. Public facts: no
-- row belongs to anybody. Filled by `npm run import:sirene`, read one identifier at a time.

create table register_company (
  siren text primary key check (siren ~ '^[0-9]{9}$'),
  name text not null,
  legal_category text not null
);

create table register_establishment (
  siret text primary key check (siret ~ '^[0-9]{14}$'),
  -- a shop's own name, when it has one
  trade_name text not null,
  address_line text not null,
  address_extra text not null,
  postcode text not null,
  town text not null,
  activity_code text not null,
  is_open boolean not null,
  -- since when it is in that state
  since date,
  -- its holder objected to the publication of name and address
  is_confidential boolean not null
);

-- an import cut short goes on where it stopped
create table register_import (
  file_key text primary key,
  kind text not null check (kind in ('establishments', 'companies')),
  lines_done bigint not null default 0,
  finished_at timestamptz
);

create index structure_register_to_check on structure (id) where registry_check = 'pending';
