import type { Scope } from '../../banking/account.ts';
import type { Sql } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import { hashToken } from '../../base/vault.ts';
import { findTenantSettings } from '../apps/apps.ts';
import { checkReturn, checkReturnUrl } from '../apps/return-url.ts';
import type { Commit } from '../commit.ts';
import { findCustomerId } from '../customers/customers.ts';
import { eventStatement } from '../events/events.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { checkProvider } from '../providers/availability.ts';
import { consentEvent, moveConsent } from './changes.ts';
import type { Consent, TimelineEntry } from './consent.ts';
import {
  type ConsentChanges,
  type ConsentFilter,
  changeConsent,
  findConsent,
  insertConsent,
  insertTimeline,
  lockConsent,
  selectConsents,
  selectTimeline,
} from './store.ts';

export type { ConsentFilter } from './store.ts';

/** What an app asks for when it makes a consent. Days are counted from the moment the person agrees. */
export type ConsentInput = {
  provider?: string | undefined;
  customer?: string | undefined;
  returnUrl?: string | undefined;
  scopes?: Scope[] | undefined;
  historyDays?: number | undefined;
  validDays?: number | undefined;
  recurring?: boolean | undefined;
  purpose?: string | undefined;
  metadata?: Record<string, string> | undefined;
};

/** What a consent asks for where the app does not say: two years of history, for half a year. */
export const CONSENT_DEFAULTS = { historyDays: 730, validDays: 180 } as const;

/** Without a customer the consent is `new`; with one it is `pending` and its link can be opened. */
export async function createConsent(
  platform: Platform,
  caller: Caller,
  input: ConsentInput,
  commit: Commit<Consent>,
): Promise<Consent> {
  await checkInput(platform, caller, input);
  checkReturn(caller, input.returnUrl);
  if (input.customer !== undefined) await getCustomerId(platform, caller.tenant, input.customer);
  const at = platform.clock.now();
  const consent = draftConsent(caller.tenant, input, at);
  const statement = consentStatement(platform, consent, 'app', caller.requestId);
  await commit([statement], consent);
  return consent;
}

/** A consent as it begins, before anything is stored. */
export function draftConsent(tenant: Tenant, input: ConsentInput & { renews?: string }, at: Date): Consent {
  return {
    tenant,
    id: newId('consent'),
    status: input.customer === undefined ? 'new' : 'pending',
    customer: input.customer ?? null,
    provider: input.provider ?? null,
    interface: null,
    accountTypes: null,
    connection: null,
    scopes: withAccounts(input.scopes ?? ['accounts', 'balances', 'transactions']),
    historyDays: input.historyDays ?? CONSENT_DEFAULTS.historyDays,
    validDays: input.validDays ?? CONSENT_DEFAULTS.validDays,
    recurring: input.recurring ?? true,
    storeSecrets: false,
    purpose: input.purpose ?? null,
    returnUrl: input.returnUrl ?? null,
    metadata: input.metadata ?? {},
    renews: input.renews ?? null,
    waitingFor: null,
    createdAt: at,
    updatedAt: at,
    authorizedAt: null,
    expiresAt: null,
    reconfirmBy: null,
    noticeAt: null,
    endedAt: null,
    endedBy: null,
    endedReason: null,
    replacedBy: null,
    failureCode: null,
    failureMessage: null,
    claim: null,
    bankRevocation: null,
    agreedAt: null,
    agreedLocale: null,
    agreedVersion: null,
    agreedFacts: null,
  };
}

/** The one statement that stores a drafted consent with its link, timeline and event. */
export function consentStatement(
  platform: Platform,
  consent: Consent,
  initiator: 'app' | 'person',
  requestId: string,
): Sql {
  const at = consent.createdAt;
  return insertConsent(
    {
      ...consent,
      status: consent.status === 'new' ? 'new' : 'pending',
      link: hashToken(consentToken(platform, consent.id)),
      initiator,
      requestId,
      at,
    },
    eventStatement(consentEvent(consent, 'consent.created', at, requestId)),
  );
}

