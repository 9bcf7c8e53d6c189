-- 1690-email-domains.sql: the e-mail domains that a structure proves to be its own, and what bearing one of them gives (MEM-20).

/* Several structures may prove the same domain: a group has one messaging for all. */
create table email_domain (
  id bigint generated always as identity primary key,
  structure_id bigint not null references structure on delete cascade,
  -- in ASCII and lower case, as addresses bear it
  domain text not null check (domain ~ '^[a-z0-9.-]{3,253}$'),
  -- published in the DNS by whoever holds the domain: no secret, but of this structure alone
  dns_token text not null,
  added_at timestamptz not null,
  proved_at timestamptz,
  proved_by text check (proved_by in ('code', 'dns')),
  constraint email_domain_says_how_it_is_proved check ((proved_at is null) = (proved_by is null)),
  constraint email_domain_is_unique unique (structure_id, domain)
);
select protect_structure_table('email_domain');

/* What a request gets when its author's address is of a proved domain; no row: it waits for a manager like any other. */
create table domain_approval (
  structure_id bigint primary key references structure on delete cascade,
  scope text not null check (scope in ('structure', 'service')),
  service_ids bigint[] not null default '{}',
  constraint domain_approval_names_its_services check ((scope = 'service') = (cardinality(service_ids) > 0))
);
select protect_structure_table('domain_approval');

-- a code proves who acts for a structure, or, with a domain, that this domain is its own
alter table proof_code add column domain text;
drop index proof_code_of_structure;
create index proof_code_of_structure on proof_code (structure_id, domain, id desc);
create index proof_code_about_domains on proof_code (sent_at) where domain is not null;
