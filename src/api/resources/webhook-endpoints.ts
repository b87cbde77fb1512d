import { z } from 'zod';
import { OUTCOMES } from '../../platform/events/dispatch/sending.ts';
import {
  createEndpoint,
  type DeliveryRow,
  deleteEndpoint,
  type EndpointRow,
  type EndpointWithSecret,
  getEndpoint,
  listDeliveries,
  listEndpoints,
  resendRange,
  rotateSecret,
  sendTest,
  updateEndpoint,
} from '../../platform/events/endpoints.ts';
import { presentEvent } from '../../platform/events/events.ts';
import type { Platform } from '../../platform/platform.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { id, moment, paging, text } from '../input/fields.ts';
import { type Route, route } from '../route.ts';
import { event, eventType } from './events.ts';

const DAY_S = 86_400;

const fields = {
  id: z.string(),
  object: z.literal('webhook_endpoint'),
  url: z.string(),
  events: z.array(eventType).nullable().describe('`null`: all of them, also those to come.'),
  description: z.string(),
  status: z
    .enum(['active', 'paused', 'disabled'])
    .describe('`paused`: what happens waits. `disabled`: nothing waits; set `active` to go on.'),
  disabled_reason: z
    .enum(['gone', 'failing'])
    .nullable()
    .describe('`gone`: it answered 410. `failing`: it took nothing for three days.'),
  failing_since: moment().nullable().describe('Since when no attempt succeeded.'),
  resting_until: moment().nullable().describe('After several failures in a row nothing is sent until then.'),
  previous_secret_until: moment().nullable().describe('So long each delivery carries a second signature.'),
  created_at: moment(),
  updated_at: moment(),
};
const endpoint = z
  .strictObject(fields)
  .meta({ id: 'WebhookEndpoint', description: 'An address of yours that is told what happens.' });
const withSecret = z
  .strictObject({ ...fields, secret: z.string().describe('Shown this once. Deliveries are signed with it.') })
  .meta({ id: 'WebhookEndpointWithSecret', description: 'An endpoint with its secret, which is shown this once.' });

const delivery = z
  .strictObject({
    id: z.string(),
    object: z.literal('delivery'),
    event: z.string(),
    type: eventType,
    attempt: z.int().describe('1 is the first.'),
    created_at: moment(),
    outcome: z.enum(OUTCOMES),
    status: z.int().nullable().describe('The HTTP status, where there was an answer.'),
    duration_ms: z.int(),
    answer: z.string().nullable().describe('The first 500 bytes of the answer.'),
    next_attempt_at: moment().nullable(),
  })
  .meta({ id: 'Delivery', description: 'One attempt to tell. Kept for thirty days.' });

const url = () =>
  z
    .string()
    .min(1)
    .max(2000)
    .describe(
      'https and public. In test mode of a sandbox also http on this machine, such as http://localhost:4000/hooks.',
    )
    .meta({ example: 'https://app.example.com/webhooks' });
const secret = () =>
  z
    .string()
    .min(38)
    .max(94)
    .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'A secret is `whsec_` and the base64 of 24 to 64 bytes.')
    .optional()
    .describe('Your own, `whsec_` and the base64 of 24 to 64 bytes; one is made unless given.');
const changes = {
  events: z.array(eventType).min(1).nullable().optional().describe('Which types; all of them unless said.'),
  description: text(200).optional(),
  status: z.enum(['active', 'paused']).optional(),
};

