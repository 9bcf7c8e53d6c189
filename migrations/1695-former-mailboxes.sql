-- 1695-former-mailboxes.sql: what tells that a mailbox was already borne by somebody a structure has known (MEM-20).

/*
 * Whoever was refused, suspended or detached is approved by no proved domain: not from a new account either, once she has
 * left this address or closed the account that bore it. A digest, so that it reads no address.
 */
create table former_mailbox (
  structure_id bigint not null references structure on delete cascade,
  digest bytea not null,
  left_at timestamptz not null,
  primary key (structure_id, digest)
);
select protect_structure_table('former_mailbox');
create index former_mailbox_left on former_mailbox (left_at);
