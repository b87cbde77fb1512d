-- Mail to account holders: only where the operator gave a mail server and the app turned it on.
create table mails (
  tenant int not null,
  consent text not null,
  kind text not null check (kind in ('confirmed', 'expiring', 'reconfirm', 'ended')),
  about timestamptz not null, -- the moment it tells of, so that the same is not told twice
  sent_at timestamptz not null,
  primary key (tenant, consent, kind, about)
);

-- Who wants none of an app's, or (tenant 0) no mailed links of this server's.
create table mail_refusals (
  tenant int not null,
  address bytea not null, -- HMAC of the address: whoever refused mail is not kept by name
  created_at timestamptz not null,
  primary key (tenant, address)
);

-- Mailed links to the page that shows what a person's address has allowed. They last for a day.
create table control_links (
  hash bytea primary key, -- SHA-256 of the link's token
  email text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index on control_links (email, created_at);
create index on control_links (expires_at);
create index on customers (lower(email)) where email is not null;
