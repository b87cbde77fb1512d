-- A visit carried from the desktop to a phone by a QR code.
alter table sessions
  -- Hash of the secret of the phone that took the visit over; kept when the visit has gone back.
  add column phone bytea,
  -- The phone answers now, and the desktop waits for its six digits.
  add column phone_holds boolean not null default false,
  -- How often the visit has changed hands: each code is good for one of them.
  add column carries integer not null default 0;
