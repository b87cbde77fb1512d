import { newId } from '../../base/ids.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { healthStatement } from './health.ts';
import { noteDays } from './health-store.ts';
import { RESOURCES } from './budget.ts';
import { type BankCallFilter, endBankCall, insertBankCall, selectBankCalls } from './store.ts';

export type { BankCallFilter } from './store.ts';

/** One call to a bank, right after it was made. */
export type NewBankCall = {
  tenant: Tenant;
  /** When it began. */
  at: Date;
  provider: string;
  interface: string;
  connection: string | null;
  session: string | null;
  sync: string | null;
  /** `consent`, `authorisation`, `accounts`, `balances`, `transactions`, `revocation`, … */
  purpose: string;
  /** The bank's own handle of the account it was about. */
  /** The bank's handle of an account, as its row may hold it: hashed, and in rows from before that as it is. */
  bankReference: string[];
  method: string;
  /** A person was there, and the bank was told so. */
  attended: boolean;
  personAddress: string | null;
  /** HTTP status; null = no answer. */
  status: number | null;
  outcome: string;
  durationMs: number;
  /** Ours: of the visit or API request that caused it. */
  requestId: string | null;
  /** The id we sent the bank. */
  bankRequestId: string | null;
};

/** A call as kept, with our own id of the account. */
export type BankCall = Omit<NewBankCall, 'tenant' | 'bankReference'> & { id: string; bankAccount: string | null };

/** Calls with a person present are written together with those of the next moment. */
const GATHER_MS = 20;

/**
 * Writes a call into the ledger, never in a transaction that could take it back. One without the person is durable when
 * this resolves, because the budget counts on it; one with the person a moment later.
 */
async function recordBankCall(platform: Pick<Platform, 'database' | 'log'>, call: NewBankCall): Promise<void> {
  if (!call.attended) return write(platform, [call]);
  const gathered = gatheredAt(platform);
  gathered.calls.push(call);
  gathered.timer ??= setTimeout(() => {
    // They stay where they are, and go with the next ones.
    flushLedger(platform).catch((error: unknown) => platform.log.error('ledger.write_failed', { error }));
  }, GATHER_MS);
}

/** Writes what is gathered here. Throws what the database throws; nothing is lost then. */
export async function flushLedger(platform: Pick<Platform, 'database'>): Promise<void> {
  const gathered = gatheredAt(platform);
  clearTimeout(gathered.timer);
  gathered.timer = undefined;
  const calls = gathered.calls.splice(0);
  gathered.writing = gathered.writing
    .catch(() => undefined)
    .then(() => write(platform, calls))
    .catch((error: unknown) => {
      gathered.calls.unshift(...calls);
      throw error;
    });
  await gathered.writing;
}

async function write({ database }: Pick<Platform, 'database'>, calls: readonly NewBankCall[]): Promise<void> {
  const judged = new Set<string>();
  const statements = calls.map((call) => {
    // An address of the bank's that we refused to call says nothing about how it answers; one good answer says it all.
    const says = call.outcome !== 'address_refused' && !(call.outcome === 'ok' && judged.has(wayOf(call)));
    if (call.outcome === 'ok') judged.add(wayOf(call));
    else judged.delete(wayOf(call));
    const health = says ? healthStatement(call, call.at, call.status) : undefined;
    return insertBankCall(newId('bankCall'), call, health);
  });
  const fresh = newDays(database, calls);
  if (fresh.length > 0) statements.push(noteDays(fresh, fresh[0]!.at));
  if (statements.length > 0) await database.together(statements);
  for (const call of fresh) daysNoted(database).add(dayOf(call));
}

/** The first call of each interface on a day that this server has not noted yet; those of one day at a time. */
function newDays(database: object, calls: readonly NewBankCall[]): NewBankCall[] {
  const known = daysNoted(database);
  const fresh = new Map<string, NewBankCall>();
  for (const call of calls) {
    const day = dayOf(call);
    if (call.outcome !== 'address_refused' && !known.has(day)) fresh.set(day, fresh.get(day) ?? call);
  }
  const [first] = fresh.values();
  return [...fresh.values()].filter(({ at }) => at.toISOString().slice(0, 10) === first!.at.toISOString().slice(0, 10));
}

function dayOf(call: NewBankCall): string {
  return `${wayOf(call)} ${call.at.toISOString().slice(0, 10)}`;
}

const MOST_DAYS = 50_000;
const noted = new WeakMap<object, Set<string>>();

function daysNoted(database: object): Set<string> {
  const known = noted.get(database);
  if (known && known.size < MOST_DAYS) return known;
  const empty = new Set<string>();
  noted.set(database, empty);
  return empty;
}

function wayOf({ provider, interface: id }: NewBankCall): string {
  return `${provider} ${id}`;
}

type Gathered = { calls: NewBankCall[]; writing: Promise<void>; timer: NodeJS.Timeout | undefined };

const gatherings = new WeakMap<object, Gathered>();

function gatheredAt({ database }: Pick<Platform, 'database'>): Gathered {
  const known = gatherings.get(database) ?? { calls: [], writing: Promise.resolve(), timer: undefined };
  gatherings.set(database, known);
  return known;
}

/** How a call ended: its HTTP status (null = no answer), what it came to, and how long it took. */
export type BankCallEnd = Pick<NewBankCall, 'status' | 'outcome' | 'durationMs'>;

/**
 * Returns what writes the call's end into the ledger. A read without the person is written down before it is made: it
 * counts against the budget also when the server dies in the middle, and then stays `begun`.
 */
export async function beginBankCall(
  platform: Pick<Platform, 'database' | 'log'>,
  call: Omit<NewBankCall, keyof BankCallEnd>,
): Promise<(end: BankCallEnd) => Promise<void>> {
  const counts = !call.attended && (RESOURCES as readonly string[]).includes(call.purpose);
  if (!counts) return (end) => recordBankCall(platform, { ...call, ...end });
  const id = newId('bankCall');
  await platform.database.run(
    insertBankCall(id, { ...call, status: null, outcome: 'begun', durationMs: 0 }, undefined),
  );
  return async (end) => {
    const health = end.outcome === 'address_refused' ? undefined : healthStatement(call, call.at, end.status);
    await platform.database.together(endBankCall(call.tenant, id, end, health));
  };
}

/** Calls to banks, newest first; `after` is the last row of the page before. */
export async function listBankCalls(
  platform: Pick<Platform, 'database'>,
  caller: Pick<Caller, 'tenant'>,
  filter: BankCallFilter,
): Promise<{ rows: BankCall[]; hasMore: boolean }> {
  await flushLedger(platform);
  const rows = await platform.database.read.rows<BankCall>(selectBankCalls(caller.tenant, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}
