import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { negateAmount, sumAmounts } from '../../src/banking/money.ts';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS, type Way } from './ways.ts';

type Row = { id: string; bank_account: string; status: string; amount: string; description: string };

describe('what was read stays true as days pass', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  // A bank with several accounts, one that refuses `both`, and one with other error documents.
  for (const way of [WAYS.redirected, WAYS.explicit, WAYS.many] as Way[]) {
    test(`${way.bankName}: the list, the changes and the balances say the same, within the bank's limits`, async () => {
      const customer = (await here.app.post('/v1/customers', { reference: `true-${way.bank}` })).id;
      const asked = await here.asksForConsent({ provider: way.bank, customer });
      const person = await here.person('plain HTTP');
      await connects(person, asked.url, way, here.bank);
      await comesHome(person);
      await here.server.platform.jobs.idle();
      await here.bank.forgetsCalls(way.bank);

      const reader = new Map<string, Row>();
      const cursor = await follow(customer, reader);
      const before = await listed(customer);
      assert.ok(before.rows.length > 20, `${before.rows.length} transactions`);
      assert.deepEqual(byId([...reader.values()]), byId(before.rows));

      for (let eights = 0; eights < 9; eights += 1) {
        await here.clock.advance(8 * 3_600_000);
        await here.server.platform.jobs.idle();
      }
      const calls = await here.bank.calls(way.bank);
      assert.deepEqual(
        calls.filter(({ status }) => status === 429),
        [],
      );
      assert.ok(calls.every(({ person_present }) => !person_present));

      // Balances and entries are not always read in the same hour: now they are, at the person's wish.
      for (const account of before.balances.keys()) {
        await here.app.post(`/v1/bank_accounts/${account}/sync`, { psu: { ip_address: '203.0.113.9' } });
        await here.server.platform.jobs.idle();
      }
      await follow(customer, reader, cursor);
      const after = await listed(customer);
      assert.deepEqual(byId([...reader.values()]), byId(after.rows));
      assert.equal(new Set(after.rows.map(({ id }) => id)).size, after.rows.length);
      assert.notDeepEqual(byId(after.rows), byId(before.rows), 'something happened in three days');

      // What moved the booked balance is exactly what was booked since: nothing doubled, nothing lost.
      for (const [account, balance] of after.balances) {
        const moved = sumAmounts([balance, negateAmount(before.balances.get(account)!)]);
        const booked = sumAmounts([sumOf(after.rows, account), negateAmount(sumOf(before.rows, account))]);
        assert.equal(Number(moved), Number(booked), `${account}: moved by ${moved}, booked ${booked}`);
      }
    });
  }

  async function follow(customer: string, held: Map<string, Row>, from?: string): Promise<string> {
    for (let cursor = from; ; ) {
      const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const page = await here.app.get(`/v1/transactions/sync?customer=${customer}&limit=50${query}`);
      for (const { id } of page.removed) assert.ok(held.delete(id));
      for (const row of [...page.added, ...page.modified]) held.set(row.id, row);
      cursor = page.next_cursor as string;
      if (!page.has_more) return cursor;
    }
  }

  async function listed(customer: string): Promise<{ rows: Row[]; balances: Map<string, string> }> {
    const { data: accounts } = await here.app.get(`/v1/bank_accounts?customer=${customer}`);
    const rows: Row[] = [];
    const balances = new Map<string, string>();
    for (const { id } of accounts) {
      for (let cursor = ''; ; ) {
        const page = await here.app.get(`/v1/bank_accounts/${id}/transactions?limit=50${cursor}`);
        rows.push(...page.data);
        if (!page.has_more) break;
        cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
      }
      const { data } = await here.app.get(`/v1/bank_accounts/${id}/balances`);
      const booked = data.find(({ type }: { type: string }) => type === 'booked');
      if (booked) balances.set(id, booked.amount);
    }
    return { rows, balances };
  }
});

function sumOf(rows: Row[], account: string): string {
  const booked = rows.filter((row) => row.bank_account === account && row.status === 'booked');
  return sumAmounts(booked.map(({ amount }) => amount));
}

function byId(rows: Row[]): Row[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
