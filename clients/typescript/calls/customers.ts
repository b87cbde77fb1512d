// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type {
  CreateCustomerBody,
  Customer,
  ErasedCustomer,
  ListCustomersQuery,
  UpdateCustomerBody,
} from '../api/customers.ts';
import type { List, Options, Send } from '../request.ts';

/** Customers. */
export const customers = (send: Send) => ({
  /** Create a customer */
  createCustomer: (body: CreateCustomerBody = {}, options: Options = {}): Promise<Customer> =>
    send({ method: 'POST', path: '/v1/customers', body, creates: true as const }, options),

  /** List customers, newest first */
  listCustomers: (query: ListCustomersQuery = {}, options: Options = {}): Promise<List<Customer>> =>
    send({ method: 'GET', path: '/v1/customers', query }, options),

  /** Get a customer */
  getCustomer: (id: string, options: Options = {}): Promise<Customer> =>
    send({ method: 'GET', path: `/v1/customers/${encodeURIComponent(id)}` }, options),

  /** Change a customer. What is left out stays as it is, `null` clears. `metadata` is replaced as a whole. */
  updateCustomer: (id: string, body: UpdateCustomerBody = {}, options: Options = {}): Promise<Customer> =>
    send({ method: 'POST', path: `/v1/customers/${encodeURIComponent(id)}`, body }, options),

  /** Erase a customer's data. Reading stops, the banks are told, every row of the person is destroyed. That a consent was given stays as evidence, pseudonymous. It cannot be undone. */
  deleteCustomer: (id: string, options: Options = {}): Promise<ErasedCustomer> =>
    send({ method: 'DELETE', path: `/v1/customers/${encodeURIComponent(id)}` }, options),
});
