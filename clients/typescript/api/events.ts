// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** What happened. Ids and states, no account data. */
export type Event = {
  id: string;
  object: 'event';
  type:
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
  created_at: string;
  data: {
    /** Id, kind and state of what it is about; empty once the customer was erased. */
    object: Record<string, unknown>;
  };
};

/** To how many endpoints the event is sent again. */
export type EventResend = {
  object: 'resend';
  event: string;
  webhook_endpoints: number;
};

/** What `listEvents` can be asked. */
export type ListEventsQuery = {
  type?:
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
    | 'webhook.test'
    | undefined;
  customer?: string | undefined;
  consent?: string | undefined;
  connection?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `resendEvent` is sent. */
export type ResendEventBody = {
  webhook_endpoint?: string | undefined;
};
