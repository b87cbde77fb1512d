import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Account, Transaction } from '../../src/banking/account.ts';
import { newId } from '../../src/base/ids.ts';
import { type AccountLink, storeAccounts, storeTransactions } from '../../src/platform/accounts/storing.ts';
import { anotherAccount, type Linked, linkedCustomer, MAYBE_EVERYDAY } from './linked.ts';
import { type ApiWorld, apiWorld } from './world.ts';

type Row = { id: string; booked_on: string; amount: string; description: string };

const giro: Account = { ...MAYBE_EVERYDAY, reference: 'x1' };
const paid = (bookedOn: string, amount: string, description = 'by another connector'): Transaction => ({
  status: 'booked',
  amount,
  currency: 'EUR',
  bookedOn,
  description,
});

describe('two accounts that may be one', () => {
  let world: ApiWorld;
  let mine: Linked;
  let other: AccountLink;
  before(async () => {
    world = await apiWorld();
    mine = await linkedCustomer(world, world.app, 'has two');
    other = await link('de-nordwind');
  });
  after(() => world.close());

  const link = async (provider: string) =>
    (await anotherAccount(world, mine, { ...giro, currency: 'CHF', reference: newId('connection') }, provider)).link;
  async function finds(by: AccountLink, account: Account, booked: Transaction[] = []): Promise<string> {
    const { platform } = world;
    return platform.database.transaction(async (tx) => {
      const [stored] = await storeAccounts(platform, tx, { ...by, accounts: [account] });
      const where = { tenant: by.tenant, account: stored!.id, sync: newId('sync'), at: platform.clock.now() };
      const reading = { booked, pending: [], complete: true, since: '2025-01-01', today: '2026-12-31' };
      await storeTransactions(platform, tx, where, { ...reading, pages: [], everyPage: true });
      return stored!.id;
    });
  }
  const get = async (path: string) => (await world.call('GET', `/v1/${path}`)).json;
  const account = (id: string) => get(`bank_accounts/${id}`);
  const rows = async (id: string): Promise<Row[]> => (await get(`bank_accounts/${id}/transactions`)).data;
  const decide = (verb: 'merge' | 'split', into: string, name: string) =>
    world.call('POST', `/v1/bank_accounts/${into}/${verb}`, { json: { bank_account: name } });
  const said = (list: Row[]) => list.map(({ booked_on, amount }) => `${booked_on} ${amount}`).sort();

  test('are two, say so, and are told of once', async () => {
    const booked = [paid('2025-12-30', '-9.90'), paid('2026-01-01', '-1.50'), paid('2026-01-01', '-1.50')];
    const found = await finds(other, giro, booked);
    assert.notEqual(found, mine.bankAccount);
    assert.deepEqual((await account(found)).maybe_same, [{ bank_account: mine.bankAccount, reason: 'same_ending' }]);
    assert.deepEqual((await account(mine.bankAccount)).maybe_same, [{ bank_account: found, reason: 'same_ending' }]);
    await finds(other, giro, booked);
    const told = await get('events?type=bank_account.merge_suggested');
    assert.deepEqual(
      told.data.map(({ data }: { data: { object: object } }) => data.object),
      [{ id: found, object: 'bank_account', other: mine.bankAccount, reason: 'same_ending' }],
    );
  });

  test('merged: one history without doubles, found by the numbers of both, read by whoever reads it; split: as before', async () => {
    const found = (await account(mine.bankAccount)).maybe_same[0].bank_account;
    const [before, theirs] = [await rows(mine.bankAccount), await rows(found)];
    const cursor = (await get(`transactions/sync?bank_account=${mine.bankAccount}`)).next_cursor;

    const merged = await decide('merge', mine.bankAccount, found);
    assert.equal(merged.status, 200, merged.text);
    assert.deepEqual(merged.json.maybe_same, []);
    assert.equal((await account(found)).merged_into, mine.bankAccount);
    assert.deepEqual(await rows(found), theirs, 'the one taken in keeps its rows');
    const after = await rows(mine.bankAccount);
    // One of two equal payments was there already.
    assert.deepEqual(said(after), [...said(before), '2025-12-30 -9.90', '2026-01-01 -1.50'].sort());
    for (const row of before) assert.ok(after.some(({ id }) => id === row.id));
    const changes = await get(`transactions/sync?bank_account=${mine.bankAccount}&cursor=${cursor}`);
    assert.equal(changes.added.length, 2);
    assert.equal(await finds(other, giro), mine.bankAccount, 'its number leads to the one that goes on');
    assert.equal((await account(mine.bankAccount)).connection, other.connection);
    assert.equal((await decide('merge', mine.bankAccount, found)).status, 200, 'twice is once');
    const sync = await world.call('POST', `/v1/bank_accounts/${found}/sync`, { json: {} });
    assert.deepEqual([sync.status, sync.json.code], [409, 'account_merged']);

    const split = await decide('split', mine.bankAccount, found);
    assert.equal(split.status, 200, split.text);
    assert.deepEqual([split.json.id, split.json.merged_into], [found, null]);
    assert.equal(split.json.connection, other.connection);
    assert.equal((await account(mine.bankAccount)).connection, mine.connection);
    assert.deepEqual(await rows(mine.bankAccount), before);
    assert.deepEqual(await rows(found), theirs);
    assert.equal(await finds(other, giro), found, 'its number is its own again');
    assert.deepEqual((await account(found)).maybe_same, [], 'not asked again');
    const timeline = await get(`consents/${other.consent}/timeline`);
    assert.deepEqual(
      timeline.data.map(({ what, initiator }: { what: string; initiator: string }) => [what, initiator]),
      [
        ['bank_account.merged', 'app'],
        ['bank_account.split', 'app'],
      ],
    );
  });

  test('cannot be one: itself, another currency, another customer’s, one that was merged', async () => {
    const dollars = await finds(other, { ...giro, reference: 'x2', currency: 'USD' });
    const foreign = await linkedCustomer(world, world.app, 'somebody else');
    for (const [name, status, code] of [
      [mine.bankAccount, 409, 'merge_refused'],
      [dollars, 409, 'merge_refused'],
      [foreign.bankAccount, 404, 'not_found'],
      ['acc_0000000000000000000000', 404, 'not_found'],
    ] as const) {
      const answer = await decide('merge', mine.bankAccount, name);
      assert.deepEqual([answer.status, answer.json.code], [status, code], name);
    }
    const both = await link('de-nordwind');
    const one = await finds(both, { ...giro, reference: 'y1', identification: {}, name: 'A' });
    await world.platform.database.transaction((tx) =>
      storeAccounts(world.platform, tx, {
        ...both,
        accounts: [
          { ...giro, reference: 'y1', identification: {}, name: 'A' },
          { ...giro, reference: 'y2', identification: {}, name: 'A' },
        ],
      }),
    );
    const listed = (await get(`bank_accounts?connection=${both.connection}`)).data as { id: string; name: string }[];
    assert.equal(listed.length, 3);
    const second = listed.find(({ id, name }) => id !== one && name === 'A')!.id;
    assert.equal((await decide('merge', one, second)).json.code, 'merge_refused');
  });

  test('one number in common is enough, in whatever form, at whatever interface', async () => {
    const by = await link('gb-harrowby');
    const iban = { ...giro, reference: 'a', currency: 'GBP', identification: { iban: 'GB33 BUKB 2020 1555 5555 55' } };
    const code = { ...iban, reference: 'b', identification: { sortCode: '20-20-15', accountNumber: '55555555' } };
    const roll = { ...code, reference: 'c', identification: { ...code.identification, rollNumber: 'R-77' } };
    const first = await finds(by, iban);
    assert.equal(await finds(await link('gb-harrowby'), code), first);
    assert.notEqual(await finds(by, roll), first, 'a building society’s collecting account is shared by many');
    const here = await link('de-lindental');
    const german = { ...giro, reference: 'd', identification: { iban: 'DE02100100100006820101' } };
    const older = { ...giro, reference: 'e', identification: { bban: '100100100006820101' } };
    const known = await finds(here, german);
    assert.equal(known, mine.bankAccount, 'the IBAN names it at any bank');
    assert.equal(await finds(await link('de-lindental'), older), known);
  });
});
