/** Every type of event and when it happens. `docs/reference/events.md` explains each; a test holds both together. */
export const EVENT_TYPES = {
  'consent.created': 'A consent was made, by the API or by a visit to the hosted page.',
  'consent.authorized': 'The person granted access and the bank agreed: accounts can be read.',
  'consent.reconfirmed': 'The person confirmed once more that reading may go on.',
  'consent.unclaimed': 'A finished consent was not claimed for fifteen minutes.',
  'consent.expiring': 'A consent ends, or waits for a reconfirmation, in 30, 14, 7 or 1 days.',
  'consent.expired': 'A consent reached its end, or a newer one replaced it.',
  'consent.canceled': 'A consent was refused or revoked, or was never finished.',
  'consent.failed': 'A consent could not be finished.',
  'session.finished': 'A visit to the hosted page came to its end.',
  'session.abandoned': 'A visit was left unfinished for too long.',
  'connection.action_required': 'Reading stopped until the person, the app or the operator does something.',
  'connection.restored': 'A connection that needed somebody works again.',
  'connection.disconnected': 'A connection ended; what was read stays readable.',
  'bank_account.created': 'An account was read for the first time.',
  'bank_account.updated': 'Something the bank says about an account changed.',
  'bank_account.closed': 'The bank no longer keeps an account.',
  'bank_account.merge_suggested': 'An account that is new may be one that is known.',
  'bank_account.merged': 'Two accounts were found to be one.',
  'bank_account.split': 'Two accounts that were merged are two again.',
  'transactions.updated': 'Transactions of an account were added, changed or removed.',
  'sync.completed': 'A synchronization came to its end.',
  'sync.failed': 'A synchronization could not go on.',
  'provider.degraded': 'A bank answers badly.',
  'provider.restored': 'A bank answers well again.',
  'customer.erased': "A customer's data was destroyed.",
  'webhook.test': 'You asked for an event to try a webhook endpoint with.',
} as const satisfies Record<string, string>;

/** One of the types of event. */
export type EventType = keyof typeof EVENT_TYPES;

/** True for one of ours. */
export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENT_TYPES, text);
}
