-- 1102-federation.sql — SIG-07: identities of a provider (OpenID Connect) linked to accounts; the subject is the key

alter table account drop column federation_subject;

create table federated_identity (
  id bigint generated always as identity primary key,
  account_id bigint not null references account on delete cascade,
  issuer text not null,
  subject text not null,
  -- as the provider wrote it when the identity was linked: shown to the person, never a key
  email text,
  linked_at timestamptz not null,
  last_used_at timestamptz,
  constraint federated_identity_is_unique unique (issuer, subject),
  constraint federated_identity_one_an_account unique (account_id, issuer)
);
alter table federated_identity enable row level security;
alter table federated_identity force row level security;
create policy federated_identity_of_person on federated_identity
  using ((select unisson_is_system()) or account_id = (select unisson_account()));

-- a person sent to the provider and not back yet; her return takes it for good
create table federation_attempt (
  state_hash bytea primary key,
  browser_hash bytea not null,
  nonce text not null,
  code_verifier text not null,
  -- who links an identity to her account; null: somebody who signs in
  account_id bigint references account on delete cascade,
  next_path text not null,
  expires_at timestamptz not null
);

-- what tells the provider which of its sessions ends, when the portal's does
create table federated_session (
  session_id bigint primary key references web_session on delete cascade,
  id_token text not null
);
