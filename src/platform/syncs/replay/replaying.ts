import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Connector } from '../../../banking/connector.ts';
import { openAccount, type SealedAccount } from '../../accounts/concealed/concealing.ts';
import { type Known, match, type Reading } from '../../accounts/matching.ts';
import { openPage } from '../../accounts/concealed/pages.ts';
import { type Counts, MAPPING, storeMappedAnew } from '../../accounts/storing.ts';
import { keysOf } from '../../keys/data-keys.ts';
import type { Platform } from '../../platform.ts';
import type { ProviderInterface } from '../../providers/provider.ts';
import { dayAt } from '../budget.ts';
import { accountFor, trustsIds } from '../reading.ts';
import {
  type AccountToReplay,
  type KeptPage,
  markMapped,
  selectAccountsToReplay,
  selectKeptPages,
} from './replay-store.ts';

/** What a replay came to. `unreadable`: accounts whose pages this connector cannot read by themselves; nothing changed there. */
export type Replayed = Counts & { accounts: number; unreadable: string[] };

const BATCH = 50;

/**
 * Reads the kept pages of a provider's accounts once more with the mapping of today, without asking the bank. `below`:
 * only accounts with pages of an older version than this. Each account is one transaction, so it can be interrupted and run again.
 */
export async function replayProvider(platform: Platform, provider: string, below: number): Promise<Replayed> {
  const total: Replayed = { added: 0, modified: 0, removed: 0, accounts: 0, unreadable: [] };
  for (let after = 0; ; ) {
    const statement = selectAccountsToReplay(provider, below, after, BATCH);
    const accounts = await platform.database.rows<AccountToReplay & SealedAccount>(statement);
    for (const row of accounts) {
      const account = { ...openAccount(platform, row.tenant, row), ring: row.ring };
      after = account.number;
      const counts = await replayAccount(platform, provider, account);
      if (!counts) {
        total.unreadable.push(account.id);
        continue;
      }
      total.accounts += 1;
      for (const what of ['added', 'modified', 'removed'] as const) total[what] += counts[what];
    }
    if (accounts.length < BATCH) return total;
  }
}

async function replayAccount(
  platform: Platform,
  provider: string,
  account: AccountToReplay,
): Promise<Counts | undefined> {
  const { tenant, id } = account;
  const way = platform.providers.find(provider)?.interfaces.find((one) => one.id === account.interface);
  const connector = way && platform.connectors[way.standard];
  if (!way || !connector) return undefined;
  const pages = await platform.database.rows<KeptPage>(selectKeptPages(tenant, id));
  let read: Reading;
  try {
    read = await readAll(platform, { account, way, connector }, pages);
  } catch (error) {
    if (!(error instanceof BankError)) throw error;
    platform.log.warn('replay.unreadable', { account: id, kind: error.kind });
    return undefined;
  }
  return platform.database.transaction(async (tx) => {
    const where = { tenant, account: id, at: platform.clock.now(), trustedIds: trustsIds(way) };
    const counts = await storeMappedAnew(platform, tx, where, read);
    await tx.run(markMapped(tenant, id, MAPPING));
    return counts;
  });
}

type Ground = { account: AccountToReplay; way: ProviderInterface; connector: Connector };

/** One reading after the other, as they came, under the rules of today: what is left at the end is what the bank said. */
async function readAll(platform: Platform, ground: Ground, pages: readonly KeptPage[]): Promise<Reading> {
  let rows: Known[] = [];
  let first = '9999-12-31';
  for (const group of Map.groupBy(pages, ({ sync }) => sync).values()) {
    const reading = await readGroup(platform, ground, group);
    if (reading.since < first) first = reading.since;
    const verdict = match(rows, reading, trustsIds(ground.way));
    const replaced = new Map([...verdict.changed, ...verdict.renamed].map(({ row, to }) => [row, to]));
    rows = [
      ...rows.filter((row) => !verdict.removed.includes(row)).map((row) => replaced.get(row) ?? row),
      ...verdict.added,
    ];
  }
  const entries = rows.map(({ entry }) => entry);
  return {
    booked: entries.filter(({ status }) => status === 'booked'),
    pending: entries.filter(({ status }) => status === 'pending'),
    complete: true,
    since: first,
    today: dayAt(platform.clock.now(), ground.way.timeZone ?? 'UTC'),
  };
}

/** The pages of one sync, each handed to the connector as if the bank had sent it just now. */
async function readGroup(platform: Platform, ground: Ground, pages: readonly KeptPage[]): Promise<Reading> {
  const { account, way, connector } = ground;
  const [{ readAt, since, complete }] = pages as [KeptPage];
  const today = dayAt(readAt, way.timeZone ?? 'UTC');
  const reading = { booked: [], pending: [], complete, since: since ?? today, today } as Reading & {
    booked: Reading['booked'][number][];
    pending: Reading['pending'][number][];
  };
  let cursor: string | undefined;
  for (const page of pages) {
    const about = { tenant: account.tenant, account: account.id, sync: page.sync, page: page.page };
    const keys = keysOf(platform, { tenant: account.tenant, holder: account.customer, ring: account.ring });
    const raw = await openPage(keys, about, page.sealed);
    const request = { grant: { secret: {} }, account: accountFor(account), since: reading.since };
    const turn = await connector.transactions(contextOf(way, raw, readAt), {
      ...request,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (turn.kind === 'ask') throw new BankError('unsupported', 'the kept pages cannot be read without the bank');
    reading.booked.push(...turn.result.booked);
    reading.pending.push(...turn.result.pending);
    cursor = turn.result.next;
  }
  return reading;
}

/** The bank is not asked: its answer is the page that was kept, and any second question is too much. */
function contextOf(way: ProviderInterface, raw: Uint8Array, readAt: Date): BankContext {
  let answered = false;
  const refuse = () => Promise.reject(new BankError('unsupported', 'the kept pages cannot be read without the bank'));
  return {
    facts: way.facts,
    http: ({ path }) => {
      if (answered) return refuse();
      answered = true;
      const url = new URL(path, `${way.baseUrl.replace(/\/+$/, '')}/`).href;
      return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: raw, url });
    },
    oauth: { begin: refuse, finish: refuse, refresh: refuse, own: refuse },
    requester: { name: 'replay' },
    now: () => readAt,
    returnUrl: 'https://replay.invalid/',
    refreshGrant: refuse,
  };
}
