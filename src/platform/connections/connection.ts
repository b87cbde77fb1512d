import type { Tenant } from '../platform.ts';

/** How a connection can stand: it works, somebody is needed, or it has ended. */
export const CONNECTION_STATUSES = ['active', 'action_required', 'disconnected'] as const;
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];

/** Who must do what before reading goes on, and since when. */
export type Needs = {
  who: 'person' | 'bank' | 'app' | 'operator';
  what: 'renew' | 'reconfirm' | 'authenticate' | 'configure' | 'wait';
  /** An `error_code` of the documented table, where a bank's no was the cause. */
  code?: string;
  since: string;
};

/** The lasting link between a customer and one login at one interface of a provider. */
export type Connection = {
  tenant: Tenant;
  id: string;
  customer: string;
  provider: string;
  interface: string;
  status: ConnectionStatus;
  needs: Needs | null;
  consent: string | null;
  recurring: boolean;
  hasGrant: boolean;
  lastSynchronization: Date | null;
  nextSyncAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  disconnectedAt: Date | null;
};
