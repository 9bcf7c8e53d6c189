-- 0003-memberships.sql: who works where (rattachements), what each may do (habilitations), what is asked and offered.

create table profile (
  id bigint generated always as identity primary key,
  -- null: a ready-made set of the portal
  structure_id bigint references structure,
  code text not null,
  name text not null,
  description text not null default '',
  -- [{"application": "issuedInvoices", "level": "write"}, …]
  lines jsonb not null,
  archived_at timestamptz,
  created_by bigint references account,
  created_at timestamptz not null default now(),
  version integer not null default 1
);
create unique index profile_code_is_unique on profile (structure_id, code) nulls not distinct where archived_at is null;

create table membership (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  structure_id bigint not null references structure,
  role text not null check (role in ('mainManager', 'member')),
  scope text not null check (scope in ('structure', 'service')),
  state text not null check (state in ('active', 'suspended', 'ended')),
  starts_at timestamptz not null,
  ends_at timestamptz,
  comment text not null default '',
  origin text not null check (origin in
    ('creation', 'request', 'attach', 'invitation', 'import', 'claim', 'federation', 'copy', 'demo')),
  profile_id bigint references profile,
  attached_by bigint references account,
  suspended_at timestamptz,
  suspension_reason text,
  ended_at timestamptz,
  end_reason text,
  expiry_warned_days integer,
  reviewed_at timestamptz,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  version integer not null default 1,
  constraint membership_ends_after_it_starts check (ends_at is null or ends_at > starts_at),
  -- MGR-05: a main manager is attached to the whole structure, without end
  constraint membership_manager_is_whole check (role = 'member' or (scope = 'structure' and ends_at is null)),
  constraint membership_belongs_to_its_structure unique (id, structure_id)
);
-- MEM-15: one living attachment for one person in one structure
create unique index membership_is_unique on membership (account_id, structure_id) where state <> 'ended';
create index membership_structure on membership (structure_id, state);

create table membership_service (
  membership_id bigint not null,
  service_id bigint not null,
  structure_id bigint not null,
  primary key (membership_id, service_id),
  foreign key (membership_id, structure_id) references membership (id, structure_id) on delete cascade,
  foreign key (service_id, structure_id) references service (id, structure_id)
);
create index membership_service_service on membership_service (service_id);

create table membership_grant (
  id bigint generated always as identity primary key,
  membership_id bigint not null,
  structure_id bigint not null,
  application text not null,
  level text not null check (level in ('read', 'write')),
  service_id bigint,
  starts_at timestamptz,
  ends_at timestamptz,
  profile_id bigint references profile,
  granted_by bigint references account,
  granted_at timestamptz not null,
  constraint membership_grant_is_unique unique nulls not distinct (membership_id, application, service_id),
  foreign key (membership_id, structure_id) references membership (id, structure_id) on delete cascade,
  foreign key (service_id, structure_id) references service (id, structure_id)
);

create table membership_request (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  structure_id bigint not null references structure,
  scope text not null check (scope in ('structure', 'service')),
  service_ids bigint[] not null default '{}',
  wishes text[] not null default '{}',
  message text not null default '' check (char_length(message) <= 500),
  state text not null default 'pending' check (state in ('pending', 'approved', 'refused', 'withdrawn', 'expired')),
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by bigint references account,
  refusal_reason text,
  refusal_text text not null default '',
  reminded_at timestamptz,
  requester_reminded_at timestamptz,
  digested_at timestamptz,
  version integer not null default 1
);
create unique index membership_request_is_unique on membership_request (account_id, structure_id) where state = 'pending';
create index membership_request_structure on membership_request (structure_id, state);

create table grant_request (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  structure_id bigint not null references structure,
  membership_id bigint not null references membership,
  application text not null,
  level text not null check (level in ('read', 'write')),
  service_ids bigint[] not null default '{}',
  message text not null default '' check (char_length(message) <= 500),
  state text not null default 'pending' check (state in ('pending', 'approved', 'refused', 'withdrawn', 'expired')),
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by bigint references account,
  refusal_reason text,
  version integer not null default 1
);
create unique index grant_request_is_unique on grant_request (membership_id, application) where state = 'pending';

create table invitation (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure,
  email text not null,
  email_canonical text not null,
  first_name text not null default '',
  last_name text not null default '',
  role text not null default 'member' check (role in ('mainManager', 'member')),
  scope text not null check (scope in ('structure', 'service')),
  service_ids bigint[] not null default '{}',
  profile_id bigint references profile,
  -- [{"application", "level", "serviceId"}]: what the inviter gives, checked against what she holds when sent and when accepted
  grants jsonb not null default '[]',
  starts_at timestamptz,
  ends_at timestamptz,
  message text not null default '',
  state text not null default 'pending' check (state in ('pending', 'accepted', 'declined', 'revoked', 'expired')),
  invited_by bigint references account,
  invited_at timestamptz not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  accepted_by bigint references account,
  version integer not null default 1
);
create unique index invitation_is_unique on invitation (structure_id, email_canonical) where state = 'pending';
create index invitation_email on invitation (email_canonical) where state = 'pending';
