-- 1101-sign-up-proof.sql — ACC-15: the challenge of a sign-up serves once

create table spent_challenge (
  nonce text primary key,
  expires_at timestamptz not null
);
