// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { EventType } from './words.ts';

/** What happened. Ids and states, no account data. */
export type Event = {
  id: string;
  object: 'event';
  type: EventType;
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
  type?: EventType | undefined;
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
