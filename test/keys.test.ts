import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createVault } from '../src/base/vault.ts';
import { runKeysCommand } from '../src/commands/keys.ts';
import { readGrant } from '../src/platform/connections/grants.ts';
import { findCaller } from '../src/platform/apps/apps.ts';
import { hashToken } from '../src/base/vault.ts';
import { SEALED } from '../src/platform/keys/store.ts';
import { comesHome, connects, WAYS } from './journeys/ways.ts';
import { listSources } from './sources.ts';
import { type World, world } from './world.ts';

const old = { id: 1, key: Buffer.alloc(32, 1) };
const fresh = { id: 2, key: Buffer.alloc(32, 2) };

describe('the vault’s keys are changed while the server runs', () => {
  let here: World;
  before(async () => {
    here = await world({ vaultKeys: [old] });
  });
  after(() => here.close());

  test('everything is sealed anew, nothing is lost, and the old key opens nothing any more', async () => {
    const person = await here.person('plain HTTP');
    const { url, consent } = await here.asksForConsent({ provider: WAYS.none.bank });
    await connects(person, url, WAYS.none, here.bank);
    await comesHome(person);
    const { platform } = here.server;
    await platform.jobs.idle();
    const { connection } = await here.app.get(`/v1/consents/${consent}`);
    const { tenant } = (await findCaller(platform, hashToken(here.key)))!;
    const { database } = platform;

    const both = createVault([fresh, old]);
    const before = await runKeysCommand({ database, vault: both }, ['status']);
    assert.ok(
      before.some((line) => /connections\.grant_sealed +key 1 +1/.test(line)),
      before.join('\n'),
    );
    // Requests go on meanwhile.
    const asked = Promise.all(Array.from({ length: 50 }, () => here.app.get(`/v1/consents/${consent}`)));
    const said = await runKeysCommand({ database, vault: both }, ['rotate']);
    await asked;
    assert.match(said.at(-1)!, /^[1-9]\d* values are sealed under key 2 now\.$/);
    const after = await runKeysCommand({ database, vault: both }, ['status']);
    assert.ok(!after.some((line) => / key 1 /.test(line)), after.join('\n'));
    assert.match((await runKeysCommand({ database, vault: both }, ['rotate'])).at(-1)!, /^0 values/);

    const grantUnder = (keys: Parameters<typeof createVault>[0]) =>
      readGrant({ ...platform, vault: createVault(keys) }, tenant, connection);
    assert.ok(await grantUnder([fresh]));
    await assert.rejects(grantUnder([old]), { name: 'VaultError' });
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
});
