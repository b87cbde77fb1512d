import { z } from 'zod';
import { EVENT_TYPES, type EventType } from '../../platform/events/event-types.ts';
import { type EventRow, getEvent, listEvents } from '../../platform/events/events.ts';
import { listOf, presentList } from '../answers/list.ts';
import { id, moment, paging } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

const eventType = z.enum(Object.keys(EVENT_TYPES) as [EventType, ...EventType[]]);

const event = z
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
      return presentList(page, cursors, present, (row) => [row.created_at, row.seq]);
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
    handle: async ({ platform, caller, id: event }) => present(await getEvent(platform, caller, event)),
  }),
];

function present(row: EventRow): object {
  return { id: row.id, object: 'event', type: row.type, created_at: row.created_at, data: { object: row.data } };
}
