import assert from 'node:assert/strict';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readBackup, writeBackup } from '../src/base/database/backup.ts';
import { openDatabase, raw, sql } from '../src/base/database.ts';
import { createJobs } from '../src/base/jobs.ts';
import { createLog } from '../src/base/log.ts';
import { additional, encrypt, purposeKey } from '../src/base/vault/sealed.ts';
import { createVault, hashToken } from '../src/base/vault.ts';
import { runKeysCommand } from '../src/commands/keys.ts';
import { getBankAccount, listTransactions } from '../src/platform/accounts/accounts.ts';
import { findCaller } from '../src/platform/apps/apps.ts';
import { endEverything } from '../src/platform/consents/ending.ts';
import { eraseCustomer } from '../src/platform/customers/customers.ts';
import { readGrant } from '../src/platform/connections/grants.ts';
import { findKeys } from '../src/platform/keys/data-keys.ts';
import { rotateKeys } from '../src/platform/keys/rotation.ts';
import { SEALED } from '../src/platform/keys/store.ts';
import type { Platform } from '../src/platform/platform.ts';
import { freshDatabase } from './database.ts';
import { dumpDatabase } from './dump.ts';
import { comesHome, connects, WAYS } from './journeys/ways.ts';
import { listSources } from './sources.ts';
import { type World, world } from './world.ts';

const old = { id: 1, key: Buffer.alloc(32, 1) };
const fresh = { id: 2, key: Buffer.alloc(32, 2) };
const both = createVault([fresh, old]);

