// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { EventType } from './words.ts';

/** An endpoint with its secret, which is shown this once. */
export type WebhookEndpointWithSecret = {
  id: string;
  object: 'webhook_endpoint';
  url: string;
  /** `null`: all of them, also those to come. */
  events: EventType[] | null;
  description: string;
  /** `paused`: what happens waits. `disabled`: nothing waits; set `active` to go on. */
  status: 'active' | 'paused' | 'disabled';
  /** `gone`: it answered 410. `failing`: it took nothing for three days. */
  disabled_reason: 'gone' | 'failing' | null;
  /** Since when no attempt succeeded. */
  failing_since: string | null;
  /** After several failures in a row nothing is sent until then. */
  resting_until: string | null;
  /** So long each delivery carries a second signature. */
  previous_secret_until: string | null;
  created_at: string;
  updated_at: string;
  /** Shown this once. Deliveries are signed with it. */
  secret: string;
};

/** An address of yours that is told what happens. */
export type WebhookEndpoint = {
  id: string;
  object: 'webhook_endpoint';
  url: string;
  /** `null`: all of them, also those to come. */
  events: EventType[] | null;
  description: string;
  /** `paused`: what happens waits. `disabled`: nothing waits; set `active` to go on. */
  status: 'active' | 'paused' | 'disabled';
  /** `gone`: it answered 410. `failing`: it took nothing for three days. */
  disabled_reason: 'gone' | 'failing' | null;
  /** Since when no attempt succeeded. */
  failing_since: string | null;
  /** After several failures in a row nothing is sent until then. */
  resting_until: string | null;
  /** So long each delivery carries a second signature. */
  previous_secret_until: string | null;
  created_at: string;
  updated_at: string;
};

/** It is gone, with everything that waited for it. */
export type DeletedWebhookEndpoint = {
  id: string;
  object: 'webhook_endpoint';
  deleted: true;
};

/** One attempt to tell. Kept for thirty days. */
export type Delivery = {
  id: string;
  object: 'delivery';
  event: string;
  type: EventType;
  /** 1 is the first. */
  attempt: number;
  created_at: string;
  outcome:
    | 'delivered'
    | 'answered'
    | 'redirected'
    | 'rate_limited'
    | 'gone'
    | 'timeout'
    | 'no_connection'
    | 'tls'
    | 'reset'
    | 'malformed'
    | 'address_refused';
  /** The HTTP status, where there was an answer. */
  status: number | null;
  duration_ms: number;
  /** The first 500 bytes of the answer. */
  answer: string | null;
  next_attempt_at: string | null;
};

/** How many events will be sent again. */
export type Resend = {
  object: 'resend';
  events: number;
  next_from: string | null;
};

/** What `createWebhookEndpoint` is sent. */
export type CreateWebhookEndpointBody = {
  /** https and public. In test mode of a sandbox also http on this machine, such as http://localhost:4000/hooks. */
  url: string;
  /** Which types; all of them unless said. */
  events?: EventType[] | null | undefined;
  description?: string | undefined;
  status?: 'active' | 'paused' | undefined;
  /** Your own, `whsec_` and the base64 of 24 to 64 bytes; one is made unless given. */
  secret?: string | undefined;
};

/** What `listWebhookEndpoints` can be asked. */
export type ListWebhookEndpointsQuery = {
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `updateWebhookEndpoint` is sent. */
export type UpdateWebhookEndpointBody = {
  /** https and public. In test mode of a sandbox also http on this machine, such as http://localhost:4000/hooks. */
  url?: string | undefined;
  /** Which types; all of them unless said. */
  events?: EventType[] | null | undefined;
  description?: string | undefined;
  status?: 'active' | 'paused' | undefined;
};

/** What `rotateWebhookSecret` is sent. */
export type RotateWebhookSecretBody = {
  keep_previous_seconds?: number | undefined;
  /** Your own, `whsec_` and the base64 of 24 to 64 bytes; one is made unless given. */
  secret?: string | undefined;
};

/** What `listDeliveries` can be asked. */
export type ListDeliveriesQuery = {
  event?: string | undefined;
  outcome?:
    | 'delivered'
    | 'answered'
    | 'redirected'
    | 'rate_limited'
    | 'gone'
    | 'timeout'
    | 'no_connection'
    | 'tls'
    | 'reset'
    | 'malformed'
    | 'address_refused'
    | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `resendEvents` is sent. */
export type ResendEventsBody = {
  /** From this moment on, at most thirty days back. */
  from: string;
  /** Before this moment; now unless given. */
  to?: string | undefined;
  types?: EventType[] | undefined;
};
