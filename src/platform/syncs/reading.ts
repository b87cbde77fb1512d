import type { Account, Page, Rejected, Transaction } from '../../banking/account.ts';
import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, Connector, Grant, Person } from '../../banking/connector.ts';
import type { Answer, Json, Resume, Turn } from '../../banking/step.ts';
import { isUntouched, touching } from '../../base/database.ts';
import { proveBalances } from '../accounts/proof.ts';
import { markStale, type SealedPage } from '../accounts/store.ts';
import { sealPage } from '../accounts/concealed/pages.ts';
import { balancesStatement, hashPage, storeTransactions } from '../accounts/storing.ts';
import { openBank } from '../connections/bank.ts';
import { openStoredGrant } from '../connections/grants.ts';
import type { GrantRow } from '../connections/store.ts';
import { keysOf } from '../keys/data-keys.ts';
import type { Platform, Tenant } from '../platform.ts';
import type { ProviderInterface } from '../providers/provider.ts';
import { dayAt, mayRead, type Resource, readsSoFar } from './budget.ts';
import { learnLateness, overlapDays } from './health.ts';
import * as store from './store.ts';
import type { AccountReport } from './sync.ts';
import { timeZoneOf } from './syncs.ts';

/** A sync that is being run here. */
export type Run = {
  platform: Platform;
  tenant: Tenant;
  sync: store.TakenSync;
  /** Aborted when the server stops: no further call to the bank is begun. */
  signal: AbortSignal;
  /** When the lease was last lengthened, by `performance.now()`. */
  leasedMs: number;
  /** Set by a failure after which no other account needs to be tried. */
  halted?: Error;
  failures: Error[];
  /** The grant says that nothing is to be read while nobody is there. */
  attendedOnly?: true;
  visit?: ReadingVisit;
};

/** The visit a run is part of: the grant it holds, where a question goes that the bank asks, and the answer to one. */
export type ReadingVisit = {
  session: string;
  person?: Person;
  grant(): Grant;
  keep(grant: Grant): Promise<void>;
  resume?: { account: string; resource: Resource; memory: Json; answer: Answer };
};

/** The sync is no longer ours, or its consent has ended: nothing may be stored or asked any more. */
export class SyncLost extends Error {}

/** The server stops: somebody else goes on with it. */
export class SyncInterrupted extends Error {}

/** The bank asked for something only the person can give. */
export class PersonNeeded extends Error {}

type Asking = Extract<Turn<unknown>, { kind: 'ask' }>;

/** The bank asked, and the person is there: what to show them, and whose reading goes on with the answer. */
export class StepNeeded extends Error {
  readonly turn: Asking;
  readonly account: string;
  readonly resource: Resource;
  constructor(turn: Asking, account: string, resource: Resource) {
    super('the bank asks the person');
    this.turn = turn;
    this.account = account;
    this.resource = resource;
  }
}

/** How long a taker may be silent before another may take over; longer than a bank may take for one answer. */
export const LEASE_S = 60;
/** A lease younger than this outlasts any one answer of a bank. */
const YOUNG_MS = 15_000;
const MOST_PAGES = 500;
const MOST_ENTRIES = 500_000;
const DAY_MS = 24 * 3_600_000;

/** Reads one resource of one account and stores it, unless that is done, not allowed or beyond the budget. */
export async function readResource(run: Run, account: store.AccountToRead, resource: Resource): Promise<void> {
  if (run.halted || !isWanted(run, account, resource)) return;
  const empty = { bank_account: account.id, resource, added: 0, modified: 0, removed: 0 };
  try {
    if (!(await isWithinBudget(run, account.id, resource))) {
      await report(run, { ...empty, outcome: 'skipped' });
    } else if (resource === 'balances') {
      await readBalances(run, account, empty);
    } else {
      await readTransactions(run, account, empty);
    }
  } catch (error) {
    if (!(error instanceof BankError)) {
      run.halted ??= error as Error;
      throw error;
    }
    run.failures.push(error);
    // An answer that cannot be read, or is not offered, is this account's trouble; all else meets the next one too.
    if (error.kind !== 'unexpected' && error.kind !== 'unsupported') run.halted ??= error;
    await keepFailure(run, { ...empty, outcome: 'failed', error: error.kind });
  }
}

