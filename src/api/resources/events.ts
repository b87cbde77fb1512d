import { z } from 'zod';
import { resendEvent } from '../../platform/events/endpoints.ts';
import { EVENT_TYPES, type EventType } from '../../platform/events/event-types.ts';
import { getEvent, listEvents, presentEvent } from '../../platform/events/events.ts';
import { listOf, presentList } from '../answers/list.ts';
import { id, moment, paging } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

/** One of the types of event. */
export const eventType = z.enum(Object.keys(EVENT_TYPES) as [EventType, ...EventType[]]);

/** An event, as it is listed and as it is sent. */
export const event = z
  .strictObject({
    id: z.string(),
    object: z.literal('event'),
    type: eventType,
    created_at: moment(),
    data: z.strictObject({
      object: z
        .record(z.string(), z.unknown())
        .describe('Id, kind and state of what it is about; empty once the customer was erased.'),
    }),
  })
  .meta({ id: 'Event', description: 'What happened. Ids and states, no account data.' });

/** The operations on events. */
export const EVENT_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/events',
    operation: 'list_events',
    group: 'Events',
    summary: 'List events, newest first',
    query: z.strictObject({
      type: eventType.optional(),
      customer: id().optional(),
      consent: id().optional(),
      connection: id().optional(),
      ...paging(),
    }),
    answer: listOf(event),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const position = cursors.read<[string, number]>();
      const { type, customer, consent, connection, limit } = query;
      const after = position && { at: new Date(position[0]), seq: position[1] };
      const page = await listEvents(platform, caller, { type, customer, consent, connection, limit, after });
      return presentList(page, cursors, presentEvent, (row) => [row.created_at, row.seq]);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/events/{id}',
    operation: 'get_event',
    group: 'Events',
    summary: 'Get an event',
    id: 'event',
    answer: event,
    problems: [],
    handle: async ({ platform, caller, id: event }) => presentEvent(await getEvent(platform, caller, event)),
  }),
  route({
    method: 'POST',
    path: '/v1/events/{id}/resend',
    operation: 'resend_event',
    group: 'Events',
    summary: 'Send an event again',
    description: 'To one endpoint, or to all that want its type. For thirty days after it happened.',
    id: 'event',
    body: z.strictObject({ webhook_endpoint: id().optional() }),
    example: { webhook_endpoint: 'whe_2bK7xQm0ZrT8cWdYx5LfNp' },
    answer: z
      .strictObject({ object: z.literal('resend'), event: z.string(), webhook_endpoints: z.int() })
      .meta({ id: 'EventResend', description: 'To how many endpoints the event is sent again.' }),
    status: 202,
    problems: ['event_too_old', 'webhook_endpoint_disabled'],
    handle: async ({ platform, caller, id: one, body }) => ({
      object: 'resend',
      event: one,
      webhook_endpoints: await resendEvent(platform, caller, one, body.webhook_endpoint),
    }),
  }),
];
