// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { Connection, ListConnectionsQuery } from '../api/connections.ts';
import type { List, Options, Send } from '../request.ts';

/** Connections. */
export const connections = (send: Send) => ({
  /** List connections, newest first */
  listConnections: (query: ListConnectionsQuery = {}, options: Options = {}): Promise<List<Connection>> =>
    send({ method: 'GET', path: '/v1/connections', query }, options),

  /** Get a connection: its status, and what it needs */
  getConnection: (id: string, options: Options = {}): Promise<Connection> =>
    send({ method: 'GET', path: `/v1/connections/${encodeURIComponent(id)}` }, options),

  /** End a connection. Its consent is revoked here at once and at the bank. What was read stays readable until the customer is erased. */
  deleteConnection: (id: string, options: Options = {}): Promise<Connection> =>
    send({ method: 'DELETE', path: `/v1/connections/${encodeURIComponent(id)}` }, options),
});
