import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Account, Transaction } from '../src/banking/account.ts';
import { BankError } from '../src/banking/bank-error.ts';
import { exportAudit } from '../src/platform/audit/audit.ts';
import { getBankAccount, listTransactions, readChanges } from '../src/platform/accounts/accounts.ts';
import { exportTransactions } from '../src/platform/accounts/export/export.ts';
import { dumpDatabase } from './dump.ts';
import { dataFiles } from './sec/data-files.ts';
import { entry, openScriptedSyncs, page, type ScriptedSyncs } from './scripted-syncs.ts';

const OWN = 'DE75512108001245126199';
const OTHERS = ['DE89370400440532013000', 'GB33BUKB20201555555555', '20-20-15', '55779911'];
const HANDLE = 'handle-4711-canary';
const HOLDER = 'Ada Canary-Beispiel';
const TOKEN = 'token-canary-9a8b7c';
const CANARIES = [OWN, ...OTHERS, HANDLE, HOLDER, TOKEN];

const ACCOUNT: Account = {
  reference: HANDLE,
  type: 'checking',
  usage: 'personal',
  currency: 'EUR',
  name: `Giro ${OWN}`,
  holderName: HOLDER,
  identification: { iban: OWN, bban: '512108001245126199' },
  status: 'enabled',
};
const ENTRIES: Transaction[] = [
  { ...entry('2026-03-02', '-2'), counterparty: { name: 'A "quoted" \\ shop', iban: OTHERS[0]! } },
  { ...entry('2026-03-02', '-3'), counterparty: { iban: OTHERS[1]! } },
  { ...entry('2026-03-01', '1'), counterparty: { name: 'B', sortCode: OTHERS[2]!, accountNumber: OTHERS[3]! } },
  { ...entry('2026-03-01', '5'), description: '"counterparty":{"iban":"x"} and "sealed":"AAAA"' },
];

describe('what identifies accounts, and what opens them at the bank', () => {
  let world: ScriptedSyncs;
  before(async () => {
    world = await openScriptedSyncs();
  });
  after(() => world.close());

  test('is answered by the API and lies nowhere in the clear: rows, files, write-ahead log, jobs, audit', async () => {
    const { platform, database } = world.data;
    const { caller, link, ids } = await world.connect([ACCOUNT], 'de-bank', {
      secret: { accessToken: TOKEN },
      accounts: [HANDLE],
    });
    world.bank.pages = [page(ENTRIES)];
    await world.first(link);
    await world.idle();
    // A bank that fails in the middle, and one whose answer cannot be read.
    for (const no of [new BankError('unavailable', 'away'), new BankError('unexpected', `of ${OWN}`)]) {
      world.bank.no = no;
      await world.first(link).catch(() => undefined);
      await world.idle();
    }
    delete world.bank.no;

    const account = await getBankAccount(platform, caller, ids[0]!);
    assert.deepEqual(account.identification, ACCOUNT.identification);
    assert.equal(account.holderName, HOLDER);
    const { elements } = await listTransactions(platform, caller, account.id, { limit: 500 });
    const rows = JSON.parse(`[${elements.join('')}]`) as {
      amount: string;
      description: string;
      counterparty?: object;
    }[];
    const of = (amount: string) => rows.find((row) => row.amount === amount)!;
    assert.deepEqual(of('-2').counterparty, ENTRIES[0]!.counterparty);
    assert.deepEqual(of('-3').counterparty, { iban: OTHERS[1] });
    assert.deepEqual(of('1').counterparty, { name: 'B', sort_code: OTHERS[2], account_number: OTHERS[3] });
    assert.equal(of('5').description, ENTRIES[3]!.description);
    const { added } = await readChanges(platform, caller, { scope: { bankAccount: account.id }, limit: 100 });
    assert.deepEqual(
      (JSON.parse(`[${added}]`) as { id: string }[]).map(({ id }) => id).sort(),
      (rows as unknown as { id: string }[]).map(({ id }) => id).sort(),
    );
    assert.ok(OTHERS.every((canary) => added.includes(canary)));
    let file = '';
    for await (const piece of await exportTransactions(platform, caller, { account: account.id }, 'csv', {}))
      file += piece;
    assert.ok([OWN, OTHERS[0]!].every((canary) => file.includes(canary)));

    const dump = await dumpDatabase(database);
    const files = (await dataFiles(database)).map((path) => readFileSync(path));
    const audit: string[] = [];
    await exportAudit(platform, (row) => void audit.push(JSON.stringify(row)));
    assert.ok(
      dump.includes(link.connection) && files.some((bytes) => bytes.includes(link.connection)) && files.length > 50,
    );
    for (const canary of CANARIES) {
      assert.ok(
        !dump.includes(canary),
        `${canary} in ${dump
          .split('\n')
          .find((line) => line.includes(canary))
          ?.slice(0, 90)}`,
      );
      assert.ok(!files.some((bytes) => bytes.includes(canary)), `${canary} in a file of the database`);
      assert.ok(!audit.some((row) => row.includes(canary)), `${canary} in the audit`);
    }
  });

  test('read again is known again: no entry is changed by being concealed', async () => {
    const { platform } = world.data;
    const { caller, link, ids } = await world.connect([ACCOUNT]);
    world.bank.pages = [page(ENTRIES)];
    await world.first(link);
    await world.idle();
    const changes = async (cursor?: string) =>
      readChanges(platform, caller, { scope: { bankAccount: ids[0]! }, limit: 100, ...(cursor ? { cursor } : {}) });
    const { next } = await changes();
    // The same entries in another order.
    world.bank.pages = [page([...ENTRIES].reverse())];
    await world.first(link);
    await world.idle();
    const { added, modified, removed } = await changes(next);
    assert.deepEqual([added, modified, removed], ['', '', []]);
    assert.equal((await world.rows(caller, ids[0]!)).length, ENTRIES.length);
  });
});
