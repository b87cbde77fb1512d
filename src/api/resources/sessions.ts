import { z } from 'zod';
import type { Platform } from '../../platform/platform.ts';
import { SESSION_KINDS, SESSION_STATUSES, type Session, type SessionKind } from '../../platform/sessions/session.ts';
import {
  createSession,
  getSession,
  listSessions,
  type OpenedSession,
  sessionUrl,
} from '../../platform/sessions/sessions.ts';
import { eventsToken } from '../../platform/sessions/progress.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { id, locale, moment, paging, returnUrl, text } from '../input/fields.ts';
import { type Route, route } from '../route.ts';
import { askedFields } from './consents.ts';

const phase = z.looseObject({ at: moment(), phase: z.string() });

const sessionFields = {
  id: z.string(),
  object: z.enum(['connect_user_session', 'management_session', 'synchronization_session']),
  kind: z.enum(SESSION_KINDS),
  status: z.enum(SESSION_STATUSES),
  url: z.string().nullable().describe('Send the person here. Works while the session is open.'),
  customer: z.string(),
  consent: z.string().nullable().describe('The consent this visit is about now.'),
  consents: z.array(z.string()).describe('All it made.'),
  connection: z.string().nullable(),
  provider: z.string().nullable(),
  return_url: z.string().nullable(),
  locale: z.string().nullable(),
  template: z.string().nullable(),
  recurring: z.boolean(),
  store_secrets: z.boolean(),
  at: z.string().describe('The screen it stands at: `intro`, `bank`, `agree`, `step`, `grant`, `ended` and so on.'),
  phases: z.array(phase).describe('What happened in it, dated.'),
  error: z.enum(['access_denied', 'failed', 'expired']).nullable(),
  error_code: z.string().nullable().describe('See /docs/error-codes.'),
  seen_at: moment().nullable().describe("When the person's browser was there last."),
  expires_at: moment(),
  created_at: moment(),
  finished_at: moment().nullable(),
};
const session = z
  .strictObject(sessionFields)
  .meta({ id: 'Session', description: 'One visit to the hosted page. Readable after the browser is gone.' });
const openedSession = z
  .strictObject({
    ...sessionFields,
    events_token: z
      .string()
      .describe('Reads how far this visit has come, and nothing else: give it to `connect.js` in the browser.'),
    customer_created: z.boolean().describe('`false`: the customer with this reference was there already.'),
  })
  .meta({ id: 'OpenedSession', description: 'A session as it is answered when it is opened.' });

const pageFields = {
  return_url: returnUrl().optional(),
  locale: locale().optional(),
  template: id().optional(),
  skip_info: z.boolean().optional(),
  skip_qr: z.boolean().optional(),
};
const linkFields = {
  provider: id().optional().describe('The bank, if it is settled already.'),
  ...askedFields,
  store_secrets: z
    .boolean()
    .optional()
    .describe("You permit people to have their bank's login kept. `true` unless said."),
};

const EXAMPLES = {
  user: { user: 'user-4711', recurring: true, return_url: 'https://app.example.com/callback?state=x7f2' },
  customer: { customer: 'cus_7hQ2mZ0aXk4VtYc9RbLpWe', return_url: 'https://app.example.com/callback' },
  connection: { connection: 'con_2bN8sKd0QwErTyUi5OpAsD', return_url: 'https://app.example.com/callback' },
};