describe('the keys of the people', () => {
  let here: World;
  let platform: Platform;
  let tenant: number;
  before(async () => {
    here = await world({ vaultKeys: [old] });
    platform = here.server.platform;
    tenant = (await findCaller(platform, hashToken(here.key)))!.tenant;
  });
  after(() => here.close());

  /** Somebody connects a bank, and everything is read. */
  async function linked() {
    const person = await here.person('plain HTTP');
    const { url, consent, customer } = await here.asksForConsent({ provider: WAYS.none.bank });
    await connects(person, url, WAYS.none, here.bank);
    await comesHome(person);
    await platform.jobs.idle();
    const { connection } = await here.app.get(`/v1/consents/${consent}`);
    const [account] = (await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data;
    return { customer, consent, connection, account };
  }
  const under = (...keys: Parameters<typeof createVault>[0]): Platform => ({ ...platform, vault: createVault(keys) });
  const entries = (on: Platform, id: string) => listTransactions(on, { tenant }, id, { limit: 500 });

  test('are wrapped anew when the vault’s key changes: requests go on, nothing is lost, the old key opens nothing', async () => {
    const { connection, account, consent } = await linked();
    const { database, clock } = platform;
    const before = await entries(platform, account.id);
    // As a server started with both keys: its own job must not bring the old one back.
    platform.vault = both;
    const ground = { database, clock, vault: both };
    const said = await runKeysCommand(ground, ['status']);
    assert.ok(
      said.some((line) => /^connections\.grant_sealed +1 under the keys of the people$/.test(line)),
      said.join('\n'),
    );
    assert.ok(said.some((line) => /^data_keys\.wrapped +[1-9]\d* under key 1 directly$/.test(line)));
    let failed = 0;
    const asked = Promise.all(
      Array.from({ length: 50 }, () =>
        here.app.get(`/v1/consents/${consent}`).then(({ status }) => {
          failed += Number(status !== 'authorized');
        }),
      ),
    );
    const rotated = await runKeysCommand(ground, ['rotate']);
    await asked;
    assert.equal(failed, 0);
    assert.match(rotated.at(-1)!, /^[1-9]\d* values are sealed under key 2 now\.$/);
    const after = await runKeysCommand(ground, ['status']);
    assert.ok(!after.some((line) => / key 1\b/.test(line)), after.join('\n'));
    assert.match((await runKeysCommand(ground, ['rotate'])).at(-1)!, /^0 values/);
    assert.ok(await readGrant(under(fresh), tenant, connection));
    assert.deepEqual(
      await getBankAccount(under(fresh, old), { tenant }, account.id).then((one) => one.identification),
      {
        iban: account.identification.iban,
      },
    );
    assert.deepEqual(await entries(under(fresh, old), account.id), before);
    await assert.rejects(readGrant(under(old), tenant, connection), { name: 'VaultError' });
  });

  test('are renewed online: everything is sealed with fresh ones, and the older ones go after an hour', async () => {
    const { connection, account } = await linked();
    const { database, clock } = platform;
    const before = await entries(under(fresh, old), account.id);
    const rings = () => database.rows<{ length: number }>(sql`select length(wrapped) as length from data_keys`);
    const single = (await rings())[0]!.length;
    const said = await runKeysCommand({ database, clock, vault: both }, ['renew']);
    assert.ok(
      said.some((line) => /[1-9]\d* rings have a fresh key/.test(line)),
      said.join('\n'),
    );
    assert.ok((await rings()).every(({ length }) => length === 2 * single));
    for (const { table, column, holder, text } of SEALED.filter((place) => place.holder)) {
      const left = await database.rows(sql`select 1 from ${raw(table)}
        where ${raw(column)} is not null and get_byte(${raw(text ? `decode(${column}, 'base64')` : column)}, 1) <> 2`);
      assert.deepEqual(left, [], `${table}.${column} of ${holder}`);
    }
    const later = { now: () => new Date(clock.now().getTime() + 3_700_000) } as Platform['clock'];
    await rotateKeys({ database, vault: both, clock: later }, () => undefined);
    assert.ok((await rings()).every(({ length }) => length === single));
    assert.ok(await readGrant(under(fresh), tenant, connection));
    assert.deepEqual(await entries(under(fresh, old), account.id), before);
  });

  test('are given to an old database, and what lay open or under the vault’s own key is sealed', async () => {
    const { customer, connection, account } = await linked();
    const { database, clock } = platform;
    const before = await entries(under(fresh, old), account.id);
    const on = under(fresh, old);
    const keys = await findKeys(on, database, tenant, customer);
    // As it was stored before.
    const about = [String(tenant), connection, 'grant'];
    const [row] = await database.rows<{ sealed: Buffer }>(
      sql`select grant_sealed as sealed from connections where id = ${connection}`,
    );
    const head = Buffer.from([1, old.id]);
    const plain = keys.open(row!.sealed, about);
    const sealed = Buffer.concat([head, encrypt(purposeKey(old.key, 'seal'), plain, additional(head, about))]);
    const texts = await database.rows<{ seq: number; shown: string }>(
      sql`select change_seq as seq, shown from transactions where tenant = ${tenant}
        and account = (select number from bank_accounts where tenant = ${tenant} and id = ${account.id})`,
    );
    const open = texts.map(({ seq, shown }) => ({
      seq,
      shown: shown.replace(/"sealed":"([\w-]+)"/g, (_, token: string) => keys.reveal(token)),
    }));
    assert.ok(open.some(({ shown }) => shown.includes('"iban":"')));
    const [{ handle }] = (await database.rows<{ handle: string }>(
      sql`select handle from bank_accounts where id = ${account.id}`,
    )) as [{ handle: string }];
    await database.run(sql`update bank_accounts set details = null, handle = null, tokens_under = null,
      bank_reference = ${keys.reveal(handle)}, name = ${account.name}, holder_name = ${account.holder_name},
      identification = ${JSON.stringify({ iban: account.identification.iban })}::jsonb where id = ${account.id}`);
    await database.run(sql`update transactions t set shown = x.shown
      from json_to_recordset(${JSON.stringify(open)}::json) x (seq bigint, shown text), bank_accounts a
      where a.id = ${account.id} and t.tenant = a.tenant and t.account = a.number and t.change_seq = x.seq`);
    await database.run(sql`delete from bank_pages where tenant = ${tenant} and bank_account = ${account.id}`);
    await database.run(sql`delete from data_keys where tenant = ${tenant} and holder = ${customer}`);
    await database.run(sql`update connections set grant_sealed = ${sealed} where id = ${connection}`);
    // It can be read as it is.
    assert.ok(await readGrant(on, tenant, connection));
    assert.deepEqual(await entries(on, account.id), before);
    assert.deepEqual(
      (await getBankAccount(on, { tenant }, account.id)).identification.iban,
      account.identification.iban,
    );
    const lines = async () =>
      (await dumpDatabase(database)).split('\n').filter((line) => line.includes(account.identification.iban));
    assert.ok((await lines()).length > 0);

    await runKeysCommand({ database, clock, vault: both }, ['rotate']);
    assert.deepEqual(await lines(), []);
    assert.ok(await readGrant(on, tenant, connection));
    assert.deepEqual(await entries(on, account.id), before);
    const now = await getBankAccount(on, { tenant }, account.id);
    assert.deepEqual(
      [now.name, now.holderName, now.identification.iban],
      [account.name, account.holder_name, account.identification.iban],
    );
    // And read on at the bank: the reference was kept, and the account is known again.
    const again = await here.app.get(`/v1/bank_accounts/${account.id}`);
    assert.equal(again.id, account.id);
  });

  test('are destroyed when somebody is erased: what a backup holds sealed for them is dead, whoever has the vault’s key', async () => {
    const [gone, stays] = [await linked(), await linked()];
    const { database, log } = platform;
    const folder = mkdtempSync(join(tmpdir(), 'drawbridge-shredded-'));
    const file = (name: string) => join(folder, name);
    const another = await freshDatabase();
    try {
      await writeBackup(database, createWriteStream(file('may')), createWriteStream(file('may.keys')));
      await eraseCustomer(platform, tenant, gone.customer, { endEverything, requestId: null });
      await writeBackup(database, createWriteStream(file('june')), createWriteStream(file('june.keys')));
      assert.ok(readFileSync(file('may')).length > 1000);
      const restored = await openDatabase(another.url, { log: createLog('silent'), named: true, size: 2 });
      const jobs = await createJobs({ url: another.url, database: restored, clock: platform.clock, log });
      await readBackup(restored, createReadStream(file('may')), createReadStream(file('june.keys')));
      const there = { ...under(fresh, old), database: restored };
      assert.ok(await readGrant(there, tenant, stays.connection));
      await assert.rejects(readGrant(there, tenant, gone.connection), { name: 'VaultError' });
      await assert.rejects(getBankAccount(there, { tenant }, gone.account.id), { name: 'VaultError' });
      const pages = await restored.rows<{ sealed: Buffer }>(
        sql`select sealed from bank_pages where bank_account = ${gone.account.id}`,
      );
      assert.ok(pages.length > 0);
      await jobs.stop();
      await restored.close();
    } finally {
      await another.drop();
      rmSync(folder, { recursive: true });
    }
  });
});

test('every sealed column is known to the rotation', () => {
  const columns = listSources('migrations').flatMap(({ text }) => {
    let table = '';
    return text.split('\n').flatMap((line) => {
      table = /(?:create|alter) table (\w+)/.exec(line)?.[1] ?? table;
      const column = /(?:^|add column\s+)(\w+) bytea\b.*--.*sealed/.exec(line.trim())?.[1];
      const sealed = column ?? /^\s*(sealed) bytea/.exec(line)?.[1];
      return sealed ? [`${table}.${sealed}`] : [];
    });
  });
  const known = SEALED.map(({ table, column }) => `${table}.${column}`);
  assert.deepEqual(
    columns.filter((column) => !known.includes(column)),
    [],
  );
  assert.ok(columns.length >= 9, `${columns}`);
});
