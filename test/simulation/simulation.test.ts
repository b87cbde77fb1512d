import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BankError } from '../../src/banking/bank-error.ts';
import { sql } from '../../src/base/database.ts';
import { listTransactions, readChanges } from '../../src/platform/accounts/accounts.ts';
import type { AccountLink } from '../../src/platform/accounts/storing.ts';
import { endConsent } from '../../src/platform/consents/ending.ts';
import type { Caller } from '../../src/platform/platform.ts';
import { startSync } from '../../src/platform/syncs/syncs.ts';
import { openScriptedSyncs, PERSON, type ScriptedSyncs } from '../scripted-syncs.ts';
import { dice, SimulatedBank } from './simulated-bank.ts';

const SEEDS = process.env.LONG ? 1000 : 5;
const ACTIONS = 7;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Row = { id: string; status: string; amount: string; description: string; booked_on: string };

describe('a bank, a connection and a reader, as a seed decides', () => {
  let world: ScriptedSyncs;
  before(async () => {
    world = await openScriptedSyncs();
  });
  after(() => world.close());

  test(`${SEEDS} seeds: each entry once under one id, the changes equal the list, never a fifth read, none after the end`, async () => {
    const began = performance.now();
    const from = world.data.clock.now().getTime();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      await play(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
    const speed = (world.data.clock.now().getTime() - from) / (performance.now() - began);
    assert.ok(speed > 700, `${Math.round(speed)} times real time`);
  });

  test('the same seed plays the same', async () => {
    assert.deepEqual(await play(7), await play(7));
  });

  /** One run; returns what happened, in words that hold nothing random. */
  async function play(seed: number): Promise<string[]> {
    const { clock, database } = world.data;
    const chance = dice(seed);
    const bank = new SimulatedBank(chance);
    // Every run begins at the same time of day.
    await clock.advance(DAY_MS + HOUR_MS / 2 - (clock.now().getTime() % DAY_MS));
    const start = clock.now().getTime();
    const { caller, link, ids } = await world.connect();
    const account = ids[0]!;
    const log: string[] = [];
    const held = new Map<string, Row>();
    const known = new Map<string, string>();
    let cursor: string | undefined;
    const today = () => clock.now().toISOString().slice(0, 10);
    const show = () => {
      world.bank.pages = bank.pages();
      world.bank.balances = [{ type: 'booked', amount: bank.balance(), currency: 'EUR', bankType: 'ITBD' }];
    };
    const actions: Record<string, () => Promise<void> | void> = {
      books: () => bank.books(today()),
      settles: () => bank.settles(today()),
      drops: () => bank.drops(),
      passes: () => clock.advance((1 + chance.below(12)) * HOUR_MS),
      asks: () => asks(caller, account),
      fails: () => {
        const kind = chance.pick(['unavailable', 'rate_limited', 'unexpected'] as const);
        world.bank.no = new BankError(
          kind,
          'as the seed says',
          kind === 'rate_limited' ? { retryAfterMs: HOUR_MS } : {},
        );
        return clock.advance(9 * HOUR_MS);
      },
      recovers: () => void delete world.bank.no,
    };
    bank.books(today());
    show();
    await world.first(link);
    await world.idle();
    for (let step = 0; step < ACTIONS; step += 1) {
      const name = chance.pick(Object.keys(actions));
      log.push(name);
      await actions[name]!();
      show();
      await world.idle();
      cursor = await follow(caller, account, held, cursor);
      await agree(caller, account, held, known);
    }
    delete world.bank.no;
    show();
    await asks(caller, account);
    await world.idle();
    cursor = await follow(caller, account, held, cursor);
    const rows = await agree(caller, account, held, known);
    const said = ({ status, amount, description }: Row) => `${description} ${status} ${amount}`;
    const real = bank.entries.map(({ word, pending, amount }) => `${word} ${pending ? 'pending' : 'booked'} ${amount}`);
    assert.deepEqual(rows.map(said).sort(), real.sort(), 'each real entry once (I3)');
    await endsReading(link);
    const most = await database.first<{ most: number }>(sql`select coalesce(max(n), 0)::int as most from (
      select (select count(distinct y.sync || '.' || y.sync_lease) from bank_calls y where y.tenant = x.tenant
        and not y.attended and y.purpose = x.purpose and y.at > x.at - interval '24 hours' and y.at <= x.at) as n
      from bank_calls x where x.tenant = ${link.tenant} and not x.attended
        and x.purpose in ('balances', 'transactions')) reads`);
    assert.ok(most!.most <= 4, `${most!.most} reads without the person in 24 hours (I8)`);
    const days = (row: Row) => Math.floor((Date.parse(row.booked_on) - start) / DAY_MS);
    return [...log, ...rows.map((row) => `${said(row)} ${days(row)}`).sort()];
  }

  async function asks(caller: Caller, account: string): Promise<void> {
    await startSync(world.data.platform, caller, { account }, { person: PERSON });
  }

  async function follow(caller: Caller, bankAccount: string, held: Map<string, Row>, from?: string): Promise<string> {
    for (let cursor = from; ; ) {
      const request = { scope: { bankAccount }, limit: 3, ...(cursor === undefined ? {} : { cursor }) };
      const page = await readChanges(world.data.platform, caller, request);
      for (const { id } of page.removed) assert.ok(held.delete(id), 'removed what the reader had');
      for (const row of JSON.parse(`[${[page.added, page.modified].filter(Boolean).join(',')}]`) as Row[])
        held.set(row.id, row);
      cursor = page.next;
      if (!page.hasMore) return cursor;
    }
  }

  /** The reader holds what the list says (I4), and what has a name of its own has kept its id (I3). */
  async function agree(
    caller: Caller,
    account: string,
    held: Map<string, Row>,
    known: Map<string, string>,
  ): Promise<Row[]> {
    const { elements } = await listTransactions(world.data.platform, caller, account, { limit: 500 });
    const rows = JSON.parse(`[${elements.join('')}]`) as Row[];
    const byId = (list: Row[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    assert.deepEqual(byId([...held.values()]), byId(rows), 'the changes equal the list (I4)');
    const named = Map.groupBy(rows, ({ description }) => description);
    for (const [word, [row, twin]] of named) {
      if (twin) continue;
      assert.equal(row!.id, known.get(word) ?? row!.id, `${word} kept its id (I3)`);
      known.set(word, row!.id);
    }
    return rows;
  }

  /** The consent ends; two days later nobody has called the bank (I7), and what was read is there. */
  async function endsReading(link: AccountLink): Promise<void> {
    const { clock, platform, database } = world.data;
    await database.transaction((tx) =>
      endConsent(platform, tx, { tenant: link.tenant, id: link.consent, initiator: 'app', reason: 'revoked' }),
    );
    const calls = () =>
      database.first<{ count: number }>(sql`select count(*)::int as count from bank_calls
      where tenant = ${link.tenant} and purpose <> 'revocation'`);
    const before = await calls();
    await clock.advance(2 * DAY_MS);
    await world.idle();
    assert.deepEqual(await calls(), before, 'no call after the end (I7)');
  }
});
