import { z } from 'zod';
import {
  createCustomer,
  type CustomerInput,
  type CustomerRow,
  eraseCustomer,
  getCustomer,
  listCustomers,
  updateCustomer,
} from '../../platform/customers/customers.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { email, locale, metadata, moment, paging, text } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

/** Ten years. */
const LONGEST_S = 10 * 366 * 86_400;

const customer = z
  .strictObject({
    id: z.string(),
    object: z.literal('customer'),
    type: z.enum(['person', 'company']),
    reference: z.string().nullable().describe('Your own id for them.'),
    name: z.string().nullable(),
    email: z.string().nullable(),
    locale: z.string().nullable(),
    expires_at: moment().nullable().describe('Erased after it.'),
    erasing_since: moment().nullable().describe('Reading has stopped and the data is being destroyed.'),
    metadata: z.record(z.string(), z.string()),
    created_at: moment(),
    updated_at: moment(),
  })
  .meta({ id: 'Customer', description: 'The person or company whose accounts are read.' });

/** What an app may say about a customer; the sessions take it too. */
export const customerFields = {
  type: z.enum(['person', 'company']).optional().describe('`person` unless said.'),
  reference: text(200).nullable().optional().describe('Your own id for them, unique in this mode of your app.'),
  name: text(200).nullable().optional(),
  email: email().nullable().optional(),
  locale: locale().nullable().optional(),
  expires_in: z
    .int()
    .min(60)
    .max(LONGEST_S)
    .nullable()
    .optional()
    .describe('Erased so many seconds from now: 60 to ten years. `null` = never.')
    .meta({ example: 604800 }),
  metadata: metadata().optional(),
};

const fields = z.strictObject(customerFields);
const EXAMPLE = {
  type: 'person',
  reference: 'user-4711',
  name: 'Ada Example',
  email: 'ada@example.com',
  metadata: { plan: 'team' },
};

/** The operations on customers. */
export const CUSTOMER_ROUTES: Route[] = [
  route({
    method: 'POST',
    path: '/v1/customers',
    operation: 'create_customer',
    group: 'Customers',
    summary: 'Create a customer',
    body: fields,
    example: EXAMPLE,
    answer: customer,
    status: 201,
    creates: true,
    problems: ['customer_reference_taken'],
    handle: ({ platform, caller, body, commit }) =>
      createCustomer(platform, caller, inputOf(body), commit(presentCustomer)),
  }),
  route({
    method: 'GET',
    path: '/v1/customers',
    operation: 'list_customers',
    group: 'Customers',
    summary: 'List customers, newest first',
    query: z.strictObject({ reference: text(200).optional(), ...paging() }),
    answer: listOf(customer),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const after = readCreated(cursors);
      const page = await listCustomers(platform, caller, { reference: query.reference, limit: query.limit, after });
      return presentList(page, cursors, presentCustomer, (row) => [row.created_at, row.id]);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/customers/{id}',
    operation: 'get_customer',
    group: 'Customers',
    summary: 'Get a customer',
    id: 'customer',
    answer: customer,
    problems: [],
    handle: async ({ platform, caller, id }) => presentCustomer(await getCustomer(platform, caller, id)),
  }),
  route({
    method: 'POST',
    path: '/v1/customers/{id}',
    operation: 'update_customer',
    group: 'Customers',
    summary: 'Change a customer',
    description: 'What is left out stays as it is, `null` clears. `metadata` is replaced as a whole.',
    id: 'customer',
    body: fields,
    example: { name: 'Ada Example-Lovell', metadata: { plan: 'solo' } },
    answer: customer,
    problems: ['customer_reference_taken'],
    handle: async ({ platform, caller, id, body }) =>
      presentCustomer(await updateCustomer(platform, caller, id, inputOf(body))),
  }),
  route({
    method: 'DELETE',
    path: '/v1/customers/{id}',
    operation: 'delete_customer',
    group: 'Customers',
    summary: "Erase a customer's data",
    description:
      'Reading stops, the banks are told, every row of the person is destroyed. That a consent was given stays as evidence, pseudonymous. It cannot be undone.',
    id: 'customer',
    answer: z
      .strictObject({ id: z.string(), object: z.literal('customer'), deleted: z.literal(true) })
      .meta({ id: 'ErasedCustomer' }),
    problems: [],
    handle: async ({ platform, caller, id, options }) => {
      await eraseCustomer(platform, caller.tenant, id, {
        endEverything: options.endEverything,
        requestId: caller.requestId,
      });
      return { id, object: 'customer', deleted: true };
    },
  }),
];

/** The customer as the API shows it. */
export function presentCustomer(row: CustomerRow): object {
  return {
    id: row.id,
    object: 'customer',
    type: row.type,
    reference: row.reference,
    name: row.name,
    email: row.email,
    locale: row.locale,
    expires_at: row.expires_at,
    erasing_since: row.erasing_since,
    metadata: row.metadata,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** The platform's words for it. */
export function inputOf(body: z.output<typeof fields>): CustomerInput {
  const { expires_in, ...rest } = body;
  return { ...rest, ...(expires_in === undefined ? {} : { expiresInS: expires_in }) };
}
