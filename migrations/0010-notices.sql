-- Consents announce their end, and in the UK the day by which the person must reconfirm.
alter table consents add column notice_at timestamptz; -- when the next of these is due
update consents set notice_at = updated_at where status = 'authorized';
create index on consents (notice_at) where status = 'authorized' and notice_at is not null;