/** Whether the person's own action still stands behind the run. */
function isAttended({ platform, sync }: Run): boolean {
  return sync.attendedUntil !== null && sync.attendedUntil > platform.clock.now();
}

function isWanted({ sync }: Run, account: store.AccountToRead, resource: Resource): boolean {
  const done = sync.accounts.some((one) => one.bank_account === account.id && one.resource === resource);
  const readable = resource === 'balances' ? account.readsBalances : account.readsTransactions;
  return !done && readable && sync.scopes.includes(resource);
}

async function isWithinBudget(run: Run, account: string, resource: Resource): Promise<boolean> {
  if (isAttended(run)) return true;
  const { platform, tenant, sync } = run;
  const where = {
    tenant,
    connection: sync.connection,
    now: platform.clock.now(),
    timeZone: timeZoneOf(platform, sync),
  };
  return mayRead(await readsSoFar(platform.database, where), account, resource, sync.reason === 'planned');
}

/**
 * One exchange with the bank, with nothing open in the database meanwhile. Before it: the lease is still ours and the
 * consent still stands, in one statement. The grant is read anew, because another server may have refreshed it.
 */
export async function ask<Result>(
  run: Run,
  account: string,
  resource: Resource,
  speak: (connector: Connector, context: BankContext, grant: Grant, resume?: Resume) => Promise<Turn<Result>>,
): Promise<{ result: Result; way: ProviderInterface }> {
  const { platform, tenant, sync, signal, visit } = run;
  if (signal.aborted) throw new SyncInterrupted();
  const now = platform.clock.now();
  if (performance.now() - run.leasedMs > YOUNG_MS) await lengthenLease(run, now);
  const checked = await platform.database.read.first<GrantRow>(store.checkLease(tenant, sync.id, sync.lease, now));
  if (!checked) throw new SyncLost();
  if (!visit && !checked.sealed) throw new BankError('consent_gone', 'the connection holds no grant');
  const held = visit ? visit.grant() : openStoredGrant(platform, tenant, sync.connection, checked);
  if (held.attendedOnly) run.attendedOnly = true;
  const bank = await openBank(platform, {
    tenant,
    provider: sync.provider,
    interface: sync.interface,
    connection: sync.connection,
    sync: sync.id,
    held,
    ...(sync.requestId ? { requestId: sync.requestId } : {}),
    ...(isAttended(run) && sync.person ? { person: sync.person } : {}),
    ...(visit ? { session: visit.session, ...(visit.person ? { person: visit.person } : {}) } : {}),
  });
  const context = visit ? inVisit(bank.context, visit) : bank.context;
  const turn = await speak(bank.connector, context, held, takeAnswer(run, account, resource));
  if (turn.kind === 'ask') throw visit ? new StepNeeded(turn, account, resource) : new PersonNeeded();
  return { result: turn.result, way: bank.interface };
}

async function lengthenLease(run: Run, now: Date): Promise<void> {
  const { platform, tenant, sync } = run;
  const began = performance.now();
  const kept = await platform.database.run(store.keepLease(tenant, sync.id, sync.lease, now, LEASE_S));
  if (kept === 0) throw new SyncLost();
  run.leasedMs = began;
}

/** In a visit the grant is the visit's, and is kept there. */
function inVisit(context: BankContext, visit: ReadingVisit): BankContext {
  return {
    ...context,
    async refreshGrant(call) {
      const fresh = await call(visit.grant());
      await visit.keep(fresh);
      return fresh;
    },
  };
}

