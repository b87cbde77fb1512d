import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entry, openScriptedSyncs, PERSON, page, type ScriptedSyncs } from '../../../../test/scripted-syncs.ts';
import { listTransactions, readChanges } from '../../accounts/accounts.ts';
import { MAPPING } from '../../accounts/storing.ts';
import { replayProvider } from './replaying.ts';
import { startSync } from '../syncs.ts';

describe('kept pages read by a corrected mapping', () => {
  let world: ScriptedSyncs;
  before(async () => {
    world = await openScriptedSyncs();
  });
  after(() => world.close());

  test('change what entries say and not which there are; apps hear of it as modified; the bank is not asked', async () => {
    const { platform, clock } = world.data;
    const { caller, link, ids } = await world.connect();
    const account = ids[0]!;
    world.bank.pages = [
      page([entry('2026-03-03', '-4'), entry('2026-03-03', '-4')], '1'),
      page([entry('2026-03-02', '2'), entry('2026-03-01', '1')]),
    ];
    await world.first(link);
    await world.idle();
    await clock.advance(3_600_000);
    world.bank.pages = [page([entry('2026-03-04', '7'), entry('2026-03-03', '-4'), entry('2026-03-03', '-4')])];
    await startSync(platform, caller, { account }, { person: PERSON });
    await world.idle();
    const list = async () =>
      JSON.parse(`[${(await listTransactions(platform, caller, account, { limit: 50 })).elements.join('')}]`) as {
        id: string;
        amount: string;
        description: string;
        version: number;
      }[];
    const before = await list();
    assert.deepEqual(
      before.map(({ amount }) => amount),
      ['7', '-4', '-4', '2', '1'],
    );
    const { next } = await readChanges(platform, caller, { scope: { bankAccount: account }, limit: 100 });

    let asked = 0;
    world.bank.onCall = () => {
      asked += 1;
    };
    world.bank.mapping = (one) => (one.amount === '2' ? one : { ...one, description: `COFFEE ${one.amount}` });
    const done = await replayProvider(platform, 'de-bank', MAPPING + 1);
    assert.deepEqual([done.modified, done.added, done.removed, done.unreadable], [4, 0, 0, []]);
    assert.equal(asked, 0);
    const after = await list();
    assert.deepEqual(after.map(({ id }) => id).sort(), before.map(({ id }) => id).sort());
    assert.deepEqual(
      after.map(({ description, version }) => `${description} v${version}`),
      ['COFFEE 7 v2', 'COFFEE -4 v2', 'COFFEE -4 v2', 'entry of 2026-03-02 v1', 'COFFEE 1 v2'],
    );
    const changes = await readChanges(platform, caller, { scope: { bankAccount: account }, cursor: next, limit: 100 });
    assert.equal(JSON.parse(`[${changes.modified}]`).length, 4);
    assert.equal(changes.added, '');
    assert.equal((await replayProvider(platform, 'de-bank', MAPPING)).accounts, 0, 'they are of this version now');
    assert.equal((await replayProvider(platform, 'de-bank', MAPPING + 1)).modified, 0, 'again changes nothing');
  });
});
