-- The public keys that receipts were ever signed with: a receipt outlives the key that signed it.
create table receipt_keys (
  kid text primary key, -- RFC 7638 thumbprint
  jwk jsonb not null,
  created_at timestamptz not null
);
