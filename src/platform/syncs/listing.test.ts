import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCOUNT, openScriptedSyncs, PERSON, type ScriptedSyncs } from '../../../test/scripted-syncs.ts';
import type { Account } from '../../banking/account.ts';
import { BankError } from '../../banking/bank-error.ts';
import { listBankAccounts } from '../accounts/accounts.ts';
import type { AccountLink } from '../accounts/storing.ts';
import type { Caller } from '../platform.ts';
import { startSync } from './syncs.ts';

const DAY_MS = 86_400_000;
const SECOND: Account = { ...ACCOUNT, reference: 'r2', identification: { iban: 'DE02120300000000202051' } };

describe('the accounts of a connection as days pass', () => {
  let world: ScriptedSyncs;
  before(async () => {
    world = await openScriptedSyncs();
  });
  after(() => world.close());

  test('one that is no longer listed is closed, one with a new number or handle keeps its id, one that is new stays unread unless the bank asked', async () => {
    const { caller, link, ids } = await world.connect([ACCOUNT, SECOND]);
    await world.first(link);
    await world.idle();
    const third: Account = { ...ACCOUNT, reference: 'r3', identification: { iban: 'DE88100900001234567892' } };
    const moved: Account = { ...ACCOUNT, name: 'Renamed', identification: { iban: 'DE12500105170648489890' } };
    world.bank.accounts = [moved, third];
    await syncs(caller, link);
    assert.deepEqual(await accounts(caller, link, ids), [
      { id: ids[0], name: 'Renamed', iban: 'DE12500105170648489890', status: 'active' },
      { id: ids[1], name: null, iban: 'DE02120300000000202051', status: 'closed' },
    ]);
    world.bank.accounts = [{ ...moved, reference: 'other handle' }, SECOND];
    await syncs(caller, link);
    assert.deepEqual(
      (await accounts(caller, link, ids)).map(({ id, status }) => [id, status]),
      [
        [ids[0], 'active'],
        [ids[1], 'active'],
      ],
      'it is there again',
    );
    const types = (await world.events(link)).map(({ type }) => type).filter((type) => type.startsWith('bank_account'));
    assert.deepEqual(types, [
      'bank_account.created',
      'bank_account.created',
      'bank_account.updated',
      'bank_account.closed',
      'bank_account.updated',
    ]);
  });

  test('a new account is read where the bank’s own page asked which; an empty list closes nothing', async () => {
    const { caller, link, ids } = await world.connect([ACCOUNT], 'de-bank', { chosenAtBank: true });
    await world.first(link);
    await world.idle();
    world.bank.accounts = [];
    await syncs(caller, link);
    assert.deepEqual(
      (await accounts(caller, link, ids)).map(({ status }) => status),
      ['active'],
    );
    world.bank.accounts = [ACCOUNT, SECOND];
    await syncs(caller, link);
    const both = await accounts(caller, link, ids);
    assert.equal(both.length, 2);
    assert.equal((await world.rows(caller, both[1]!.id!)).length, 2, 'its history came with the same sync');
  });

  test('a connection that needed the person works again once a read with them went well', async () => {
    const { caller, link, ids } = await world.connect();
    await world.first(link);
    await world.idle();
    world.bank.no = new BankError('wrong_credentials', 'password changed');
    await startSync(world.data.platform, caller, { account: ids[0]! });
    await world.idle();
    assert.equal((await world.connectionOf(link))?.status, 'action_required');
    delete world.bank.no;
    await startSync(world.data.platform, caller, { account: ids[0]! }, { person: PERSON });
    await world.idle();
    assert.equal((await world.connectionOf(link))?.status, 'active');
    assert.equal((await world.events(link)).filter(({ type }) => type === 'connection.restored').length, 1);
  });

  async function syncs(caller: Caller, link: AccountLink): Promise<void> {
    await world.data.clock.advance(DAY_MS);
    await world.idle();
    await startSync(world.data.platform, caller, { connection: link.connection }, { person: PERSON });
    await world.idle();
  }

  async function accounts(caller: Caller, link: AccountLink, ids: string[]) {
    const place = (id: string) => (ids.includes(id) ? ids.indexOf(id) : ids.length);
    const { rows } = await listBankAccounts(world.data.platform, caller, { connection: link.connection, limit: 10 });
    return rows
      .sort((a, b) => place(a.id) - place(b.id))
      .map(({ id, name, identification, status }) => ({ id, name, iban: identification.iban, status }));
  }
});