/** The operations on sessions. */
export const SESSION_ROUTES: Route[] = [
  route({
    method: 'POST',
    path: '/v1/connect_user_sessions',
    operation: 'create_connect_user_session',
    group: 'Sessions',
    summary: 'Open a session to connect a bank',
    description:
      'Makes the customer for the reference in `user`, or reuses it. Send the person to `url` of the answer.',
    body: z.strictObject({
      user: text(200).describe('Your own reference for the person or company.'),
      user_type: z.enum(['person', 'company']).optional().describe('For a customer made now; `person` unless said.'),
      ...linkFields,
      recurring: z
        .boolean()
        .optional()
        .describe(
          '`true`: read regularly. `false` unless said: one read, with a one-off consent where the bank has one.',
        ),
      ...pageFields,
    }),
    example: EXAMPLES.user,
    answer: openedSession,
    status: 201,
    creates: true,
    problems: ['return_url_not_allowed', 'provider_not_available'],
    handle: ({ platform, caller, body, commit }) => {
      const { user, user_type, recurring, ...rest } = body;
      const input = { user, userType: user_type, recurring, ...inputOf(rest) };
      return createSession(platform, caller, 'connect', input, commit(presentOpened(platform)));
    },
  }),
  route({
    method: 'POST',
    path: '/v1/management_sessions',
    operation: 'create_management_session',
    group: 'Sessions',
    summary: 'Open a session to manage all links of a customer',
    description: 'The person sees every link, can renew or revoke it, and add further banks.',
    body: z.strictObject({ customer: id(), ...linkFields, ...pageFields }),
    example: EXAMPLES.customer,
    answer: openedSession,
    status: 201,
    creates: true,
    problems: ['not_found', 'return_url_not_allowed', 'provider_not_available'],
    handle: ({ platform, caller, body, commit }) => {
      const { customer, ...rest } = body;
      return createSession(
        platform,
        caller,
        'management',
        { customer, ...inputOf(rest) },
        commit(presentOpened(platform)),
      );
    },
  }),
  route({
    method: 'POST',
    path: '/v1/synchronization_sessions',
    operation: 'create_synchronization_session',
    group: 'Sessions',
    summary: 'Open a session to refresh or renew one connection',
    description: 'For a connection that needs the person, or that they want to read again now.',
    body: z.strictObject({ connection: id(), store_secrets: linkFields.store_secrets, ...pageFields }),
    example: EXAMPLES.connection,
    answer: openedSession,
    status: 201,
    creates: true,
    problems: ['not_found', 'connection_not_active', 'return_url_not_allowed'],
    handle: ({ platform, caller, body, commit }) => {
      const { connection, ...rest } = body;
      return createSession(
        platform,
        caller,
        'synchronization',
        { connection, ...inputOf(rest) },
        commit(presentOpened(platform)),
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sessions',
    operation: 'list_sessions',
    group: 'Sessions',
    summary: 'List sessions, newest first',
    query: z.strictObject({
      customer: id().optional(),
      status: z.enum(SESSION_STATUSES).optional(),
      reference: text(200).optional().describe("The customer's reference."),
      consent: id().optional(),
      ...paging(),
    }),
    answer: listOf(session),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const { cursor: _cursor, ...filter } = query;
      const page = await listSessions(platform, caller, { ...filter, after: readCreated(cursors) });
      return presentList(
        page,
        cursors,
        (row) => present(platform, row),
        (row) => [row.createdAt, row.id],
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sessions/{id}',
    operation: 'get_session',
    group: 'Sessions',
    summary: 'Get a session',
    id: 'session',
    answer: session,
    problems: [],
    handle: async ({ platform, caller, id: session }) => present(platform, await getSession(platform, caller, session)),
  }),
];

/** How a session is answered that was opened now. */
function presentOpened(platform: Platform): (opened: OpenedSession) => object {
  return ({ session, url, customerCreated }) => ({
    ...present(platform, session, url),
    events_token: eventsToken(platform, session.tenant, session.id),
    customer_created: customerCreated,
  });
}

type Asked = {
  provider?: string | undefined;
  scopes?: ('accounts' | 'balances' | 'transactions')[] | undefined;
  history_days?: number | undefined;
  valid_days?: number | undefined;
  purpose?: string | undefined;
  store_secrets?: boolean | undefined;
  return_url?: string | undefined;
  locale?: string | undefined;
  template?: string | undefined;
  skip_info?: boolean | undefined;
  skip_qr?: boolean | undefined;
};

function inputOf({ history_days, valid_days, store_secrets, return_url, skip_info, skip_qr, ...same }: Asked) {
  return {
    ...same,
    historyDays: history_days,
    validDays: valid_days,
    storeSecrets: store_secrets,
    returnUrl: return_url,
    skipInfo: skip_info,
    skipQr: skip_qr,
  };
}

const OBJECTS: Record<SessionKind, string> = {
  connect: 'connect_user_session',
  management: 'management_session',
  synchronization: 'synchronization_session',
};

/** What a visit holds of the person's answers and the bank's steps stays inside. */
function present(platform: Platform, one: Session, url?: string): object {
  return {
    id: one.id,
    object: OBJECTS[one.kind],
    kind: one.kind,
    status: one.status,
    url: one.status === 'open' ? (url ?? sessionUrl(platform, one.id)) : null,
    customer: one.customer,
    consent: one.consent,
    consents: one.consents,
    connection: one.connection,
    provider: one.chosenProvider ?? one.provider,
    return_url: one.returnUrl,
    locale: one.locale,
    template: one.template,
    recurring: one.recurring,
    store_secrets: one.storeSecrets,
    at: one.place,
    phases: one.phases,
    error: one.error,
    error_code: one.errorCode,
    seen_at: one.seenAt,
    expires_at: one.expiresAt,
    created_at: one.createdAt,
    finished_at: one.finishedAt,
  };
}
