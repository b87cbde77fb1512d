// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { Event } from '../api/events.ts';
import type {
  CreateWebhookEndpointBody,
  DeletedWebhookEndpoint,
  Delivery,
  ListDeliveriesQuery,
  ListWebhookEndpointsQuery,
  Resend,
  ResendEventsBody,
  RotateWebhookSecretBody,
  UpdateWebhookEndpointBody,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
} from '../api/webhook-endpoints.ts';
import type { List, Options, Send } from '../request.ts';

/** Webhook endpoints. */
export const webhookEndpoints = (send: Send) => ({
  /** Create a webhook endpoint. Its `secret` is in this answer and in no other. */
  createWebhookEndpoint: (body: CreateWebhookEndpointBody, options: Options = {}): Promise<WebhookEndpointWithSecret> =>
    send({ method: 'POST', path: '/v1/webhook_endpoints', body, creates: true as const }, options),

  /** List webhook endpoints, newest first */
  listWebhookEndpoints: (
    query: ListWebhookEndpointsQuery = {},
    options: Options = {},
  ): Promise<List<WebhookEndpoint>> => send({ method: 'GET', path: '/v1/webhook_endpoints', query }, options),

  /** Get a webhook endpoint */
  getWebhookEndpoint: (id: string, options: Options = {}): Promise<WebhookEndpoint> =>
    send({ method: 'GET', path: `/v1/webhook_endpoints/${encodeURIComponent(id)}` }, options),

  /** Change, pause or switch on a webhook endpoint. What is left out stays as it is. After a pause everything that waited is sent, in order. */
  updateWebhookEndpoint: (
    id: string,
    body: UpdateWebhookEndpointBody = {},
    options: Options = {},
  ): Promise<WebhookEndpoint> =>
    send({ method: 'POST', path: `/v1/webhook_endpoints/${encodeURIComponent(id)}`, body }, options),

  /** Delete a webhook endpoint */
  deleteWebhookEndpoint: (id: string, options: Options = {}): Promise<DeletedWebhookEndpoint> =>
    send({ method: 'DELETE', path: `/v1/webhook_endpoints/${encodeURIComponent(id)}` }, options),

  /** Make a new secret. Until `keep_previous_seconds` are over each delivery is signed with both. */
  rotateWebhookSecret: (
    id: string,
    body: RotateWebhookSecretBody = {},
    options: Options = {},
  ): Promise<WebhookEndpointWithSecret> =>
    send({ method: 'POST', path: `/v1/webhook_endpoints/${encodeURIComponent(id)}/rotate_secret`, body }, options),

  /** Send a test event. `webhook.test`, to this endpoint alone. Its deliveries say how it went. */
  testWebhookEndpoint: (id: string, options: Options = {}): Promise<Event> =>
    send({ method: 'POST', path: `/v1/webhook_endpoints/${encodeURIComponent(id)}/test` }, options),

  /** Every attempt to tell, newest first */
  listDeliveries: (id: string, query: ListDeliveriesQuery = {}, options: Options = {}): Promise<List<Delivery>> =>
    send({ method: 'GET', path: `/v1/webhook_endpoints/${encodeURIComponent(id)}/deliveries`, query }, options),

  /** Send the events of a stretch of time again. Oldest first, at most 10,000 at once: where there are more, `next_from` says where to go on. */
  resendEvents: (id: string, body: ResendEventsBody, options: Options = {}): Promise<Resend> =>
    send({ method: 'POST', path: `/v1/webhook_endpoints/${encodeURIComponent(id)}/resend`, body }, options),
});
