// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** The lasting link between a customer and one login at one interface of a bank. */
export type Connection = {
  id: string;
  object: 'connection';
  status: 'active' | 'action_required' | 'disconnected';
  /** Reading goes on. */
  active: boolean;
  /** Who must do what before reading goes on. */
  needs: {
    who: 'person' | 'bank' | 'app' | 'operator';
    what: 'renew' | 'reconfirm' | 'authenticate' | 'configure' | 'wait';
    code: string | null;
    since: string;
  } | null;
  customer: string;
  provider: string;
  interface: string;
  /** The one valid consent, if any. */
  consent: string | null;
  recurring: boolean;
  last_synchronization: string | null;
  next_sync_at: string | null;
  created_at: string;
  updated_at: string;
  disconnected_at: string | null;
};

/** What `listConnections` can be asked. */
export type ListConnectionsQuery = {
  customer?: string | undefined;
  status?: 'active' | 'action_required' | 'disconnected' | undefined;
  /** The customer's reference. */
  reference?: string | undefined;
  consent?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};