/** The person's answer goes to the reading that asked, once. */
function takeAnswer(run: Run, account: string, resource: Resource): Resume | undefined {
  const resume = run.visit?.resume;
  if (!run.visit || resume?.account !== account || resume.resource !== resource) return undefined;
  const { resume: _, ...visit } = run.visit;
  run.visit = visit;
  return { memory: resume.memory, answer: resume.answer };
}

type EmptyReport = Pick<AccountReport, 'bank_account' | 'resource' | 'added' | 'modified' | 'removed'>;

async function readBalances(run: Run, account: store.AccountToRead, empty: EmptyReport): Promise<void> {
  const { platform, tenant, sync } = run;
  const { result } = await ask(run, account.id, 'balances', (connector, context, grant, resume) =>
    connector.balances(context, { grant, account: accountFor(account) }, resume),
  );
  const one: AccountReport = { ...empty, outcome: 'complete' };
  const stored = balancesStatement({ tenant, account: account.id, at: platform.clock.now() }, result);
  const reported = touching(store.reportAccount(tenant, sync.id, sync.lease, one));
  await platform.database.together([stored, reported]).catch((error: unknown) => {
    throw isUntouched(error) ? new SyncLost() : error;
  });
  sync.accounts.push(one);
}

async function readTransactions(run: Run, account: store.AccountToRead, empty: EmptyReport): Promise<void> {
  const { platform, tenant, sync } = run;
  const timeZone = timeZoneOf(platform, sync);
  const since = firstDay(run, account, timeZone, await overlapDays(platform, sync));
  const read = await readPages(run, account, since);
  const at = platform.clock.now();
  const today = dayAt(at, timeZone);
  const complete = read.everyPage && read.rejected.length === 0;
  const lateDays = await platform.database.transaction(async (tx) => {
    const where = {
      tenant,
      account: account.id,
      sync: sync.id,
      at,
      requestId: sync.requestId,
      trustedIds: read.trustedIds,
    };
    const { lateDays, ...counts } = await storeTransactions(platform, tx, where, { ...read, complete, since, today });
    await reportIn(tx, run, {
      ...empty,
      ...counts,
      outcome: complete ? 'complete' : 'incomplete',
      from: since,
      until: today,
      pages: read.pages.length,
      ...(read.rejected.length > 0 ? { rejected: read.rejected.slice(0, 100) } : {}),
      ...(read.broken ? { error: read.broken.kind } : {}),
    });
    if (hasBalances(run, account.id)) {
      const proven = { tenant, account: account.id, sync: sync.id, at, complete, lateDays };
      await proveBalances(tx, proven);
    }
    return lateDays;
  });
  await learnLateness(platform, sync, lateDays);
  if (read.broken) throw read.broken;
}

type PagesRead = {
  booked: Transaction[];
  pending: Transaction[];
  pages: SealedPage[];
  rejected: Rejected[];
  everyPage: boolean;
  trustedIds: boolean;
  /** The bank's no in the middle: what came before it is kept. */
  broken?: BankError;
};

async function readPages(run: Run, account: store.AccountToRead, since: string): Promise<PagesRead> {
  const read: PagesRead = { booked: [], pending: [], pages: [], rejected: [], everyPage: false, trustedIds: false };
  const cursors = new Set<string>();
  const hashes = new Set<string>();
  for (let cursor: string | undefined, number = 0; number < MOST_PAGES; number += 1) {
    let page: Page;
    try {
      const answer = await ask(run, account.id, 'transactions', (connector, context, grant, resume) => {
        const request = { grant, account: accountFor(account), since, ...(cursor === undefined ? {} : { cursor }) };
        return connector.transactions(context, request, resume);
      });
      page = answer.result;
      read.trustedIds = trustsIds(answer.way);
    } catch (error) {
      if (number === 0 || !(error instanceof BankError)) throw error;
      return { ...read, broken: error };
    }
    const hash = hashPage(page.raw).toString('base64');
    // A page that comes once more, byte for byte, is not more entries.
    if (!hashes.has(hash)) await keepPage(run, account, read, page);
    hashes.add(hash);
    if (page.next === undefined) return { ...read, everyPage: true };
    if (cursors.has(page.next)) return stopped(read, number, 'the link to the next page leads back');
    if (read.booked.length + read.pending.length > MOST_ENTRIES) return stopped(read, number, 'too many entries');
    cursors.add(page.next);
    cursor = page.next;
  }
  return stopped(read, MOST_PAGES, 'too many pages');
}

