-- 0001-accounts.sql: people, their credentials and their sessions. A right never hangs on an account (ACT-02).

create table account (
  id bigint generated always as identity primary key,
  sign_in_email text not null,
  sign_in_email_canonical text not null,
  contact_email text,
  contact_email_verified_at timestamptz,
  first_name text not null,
  last_name text not null,
  phone text,
  address_lines text[] not null default '{}',
  postcode text,
  town text,
  country text,
  state text not null default 'pending' check (state in ('pending', 'active', 'inactive', 'closed')),
  origin text not null default 'signUp' check (origin in ('signUp', 'invitation', 'operator', 'federation', 'demo')),
  federation_subject text unique,
  password_hash text,
  password_changed_at timestamptz,
  terms_version text,
  terms_accepted_at timestamptz,
  -- what the person asked for at sign-up, carried out at activation: a structure to create or to join
  sign_up_intent jsonb,
  activated_at timestamptz,
  last_sign_in_at timestamptz,
  deactivated_at timestamptz,
  inactivity_noticed_at timestamptz,
  bounced_at timestamptz,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  constraint account_active_has_activation check (state <> 'active' or activated_at is not null)
);

-- ACC-01: one address, one account, whatever its case; held here and not by a prior query
create unique index account_sign_in_email_is_unique on account (sign_in_email_canonical) where state <> 'closed';

create table web_session (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  account_id bigint not null references account on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- last time the person proved who she is in this session (fresh authentication)
  authenticated_at timestamptz not null,
  second_factor_at timestamptz,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  current_structure_id bigint,
  trusted_browser_id bigint,
  ip text,
  user_agent text,
  -- what the next page has to say once (confirmation after a redirect)
  confirmation jsonb
);
create index web_session_account on web_session (account_id) where ended_at is null;

create table trusted_browser (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  account_id bigint not null references account on delete cascade,
  user_agent text,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null
);

create table emailed_token (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  purpose text not null check (purpose in
    ('activation', 'passwordReset', 'signInEmailChange', 'signInEmailChangeObjection', 'contactEmail',
     'reactivation', 'invitation', 'membershipObjection', 'bankAccountObjection', 'download')),
  account_id bigint references account on delete cascade,
  email text not null,
  payload jsonb not null default '{}',
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index emailed_token_account on emailed_token (account_id, purpose);

-- one counter per key: account, trusted browser of an account, or source address
create table sign_in_throttle (
  key text primary key,
  failures integer not null default 0,
  evaluated integer not null default 0,
  window_started_at timestamptz not null,
  blocked_until timestamptz
);

create table second_factor (
  id bigint generated always as identity primary key,
  account_id bigint not null references account on delete cascade,
  kind text not null check (kind in ('totp', 'passkey')),
  name text not null,
  -- totp: the shared secret, encrypted with the deployment's secret
  secret_encrypted bytea,
  last_step bigint,
  credential_id text unique,
  public_key bytea,
  counter bigint,
  transports text[],
  confirmed_at timestamptz,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index second_factor_account on second_factor (account_id);

create table recovery_code (
  id bigint generated always as identity primary key,
  account_id bigint not null references account on delete cascade,
  code_hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index recovery_code_account on recovery_code (account_id);
