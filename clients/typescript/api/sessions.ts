// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** A session as it is answered when it is opened. */
export type OpenedSession = {
  id: string;
  object: 'connect_user_session' | 'management_session' | 'synchronization_session';
  kind: 'connect' | 'management' | 'synchronization';
  status: 'open' | 'finished' | 'canceled' | 'failed' | 'expired';
  /** Send the person here. Works while the session is open. */
  url: string | null;
  customer: string;
  /** The consent this visit is about now. */
  consent: string | null;
  /** All it made. */
  consents: string[];
  connection: string | null;
  provider: string | null;
  return_url: string | null;
  locale: string | null;
  template: string | null;
  recurring: boolean;
  store_secrets: boolean;
  /** The screen it stands at: `intro`, `bank`, `agree`, `step`, `grant`, `ended` and so on. */
  at: string;
  /** What happened in it, dated. */
  phases: {
    at: string;
    phase: string;
  }[];
  error: 'access_denied' | 'failed' | 'expired' | null;
  /** See /docs/error-codes. */
  error_code: string | null;
  /** When the person's browser was there last. */
  seen_at: string | null;
  expires_at: string;
  created_at: string;
  finished_at: string | null;
  /** Reads how far this visit has come, and nothing else: give it to `connect.js` in the browser. */
  events_token: string;
  /** `false`: the customer with this reference was there already. */
  customer_created: boolean;
};

/** One visit to the hosted page. Readable after the browser is gone. */
export type Session = {
  id: string;
  object: 'connect_user_session' | 'management_session' | 'synchronization_session';
  kind: 'connect' | 'management' | 'synchronization';
  status: 'open' | 'finished' | 'canceled' | 'failed' | 'expired';
  /** Send the person here. Works while the session is open. */
  url: string | null;
  customer: string;
  /** The consent this visit is about now. */
  consent: string | null;
  /** All it made. */
  consents: string[];
  connection: string | null;
  provider: string | null;
  return_url: string | null;
  locale: string | null;
  template: string | null;
  recurring: boolean;
  store_secrets: boolean;
  /** The screen it stands at: `intro`, `bank`, `agree`, `step`, `grant`, `ended` and so on. */
  at: string;
  /** What happened in it, dated. */
  phases: {
    at: string;
    phase: string;
  }[];
  error: 'access_denied' | 'failed' | 'expired' | null;
  /** See /docs/error-codes. */
  error_code: string | null;
  /** When the person's browser was there last. */
  seen_at: string | null;
  expires_at: string;
  created_at: string;
  finished_at: string | null;
};

/** How far visits came, by bank. Counts only, nothing about a person. */
export type Funnel = {
  object: 'funnel';
  from: string;
  to: string;
  data: {
    /** `null`: no bank was chosen. */
    provider: string | null;
    /** How many visits reached each step: `created`, `opened` (the first *Continue*), every phase a session can have, and `open` for those still under way. */
    steps: Record<string, number>;
  }[];
};

/** What `createConnectUserSession` is sent. */
export type CreateConnectUserSessionBody = {
  /** Your own reference for the person or company. */
  user: string;
  /** For a customer made now; `person` unless said. */
  user_type?: 'person' | 'company' | undefined;
  /** The bank, if it is settled already. */
  provider?: string | undefined;
  /** What to read; all three unless said. `accounts` is always included. */
  scopes?: ('accounts' | 'balances' | 'transactions')[] | undefined;
  /** How far back, in days; 730 unless said. The bank may give less. */
  history_days?: number | undefined;
  /** How long, in days; 180 unless said. The bank may give less. */
  valid_days?: number | undefined;
  /** Why you want to read, in words the person understands. Shown to them. */
  purpose?: string | undefined;
  /** You permit people to have their bank's login kept. `true` unless said. */
  store_secrets?: boolean | undefined;
  /** `true`: read regularly. `false` unless said: one read, with a one-off consent where the bank has one. */
  recurring?: boolean | undefined;
  /** Where the person comes back to: a registered address, with any query. */
  return_url?: string | undefined;
  /** Language of the page. */
  locale?: string | undefined;
  template?: string | undefined;
  skip_info?: boolean | undefined;
  skip_qr?: boolean | undefined;
};

/** What `createManagementSession` is sent. */
export type CreateManagementSessionBody = {
  customer: string;
  /** The bank, if it is settled already. */
  provider?: string | undefined;
  /** What to read; all three unless said. `accounts` is always included. */
  scopes?: ('accounts' | 'balances' | 'transactions')[] | undefined;
  /** How far back, in days; 730 unless said. The bank may give less. */
  history_days?: number | undefined;
  /** How long, in days; 180 unless said. The bank may give less. */
  valid_days?: number | undefined;
  /** Why you want to read, in words the person understands. Shown to them. */
  purpose?: string | undefined;
  /** You permit people to have their bank's login kept. `true` unless said. */
  store_secrets?: boolean | undefined;
  /** Where the person comes back to: a registered address, with any query. */
  return_url?: string | undefined;
  /** Language of the page. */
  locale?: string | undefined;
  template?: string | undefined;
  skip_info?: boolean | undefined;
  skip_qr?: boolean | undefined;
};

/** What `createSynchronizationSession` is sent. */
export type CreateSynchronizationSessionBody = {
  connection: string;
  /** You permit people to have their bank's login kept. `true` unless said. */
  store_secrets?: boolean | undefined;
  /** Where the person comes back to: a registered address, with any query. */
  return_url?: string | undefined;
  /** Language of the page. */
  locale?: string | undefined;
  template?: string | undefined;
  skip_info?: boolean | undefined;
  skip_qr?: boolean | undefined;
};

/** What `listSessions` can be asked. */
export type ListSessionsQuery = {
  customer?: string | undefined;
  status?: 'open' | 'finished' | 'canceled' | 'failed' | 'expired' | undefined;
  /** The customer's reference. */
  reference?: string | undefined;
  consent?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `getFunnel` can be asked. */
export type GetFunnelQuery = {
  from?: string | undefined;
  to?: string | undefined;
};