async function keepPage({ platform, tenant, sync }: Run, of: store.AccountToRead, read: PagesRead, page: Page) {
  const number = read.pages.length;
  const keys = keysOf(platform, { tenant, holder: of.customer, ring: of.ring });
  read.pages.push(await sealPage(keys, { tenant, account: of.id, sync: sync.id }, number, page.raw));
  for (const entry of page.booked) read.booked.push(entry);
  for (const entry of page.pending) read.pending.push(entry);
  for (const { place, reason } of page.rejected) read.rejected.push({ place: `page ${number + 1}, ${place}`, reason });
}

function stopped(read: PagesRead, page: number, reason: string): PagesRead {
  return { ...read, rejected: [...read.rejected, { place: `page ${page + 1}`, reason }] };
}

/** Whether this run has read the account's balances too: an older balance proves nothing about these entries. */
function hasBalances({ sync }: Run, account: string): boolean {
  return sync.accounts.some(
    (one) => one.bank_account === account && one.resource === 'balances' && one.outcome === 'complete',
  );
}

/** The whole history at the grant and as long as it was never read completely; then from the last time, with an overlap. */
function firstDay({ platform, sync }: Run, account: store.AccountToRead, timeZone: string, overlap: number): string {
  const way = platform.providers.find(sync.provider)?.interfaces.find(({ id }) => id === sync.interface);
  const historyDays = Math.min(sync.historyDays, way?.historyDays ?? Number.POSITIVE_INFINITY);
  const whole = platform.clock.now().getTime() - historyDays * DAY_MS;
  const isFirst = sync.reason === 'connect' || account.lastCompleteAt === null;
  const from = isFirst ? whole : Math.max(whole, account.lastCompleteAt!.getTime() - overlap * DAY_MS);
  return dayAt(new Date(from), timeZone);
}

/** Whether the bank's own ids hold: a fact of the interface, whatever its standard. */
export function trustsIds({ facts }: ProviderInterface): boolean {
  return typeof facts === 'object' && facts !== null && !Array.isArray(facts) && facts.trusted_ids === true;
}

/** A stored account as connectors know it. */
export function accountFor(row: store.AccountToRead): Account {
  return {
    reference: row.reference,
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.holderName === null ? {} : { holderName: row.holderName }),
    type: row.accountType as Account['type'],
    usage: row.usage as Account['usage'],
    currency: row.currency,
    identification: row.identification,
    status: row.status === 'blocked' ? 'blocked' : 'enabled',
    readable: { balances: row.readsBalances, transactions: row.readsTransactions },
  };
}

/** What an account's reading came to, in the transaction that stores it. A late taker's transaction is undone. */
async function reportIn(tx: { run: Platform['database']['run'] }, run: Run, one: AccountReport): Promise<void> {
  const { tenant, sync } = run;
  if ((await tx.run(store.reportAccount(tenant, sync.id, sync.lease, one))) === 0) throw new SyncLost();
  sync.accounts.push(one);
}

async function report(run: Run, one: AccountReport): Promise<void> {
  await reportIn(run.platform.database, run, one);
}

async function keepFailure(run: Run, one: AccountReport): Promise<void> {
  const { platform, tenant } = run;
  await platform.database.run(markStale(tenant, { account: one.bank_account }, platform.clock.now()));
  // Pages that came before the failure were reported with it already.
  const known = run.sync.accounts.some((old) => old.bank_account === one.bank_account && old.resource === one.resource);
  if (!known) await report(run, one);
}
