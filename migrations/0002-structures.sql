-- 0002-structures.sql: structures, their services, their bank accounts.

create table structure (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('public', 'private')),
  identifier_type text not null check (identifier_type in
    ('SIRET', 'UE_HORS_FRANCE', 'HORS_UE', 'RIDET', 'TAHITI', 'PARTICULIER', 'EN_COURS_D_IMMATRICULATION')),
  identifier_value text not null check (identifier_value <> ''),
  legal_name text not null,
  display_name text not null,
  first_name text,
  last_name text,
  vat_number text,
  trade_register text,
  email text,
  email_published boolean not null default false,
  phone text,
  legal_category text,
  company_category text,
  activity_code text,
  address_line text not null default '',
  address_extra1 text not null default '',
  address_extra2 text not null default '',
  postcode text not null default '',
  town text not null default '',
  country text not null default 'FR',
  -- what it does: issues invoices, receives invoices, owns or directs works
  issues_invoices boolean not null default true,
  receives_invoices boolean not null default false,
  works_owner boolean not null default false,
  works_owner_only boolean not null default false,
  works_manager boolean not null default false,
  service_code_required boolean not null default false,
  commitment_required boolean not null default false,
  service_or_commitment_required boolean not null default false,
  payment_status_reported boolean not null default true,
  delegated_validator boolean not null default false,
  open_applications text[] not null default '{}',
  state text not null default 'active' check (state in
    ('draft', 'active', 'deactivationPlanned', 'inactive', 'replaced', 'archived')),
  -- whether the first manager proved to act for it; 'toVerify' can attach nobody
  proof_state text not null default 'notNeeded' check (proof_state in ('notNeeded', 'toVerify', 'proved')),
  registry_check text not null default 'none' check (registry_check in ('none', 'confirmed', 'pending', 'negative')),
  registry_checked_at timestamptz,
  registry_confidential boolean not null default false,
  closed_in_registry_on date,
  requires_second_factor boolean not null default false,
  default_profile text not null default 'utilisateur',
  proved_email_domains text[] not null default '{}',
  listed_in_directory boolean not null default false,
  without_manager boolean not null default false,
  replaces_id bigint references structure,
  replaced_by_id bigint references structure,
  deactivated_at timestamptz,
  deactivation_reason text,
  created_at timestamptz not null default now(),
  created_by bigint references account,
  changed_at timestamptz not null default now(),
  version integer not null default 1,
  constraint structure_identifier_is_unique unique (identifier_type, identifier_value),
  constraint structure_public_has_siret check (kind = 'private' or identifier_type = 'SIRET'),
  constraint structure_works_owner_only check (works_owner or not works_owner_only),
  constraint structure_rules_are_public check
    (kind = 'public' or not (service_code_required or commitment_required or service_or_commitment_required))
);

create table service (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  code text not null check (char_length(code) between 1 and 100),
  label text not null check (char_length(label) between 1 and 255),
  description text not null default '' check (char_length(description) <= 1000),
  starts_at timestamptz not null,
  ends_at timestamptz,
  disabled_at timestamptz,
  deleted_at timestamptz,
  -- FACTURES_PUBLIQUES (SRV-05): neither edited nor deleted
  reserved boolean not null default false,
  commitment_required boolean not null default false,
  payment_status_reported boolean,
  address_line text not null default '',
  postcode text not null default '',
  town text not null default '',
  successor_id bigint references service,
  created_at timestamptz not null default now(),
  created_by bigint references account,
  changed_at timestamptz not null default now(),
  version integer not null default 1,
  constraint service_ends_after_it_starts check (ends_at is null or ends_at > starts_at),
  constraint service_belongs_to_its_structure unique (id, structure_id)
);
create unique index service_code_is_unique on service (structure_id, lower(code)) where deleted_at is null;

create table bank_account (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  name text not null check (char_length(name) between 1 and 80),
  holder text not null check (char_length(holder) between 1 and 140),
  iban text not null check (char_length(iban) between 15 and 34),
  bic text,
  starts_at timestamptz not null,
  ends_at timestamptz,
  state text not null check (state in ('pendingConfirmation', 'active', 'disabled', 'blocked')),
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  created_by bigint references account,
  confirmed_at timestamptz,
  confirmed_by bigint references account,
  changed_at timestamptz not null default now(),
  version integer not null default 1,
  constraint bank_account_ends_after_it_starts check (ends_at is null or ends_at > starts_at)
);
create unique index bank_account_name_is_unique on bank_account (structure_id, lower(name)) where state <> 'disabled';
create unique index bank_account_one_default on bank_account (structure_id) where is_default and state = 'active';
