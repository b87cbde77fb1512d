// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
/** What can happen. */
export type EventType =
  | 'consent.created'
  | 'consent.authorized'
  | 'consent.reconfirmed'
  | 'consent.unclaimed'
  | 'consent.expiring'
  | 'consent.expired'
  | 'consent.canceled'
  | 'consent.failed'
  | 'session.finished'
  | 'session.abandoned'
  | 'connection.action_required'
  | 'connection.restored'
  | 'connection.disconnected'
  | 'bank_account.created'
  | 'bank_account.updated'
  | 'bank_account.closed'
  | 'bank_account.merge_suggested'
  | 'bank_account.merged'
  | 'bank_account.split'
  | 'transactions.updated'
  | 'sync.completed'
  | 'sync.failed'
  | 'provider.degraded'
  | 'provider.restored'
  | 'customer.erased'
  | 'webhook.test';

/** Kinds of bank accounts. */
export type AccountType = 'checking' | 'savings' | 'credit_card' | 'loan' | 'wallet' | 'investment' | 'other';
