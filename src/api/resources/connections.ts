import { z } from 'zod';
import { CONNECTION_STATUSES, type Connection } from '../../platform/connections/connection.ts';
import { getConnection, listConnections } from '../../platform/connections/connections.ts';
import { endConnection } from '../../platform/consents/ending.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { id, moment, paging, text } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

const connection = z
  .strictObject({
    id: z.string(),
    object: z.literal('connection'),
    status: z.enum(CONNECTION_STATUSES),
    active: z.boolean().describe('Reading goes on.'),
    needs: z
      .strictObject({
        who: z.enum(['person', 'bank', 'app', 'operator']),
        what: z.enum(['renew', 'reconfirm', 'authenticate', 'configure', 'wait']),
        code: z.string().nullable(),
        since: moment(),
      })
      .nullable()
      .describe('Who must do what before reading goes on.'),
    customer: z.string(),
    provider: z.string(),
    interface: z.string(),
    consent: z.string().nullable().describe('The one valid consent, if any.'),
    recurring: z.boolean(),
    last_synchronization: moment().nullable(),
    next_sync_at: moment().nullable(),
    created_at: moment(),
    updated_at: moment(),
    disconnected_at: moment().nullable(),
  })
  .meta({
    id: 'Connection',
    description: 'The lasting link between a customer and one login at one interface of a bank.',
  });

/** The operations on connections. */
export const CONNECTION_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/connections',
    operation: 'list_connections',
    group: 'Connections',
    summary: 'List connections, newest first',
    query: z.strictObject({
      customer: id().optional(),
      status: z.enum(CONNECTION_STATUSES).optional(),
      reference: text(200).optional().describe("The customer's reference."),
      consent: id().optional(),
      ...paging(),
    }),
    answer: listOf(connection),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const { cursor: _cursor, ...filter } = query;
      const page = await listConnections(platform, caller, { ...filter, after: readCreated(cursors) });
      return presentList(page, cursors, present, (row) => [row.createdAt, row.id]);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/connections/{id}',
    operation: 'get_connection',
    group: 'Connections',
    summary: 'Get a connection: its status, and what it needs',
    id: 'connection',
    answer: connection,
    problems: [],
    handle: async ({ platform, caller, id: one }) => present(await getConnection(platform, caller, one)),
  }),
  route({
    method: 'DELETE',
    path: '/v1/connections/{id}',
    operation: 'delete_connection',
    group: 'Connections',
    summary: 'End a connection',
    description:
      'Its consent is revoked here at once and at the bank. What was read stays readable until the customer is erased.',
    id: 'connection',
    answer: connection,
    problems: [],
    handle: async ({ platform, caller, id: one }) => {
      await endConnection(platform, caller, one);
      return present(await getConnection(platform, caller, one));
    },
  }),
];

function present(one: Connection): object {
  return {
    id: one.id,
    object: 'connection',
    status: one.status,
    active: one.status === 'active',
    needs: one.needs && {
      who: one.needs.who,
      what: one.needs.what,
      code: one.needs.code ?? null,
      since: one.needs.since,
    },
    customer: one.customer,
    provider: one.provider,
    interface: one.interface,
    consent: one.consent,
    recurring: one.recurring,
    last_synchronization: one.lastSynchronization,
    next_sync_at: one.nextSyncAt,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    disconnected_at: one.disconnectedAt,
  };
}