/** The consent, or the problem `not_found`. */
export async function getConsent(platform: Platform, caller: Pick<Caller, 'tenant'>, id: string): Promise<Consent> {
  const consent = await platform.database.read.first<Consent>(findConsent(caller.tenant, id));
  if (!consent) throw notFound('consent');
  return consent;
}

/** Newest first; `after` is the last row of the page before. */
export async function listConsents(
  platform: Platform,
  caller: Caller,
  filter: ConsentFilter,
): Promise<{ rows: Consent[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<Consent>(selectConsents(caller.tenant, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/**
 * Changes what has not been agreed to yet. Naming the customer makes a `new` consent `pending`; after that the customer
 * stays. Once the person has agreed only `metadata` can change.
 */
export async function updateConsent(
  platform: Platform,
  caller: Caller,
  id: string,
  input: ConsentInput,
): Promise<Consent> {
  await checkInput(platform, caller, input);
  if (input.customer !== undefined) await getCustomerId(platform, caller.tenant, input.customer);
  const at = platform.clock.now();
  return platform.database.transaction(async (tx) => {
    const before = await lockConsent(tx, caller.tenant, id);
    if (!before) throw notFound('consent');
    const { customer, metadata, ...asked } = input;
    if (customer !== undefined && before.customer !== null && customer !== before.customer)
      throw new Problem('customer_cannot_change', 'Create another consent for another customer.');
    const changes = definedOnly({ ...asked, ...(asked.scopes ? { scopes: withAccounts(asked.scopes) } : {}) });
    if (Object.keys(changes).length > 0 && (before.agreedAt !== null || !['new', 'pending'].includes(before.status)))
      throw new Problem(
        'consent_not_pending',
        'The person has agreed to this consent, or it has ended: only metadata can change. Create another consent.',
      );
    const all = { ...changes, ...(metadata === undefined ? {} : { metadata }) };
    if (customer !== undefined && before.status === 'new') {
      const moved = await moveConsent(tx, {
        tenant: caller.tenant,
        id,
        move: 'identified',
        initiator: 'app',
        at,
        requestId: caller.requestId,
        changes: { ...all, customer },
      });
      if (moved) return moved;
    }
    if (Object.keys(all).length === 0) return before;
    const changed = await changeConsent(tx, caller.tenant, id, [before.status], all, at);
    await tx.run(
      insertTimeline({
        tenant: caller.tenant,
        consent: id,
        at,
        what: 'updated',
        initiator: 'app',
        requestId: caller.requestId,
        detail: { changed: Object.keys(all) },
      }),
    );
    return changed!;
  });
}

/** Every change of a consent, oldest first. */
export async function listTimeline(platform: Platform, caller: Caller, id: string): Promise<TimelineEntry[]> {
  await getConsent(platform, caller, id);
  return platform.database.read.rows<TimelineEntry>(selectTimeline(caller.tenant, id));
}

/** Where the person is sent: a 256-bit token that is derived when it is shown and stored only hashed. */
export function consentUrl(platform: Platform, id: string): string {
  return `${platform.publicUrl}/connect/${consentToken(platform, id)}`;
}

function consentToken(platform: Platform, id: string): string {
  return platform.vault.derive('link', id);
}

async function checkInput(platform: Platform, caller: Caller, input: ConsentInput): Promise<void> {
  if (input.returnUrl !== undefined) {
    checkReturnUrl(input.returnUrl, await findTenantSettings(platform, caller.tenant));
  }
  if (input.provider !== undefined) checkProvider(platform, caller.mode, input.provider);
}

async function getCustomerId(platform: Platform, tenant: Tenant, id: string): Promise<string> {
  const found = await findCustomerId(platform.database.read, tenant, id);
  if (!found) throw notFound('customer');
  return found;
}

/** Balances and transactions cannot be read without the account list. */
function withAccounts(scopes: readonly Scope[]): Scope[] {
  return (['accounts', 'balances', 'transactions'] as const).filter((s) => s === 'accounts' || scopes.includes(s));
}

function definedOnly(changes: Record<string, unknown>): ConsentChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
