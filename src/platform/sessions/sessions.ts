import type { Scope } from '../../banking/account.ts';
import type { Sql } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import { hashToken } from '../../base/vault.ts';
import { findTenantSettings } from '../apps/apps.ts';
import { checkReturn, checkReturnUrl } from '../apps/return-url.ts';
import { checkTemplate } from '../apps/templates/templates.ts';
import type { Commit } from '../commit.ts';
import { getConnection } from '../connections/connections.ts';
import { CONSENT_DEFAULTS } from '../consents/consents.ts';
import { findCustomerId, isReferenceTaken, prepareCustomer } from '../customers/customers.ts';
import type { Caller, Platform } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { checkProvider } from '../providers/availability.ts';
import { type Session, type SessionKind, UNOPENED_MS } from './session.ts';
import { findSession, insertOpenedSession, type NewSession, type SessionFilter, selectSessions } from './store.ts';

export type { SessionFilter } from './store.ts';

/** What an app asks for when it opens a session. A connect session names a `user`, the others a customer or connection. */
export type SessionInput = {
  /** The app's own reference for the person: the customer is made or reused. */
  user?: string | undefined;
  userType?: 'person' | 'company' | undefined;
  customer?: string | undefined;
  connection?: string | undefined;
  provider?: string | undefined;
  returnUrl?: string | undefined;
  locale?: string | undefined;
  template?: string | undefined;
  recurring?: boolean | undefined;
  storeSecrets?: boolean | undefined;
  scopes?: Scope[] | undefined;
  historyDays?: number | undefined;
  validDays?: number | undefined;
  purpose?: string | undefined;
  skipInfo?: boolean | undefined;
  skipQr?: boolean | undefined;
};

/** A session as the app that opened it sees it the first time. */
export type OpenedSession = { session: Session; url: string; customerCreated: boolean };

/** Opens a session of a kind; its URL is where the person is sent. */
export async function createSession(
  platform: Platform,
  caller: Caller,
  kind: SessionKind,
  input: SessionInput,
  commit: Commit<OpenedSession>,
): Promise<OpenedSession> {
  checkReturn(caller, input.returnUrl);
  if (input.returnUrl !== undefined) checkReturnUrl(input.returnUrl, await findTenantSettings(platform, caller.tenant));
  if (input.template !== undefined) await checkTemplate(platform, caller, input.template);
  if (input.provider !== undefined) checkProvider(platform, caller.mode, input.provider);
  const who = await findWho(platform, caller, kind, input);
  const at = platform.clock.now();
  const draft: NewSession = {
    tenant: caller.tenant,
    id: newId('session'),
    kind,
    customer: who.customer,
    consent: null,
    connection: who.connection ?? null,
    provider: input.provider ?? null,
    returnUrl: input.returnUrl ?? null,
    locale: input.locale ?? null,
    template: input.template ?? null,
    recurring: input.recurring ?? kind !== 'connect',
    storeSecrets: input.storeSecrets ?? true,
    request: {
      scopes: input.scopes ?? ['accounts', 'balances', 'transactions'],
      historyDays: input.historyDays ?? CONSENT_DEFAULTS.historyDays,
      validDays: input.validDays ?? CONSENT_DEFAULTS.validDays,
      ...(input.purpose === undefined ? {} : { purpose: input.purpose }),
      ...(input.skipInfo ? { skipInfo: true } : {}),
      ...(input.skipQr ? { skipQr: true } : {}),
    },
    at,
    expiresAt: new Date(at.getTime() + UNOPENED_MS),
  };
  const token = platform.vault.derive('link', draft.id);
  const opened = { session: asSession(draft), url: urlOf(platform, token), customerCreated: who.created };
  const link = hashToken(token);
  try {
    await commit([...who.statements, ...insertOpenedSession(draft, link, caller.requestId)], opened);
  } catch (error) {
    // Another request made the same customer a moment ago: this one reuses them.
    if (who.created && isReferenceTaken(error)) return createSession(platform, caller, kind, input, commit);
    throw error;
  }
  return opened;
}

/** The session, or the problem `not_found`. */
export async function getSession(platform: Platform, caller: Pick<Caller, 'tenant'>, id: string): Promise<Session> {
  const session = await platform.database.read.first<Session>(findSession(caller.tenant, id));
  if (!session) throw notFound('session');
  return session;
}

/** Newest first; `after` is the last row of the page before. */
export async function listSessions(
  platform: Platform,
  caller: Caller,
  filter: SessionFilter,
): Promise<{ rows: Session[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<Session>(selectSessions(caller.tenant, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** Where the person is sent: a 256-bit token that is derived when it is shown and stored only hashed. */
export function sessionUrl(platform: Platform, id: string): string {
  return urlOf(platform, platform.vault.derive('link', id));
}

function urlOf(platform: Platform, token: string): string {
  return `${platform.publicUrl}/connect/${token}`;
}

type Who = { customer: string; connection?: string; created: boolean; statements: Sql[] };

async function findWho(platform: Platform, caller: Caller, kind: SessionKind, input: SessionInput): Promise<Who> {
  if (kind === 'connect') {
    const reference = input.user ?? '';
    const { customer, created, statements } = await prepareCustomer(platform, caller.tenant, {
      reference,
      ...(input.userType ? { type: input.userType } : {}),
    });
    return { customer, created, statements };
  }
  if (kind === 'synchronization') {
    const connection = await getConnection(platform, caller, input.connection ?? '');
    if (connection.status === 'disconnected')
      throw new Problem(
        'connection_not_active',
        'This connection has ended. Open a connect or management session to link the bank again.',
      );
    return { customer: connection.customer, connection: connection.id, created: false, statements: [] };
  }
  const customer = await findCustomerId(platform.database.read, caller.tenant, input.customer ?? '');
  if (!customer) throw notFound('customer');
  return { customer, created: false, statements: [] };
}

/** A visit as it begins: nobody's yet, nothing chosen. */
export function asSession(draft: NewSession): Session {
  return {
    ...draft,
    status: 'open',
    consents: [],
    owner: null,
    signingIn: false,
    place: 'intro',
    chosenProvider: null,
    chosenInterface: null,
    querySealed: null,
    ring: null,
    turn: 0,
    turnState: 'asking',
    workingSince: null,
    workingOn: null,
    answers: 0,
    tries: 0,
    challenges: 0,
    step: null,
    memory: null,
    wayBackSealed: null,
    grantSealed: null,
    found: null,
    handover: null,
    handoverTries: 0,
    phone: null,
    phoneHolds: false,
    carries: 0,
    trouble: null,
    login: null,
    error: null,
    errorCode: null,
    person: null,
    phases: [],
    seenAt: null,
    createdAt: draft.at,
    updatedAt: draft.at,
    finishedAt: null,
  };
}