/** The operations on webhook endpoints. */
export const WEBHOOK_ENDPOINT_ROUTES: Route[] = [
  route({
    method: 'POST',
    path: '/v1/webhook_endpoints',
    operation: 'create_webhook_endpoint',
    group: 'Webhook endpoints',
    summary: 'Create a webhook endpoint',
    description: 'Its `secret` is in this answer and in no other.',
    body: z.strictObject({ url: url(), ...changes, secret: secret() }),
    example: { url: 'https://app.example.com/webhooks', events: ['consent.authorized', 'transactions.updated'] },
    answer: withSecret,
    status: 201,
    creates: true,
    problems: ['webhook_url_refused'],
    handle: ({ platform, caller, body, commit }) =>
      createEndpoint(platform, caller, body, commit(presentWithSecret(platform))),
  }),
  route({
    method: 'GET',
    path: '/v1/webhook_endpoints',
    operation: 'list_webhook_endpoints',
    group: 'Webhook endpoints',
    summary: 'List webhook endpoints, newest first',
    query: z.strictObject(paging()),
    answer: listOf(endpoint),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const page = await listEndpoints(platform, caller, { limit: query.limit, after: readCreated(cursors) });
      return presentList(page, cursors, presenter(platform), (row) => [row.createdAt, row.id]);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/webhook_endpoints/{id}',
    operation: 'get_webhook_endpoint',
    group: 'Webhook endpoints',
    summary: 'Get a webhook endpoint',
    id: 'webhookEndpoint',
    answer: endpoint,
    problems: [],
    handle: async ({ platform, caller, id: one }) => presenter(platform)(await getEndpoint(platform, caller, one)),
  }),
  route({
    method: 'POST',
    path: '/v1/webhook_endpoints/{id}',
    operation: 'update_webhook_endpoint',
    group: 'Webhook endpoints',
    summary: 'Change, pause or switch on a webhook endpoint',
    description: 'What is left out stays as it is. After a pause everything that waited is sent, in order.',
    id: 'webhookEndpoint',
    body: z.strictObject({ url: url().optional(), ...changes }),
    example: { status: 'paused' },
    answer: endpoint,
    problems: ['webhook_url_refused'],
    handle: async ({ platform, caller, id: one, body }) =>
      presenter(platform)(await updateEndpoint(platform, caller, one, body)),
  }),
  route({
    method: 'DELETE',
    path: '/v1/webhook_endpoints/{id}',
    operation: 'delete_webhook_endpoint',
    group: 'Webhook endpoints',
    summary: 'Delete a webhook endpoint',
    id: 'webhookEndpoint',
    answer: z
      .strictObject({ id: z.string(), object: z.literal('webhook_endpoint'), deleted: z.literal(true) })
      .meta({ id: 'DeletedWebhookEndpoint', description: 'It is gone, with everything that waited for it.' }),
    problems: [],
    handle: async ({ platform, caller, id: one }) => {
      await deleteEndpoint(platform, caller, one);
      return { id: one, object: 'webhook_endpoint', deleted: true };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/webhook_endpoints/{id}/rotate_secret',
    operation: 'rotate_webhook_secret',
    group: 'Webhook endpoints',
    summary: 'Make a new secret',
    description: 'Until `keep_previous_seconds` are over each delivery is signed with both.',
    id: 'webhookEndpoint',
    body: z.strictObject({
      keep_previous_seconds: z
        .int()
        .min(0)
        .max(7 * DAY_S)
        .default(DAY_S),
      secret: secret(),
    }),
    example: { keep_previous_seconds: DAY_S },
    answer: withSecret,
    problems: [],
    handle: async ({ platform, caller, id: one, body }) =>
      presentWithSecret(platform)(
        await rotateSecret(platform, caller, one, { secret: body.secret, keepS: body.keep_previous_seconds }),
      ),
  }),
  route({
    method: 'POST',
    path: '/v1/webhook_endpoints/{id}/test',
    operation: 'test_webhook_endpoint',
    group: 'Webhook endpoints',
    summary: 'Send a test event',
    description: '`webhook.test`, to this endpoint alone. Its deliveries say how it went.',
    id: 'webhookEndpoint',
    answer: event,
    status: 202,
    problems: ['webhook_endpoint_disabled'],
    handle: async ({ platform, caller, id: one }) => presentEvent(await sendTest(platform, caller, one)),
  }),
  route({
    method: 'GET',
    path: '/v1/webhook_endpoints/{id}/deliveries',
    operation: 'list_deliveries',
    group: 'Webhook endpoints',
    summary: 'Every attempt to tell, newest first',
    id: 'webhookEndpoint',
    query: z.strictObject({ event: id().optional(), outcome: z.enum(OUTCOMES).optional(), ...paging() }),
    answer: listOf(delivery),
    problems: [],
    handle: async ({ platform, caller, id: one, query, cursors }) => {
      const { event: about, outcome, limit } = query;
      const after = cursors.read<number>();
      const page = await listDeliveries(platform, caller, one, {
        limit,
        ...(about === undefined ? {} : { event: about }),
        ...(outcome === undefined ? {} : { outcome }),
        ...(after === undefined ? {} : { after }),
      });
      return presentList(page, cursors, presentDelivery, (row) => row.seq);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/webhook_endpoints/{id}/resend',
    operation: 'resend_events',
    group: 'Webhook endpoints',
    summary: 'Send the events of a stretch of time again',
    description: 'Oldest first, at most 10,000 at once: where there are more, `next_from` says where to go on.',
    id: 'webhookEndpoint',
    body: z.strictObject({
      from: z.iso.datetime({ offset: true }).describe('From this moment on, at most thirty days back.'),
      to: z.iso.datetime({ offset: true }).optional().describe('Before this moment; now unless given.'),
      types: z.array(eventType).min(1).optional(),
    }),
    example: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
    answer: z
      .strictObject({ object: z.literal('resend'), events: z.int(), next_from: moment().nullable() })
      .meta({ id: 'Resend', description: 'How many events will be sent again.' }),
    status: 202,
    problems: ['event_too_old', 'webhook_endpoint_disabled'],
    handle: async ({ platform, caller, id: one, body }) => {
      const range = {
        from: new Date(body.from),
        to: body.to === undefined ? platform.clock.now() : new Date(body.to),
        types: body.types ?? null,
      };
      const { count, until } = await resendRange(platform, caller, one, range);
      return { object: 'resend', events: count, next_from: until };
    },
  }),
];

function presenter(platform: Platform): (one: EndpointRow) => object {
  return (one) => ({
    id: one.id,
    object: 'webhook_endpoint',
    url: one.url,
    events: one.events,
    description: one.description,
    status: one.status,
    disabled_reason: one.disabledReason,
    failing_since: one.failingSince,
    resting_until: one.restingUntil,
    previous_secret_until: one.previousUntil && one.previousUntil > platform.clock.now() ? one.previousUntil : null,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
  });
}

function presentWithSecret(platform: Platform): (made: EndpointWithSecret) => object {
  return ({ endpoint: one, secret: shown }) => ({ ...presenter(platform)(one), secret: shown });
}

function presentDelivery(row: DeliveryRow): object {
  return {
    id: row.id,
    object: 'delivery',
    event: row.event,
    type: row.type,
    attempt: row.attempt,
    created_at: row.at,
    outcome: row.outcome,
    status: row.status,
    duration_ms: row.ms,
    answer: row.answer,
    next_attempt_at: row.nextAt,
  };
}
