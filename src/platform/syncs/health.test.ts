import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCOUNT, entry, openScriptedSyncs, page, type ScriptedSyncs } from '../../../test/scripted-syncs.ts';
import { addConsent } from '../../../test/stored-data.ts';
import { sql } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import { mergeAccounts, splitAccounts } from '../accounts/merging.ts';
import { type AccountLink, storeAccounts, storeTransactions } from '../accounts/storing.ts';
import { BREAKER_AFTER, healthOf, watchHealth } from './health.ts';
import { getSyncState, startSync } from './syncs.ts';

const HOUR_MS = 3_600_000;
const PERSON = { ipAddress: '203.0.113.7' };

describe('how a bank answers', () => {
  let world: ScriptedSyncs;
  before(async () => {
    world = await openScriptedSyncs();
  });
  after(() => world.close());

  test('after five calls without an answer nobody calls until one trial went well; apps are told once', async () => {
    const { clock, platform, database } = world.data;
    let asked = 0;
    const { request } = platform.egress;
    platform.egress.request = (what) => {
      asked += 1;
      return request(what);
    };
    const links: AccountLink[] = [];
    for (let number = 0; number < BREAKER_AFTER + 3; number += 1) {
      const { link } = await world.connect();
      links.push(link);
      world.bank.away = true;
      await world.first(link, null);
      await world.idle();
    }
    assert.equal(asked, BREAKER_AFTER, 'the sixth waits without a call');
    await watchHealth(platform);
    assert.equal(healthOf(platform, 'de-bank'), 'down');
    assert.equal(healthOf(platform, 'gb-bank'), 'good', 'another bank has nothing to do with it');
    assert.deepEqual(await told(links[0]!), [], 'a hiccup is not worth a message');

    await clock.advance(61_000);
    await world.idle();
    assert.equal(asked, BREAKER_AFTER + 1, 'exactly one goes first');
    await watchHealth(platform);
    await watchHealth(platform);
    for (const link of links) assert.deepEqual(await told(link), ['provider.degraded']);

    world.bank.away = false;
    await clock.advance(61_000);
    await world.idle();
    await clock.advance(HOUR_MS);
    await world.idle();
    await watchHealth(platform);
    assert.equal(healthOf(platform, 'de-bank'), 'good');
    for (const link of links) assert.deepEqual(await told(link), ['provider.degraded', 'provider.restored']);
    const ends = await database.rows<{ status: string }>(sql`select status from syncs
      where connection = any(${links.map(({ connection }) => connection)})`);
    assert.deepEqual(
      ends.map(({ status }) => status),
      Array(links.length).fill('completed'),
    );
  });

  test('each balance follows from the one before and what was booked; a gap is told with its size', async () => {
    const { caller, link, ids } = await world.connect();
    const { clock, platform } = world.data;
    const proofs = async () => (await getSyncState(platform, caller, { account: ids[0]! })).proofs;
    const syncs = async () => {
      await clock.advance(HOUR_MS);
      await startSync(platform, caller, { account: ids[0]! }, { person: PERSON });
      await world.idle();
    };
    const today = clock.now().toISOString().slice(0, 10);
    const balance = (amount: string) => [{ type: 'booked', amount, currency: 'EUR', bankType: 'ITBD' } as const];
    world.bank.balances = balance('100.00');
    world.bank.pages = [page([entry(today, '-7.50')])];
    await world.first(link);
    await world.idle();
    assert.equal((await proofs())[0]?.gap, null, 'there is nothing before the first');
    world.bank.pages = [page([entry(today, '-7.50'), entry(today, '20'), entry(today, '-0.255')])];
    world.bank.balances = balance('119.745');
    await syncs();
    const [proven] = await proofs();
    assert.deepEqual([Number(proven?.moved), Number(proven?.gap), proven?.reason], [19.745, 0, null]);
    world.bank.balances = balance('109.745');
    world.bank.pages = [page([entry(today, '-7.50'), entry(today, '20'), entry(today, '-0.255'), entry(today, '-3')])];
    await syncs();
    const [missing] = await proofs();
    assert.deepEqual([Number(missing?.gap), missing?.reason], [-7, 'entries_missing']);
  });

  for (const [when, ago] of [
    ['before what the bank still lists', 200],
    ['within what the bank lists', 1],
  ] as const) {
    test(`entries that a merge takes over and a split gives back are no gap: ${when}`, async () => {
      const { caller, link, ids } = await world.connect();
      const { clock, platform, database } = world.data;
      const decider = { caller, by: 'app' } as const;
      const day = (back: number) => new Date(clock.now().getTime() - back * 24 * HOUR_MS).toISOString().slice(0, 10);
      const held = [entry(day(2), '-7.50')];
      let balance = 100;
      const syncsWith = async (amount: number) => {
        await clock.advance(HOUR_MS);
        balance += amount;
        held.push(entry(day(0), String(amount)));
        world.bank.pages = [page(held)];
        world.bank.balances = [{ type: 'booked', amount: String(balance), currency: 'EUR', bankType: 'ITBD' }];
        await startSync(platform, caller, { account: ids[0]! }, { person: PERSON });
        await world.idle();
        const [proof] = (await getSyncState(platform, caller, { account: ids[0]! })).proofs;
        return proof?.gap && [Number(proof.moved), Number(proof.gap), proof.reason];
      };
      assert.equal(await syncsWith(20), null);
      const another = { ...link, consent: newId('consent'), connection: newId('connection') };
      await addConsent(world.data, another);
      const other = await database.transaction(async (tx) => {
        const identification = { maskedPan: '************6199' };
        const [stored] = await storeAccounts(platform, tx, { ...another, accounts: [{ ...ACCOUNT, identification }] });
        const where = { tenant: link.tenant, account: stored!.id, sync: newId('sync'), at: clock.now() };
        const booked = [entry(day(ago), '-9.90'), entry(day(ago), '-1.50')];
        const reading = { booked, pending: [], complete: true, since: day(400), today: day(0) };
        await storeTransactions(platform, tx, where, { ...reading, pages: [], everyPage: true });
        return stored!.id;
      });
      assert.deepEqual(await syncsWith(3), [3, 0, null]);
      await mergeAccounts(platform, decider, ids[0]!, other);
      assert.equal((await world.rows(caller, ids[0]!)).length, 5, 'both entries were taken over');
      assert.equal(await syncsWith(4), null, 'nothing is claimed before a reading of the merged account');
      assert.deepEqual(await syncsWith(6), [6, 0, null], 'after the merge');
      await splitAccounts(platform, decider, ids[0]!, other);
      assert.equal(await syncsWith(5), null);
      assert.deepEqual(await syncsWith(7), [7, 0, null], 'after the split');
      assert.equal((await world.rows(caller, ids[0]!)).length, held.length);
    });
  }

  test('a bank that books late is read from further back', async () => {
    const { caller, link, ids } = await world.connect();
    const { clock, platform } = world.data;
    const day = (ago: number) => new Date(clock.now().getTime() - ago * 24 * HOUR_MS).toISOString().slice(0, 10);
    const asked: string[] = [];
    const syncs = async () => {
      await clock.advance(HOUR_MS);
      await startSync(platform, caller, { account: ids[0]! }, { person: PERSON });
      await world.idle();
    };
    world.bank.pages = [page([entry(day(20), '1')])];
    await world.first(link);
    await world.idle();
    world.bank.onCall = (what, _, since) => {
      if (what === 'transactions') asked.push(since!);
    };
    await syncs();
    assert.equal(asked.at(-1), day(10));
    world.bank.pages = [page([entry(day(20), '1'), entry(day(8), '2')])];
    await syncs();
    await syncs();
    assert.ok(asked.at(-1)! <= day(14), `from ${asked.at(-1)}`);
    assert.ok(asked.at(-1)! >= day(18), `from ${asked.at(-1)}`);
  });

  async function told(link: AccountLink): Promise<string[]> {
    return (await world.events(link)).map(({ type }) => type).filter((type) => type.startsWith('provider.'));
  }
});
