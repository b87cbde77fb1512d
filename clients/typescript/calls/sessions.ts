// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type {
  CreateConnectUserSessionBody,
  CreateManagementSessionBody,
  CreateSynchronizationSessionBody,
  Funnel,
  GetFunnelQuery,
  ListSessionsQuery,
  OpenedSession,
  Session,
} from '../api/sessions.ts';
import type { List, Options, Send } from '../request.ts';

/** Sessions. */
export const sessions = (send: Send) => ({
  /** Open a session to connect a bank. Makes the customer for the reference in `user`, or reuses it. Send the person to `url` of the answer. */
  createConnectUserSession: (body: CreateConnectUserSessionBody, options: Options = {}): Promise<OpenedSession> =>
    send({ method: 'POST', path: '/v1/connect_user_sessions', body, creates: true as const }, options),

  /** Open a session to manage all links of a customer. The person sees every link, can renew or revoke it, and add further banks. */
  createManagementSession: (body: CreateManagementSessionBody, options: Options = {}): Promise<OpenedSession> =>
    send({ method: 'POST', path: '/v1/management_sessions', body, creates: true as const }, options),

  /** Open a session to refresh or renew one connection. For a connection that needs the person, or that they want to read again now. */
  createSynchronizationSession: (
    body: CreateSynchronizationSessionBody,
    options: Options = {},
  ): Promise<OpenedSession> =>
    send({ method: 'POST', path: '/v1/synchronization_sessions', body, creates: true as const }, options),

  /** List sessions, newest first */
  listSessions: (query: ListSessionsQuery = {}, options: Options = {}): Promise<List<Session>> =>
    send({ method: 'GET', path: '/v1/sessions', query }, options),

  /** Get a session */
  getSession: (id: string, options: Options = {}): Promise<Session> =>
    send({ method: 'GET', path: `/v1/sessions/${encodeURIComponent(id)}` }, options),

  /** Count how far visits came, by bank and step. Sessions created from `from` to `to`, both inclusive; at most 92 days, the last thirty unless said. What happened in one session, dated, stands in its `phases`. */
  getFunnel: (query: GetFunnelQuery = {}, options: Options = {}): Promise<Funnel> =>
    send({ method: 'GET', path: '/v1/funnel', query }, options),
});
