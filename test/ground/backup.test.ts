import assert from 'node:assert/strict';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readBackup, writeBackup } from '../../src/base/database/backup.ts';
import { type Database, openDatabase } from '../../src/base/database.ts';
import { newId } from '../../src/base/ids.ts';
import { createJobs } from '../../src/base/jobs.ts';
import { createLog } from '../../src/base/log.ts';
import { listTransactions } from '../../src/platform/accounts/accounts.ts';
import { storeAccounts, storeTransactions } from '../../src/platform/accounts/storing.ts';
import { type FreshDatabase, freshDatabase } from '../database.ts';
import { dumpDatabase } from '../dump.ts';
import { ACCOUNT, entry } from '../scripted-syncs.ts';
import { makeLink, openStoredData, type StoredData } from '../stored-data.ts';

describe('a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-backup-'));
  const file = join(folder, 'all.backup');
  const keys = `${file}.keys`;
  const log = createLog('silent');
  let data: StoredData;
  let fresh: FreshDatabase;
  let other: Database;
  before(async () => {
    data = await openStoredData();
    fresh = await freshDatabase();
    other = await openDatabase(fresh.url, { log, named: true, size: 2 });
  });
  after(async () => {
    await other.close();
    await fresh.drop();
    await data.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('of a running database brings back everything, jobs that wait included, and numbers go on above', async () => {
    const { platform, database, clock, url } = data;
    const jobs = await createJobs({ url, database, clock, log });
    await jobs.enqueue(database, 'later', { what: 'to do' }, { at: new Date(clock.now().getTime() + 3_600_000) });
    const { caller, link } = await makeLink(data);
    const at = clock.now();
    const [account] = await database.transaction((tx) => storeAccounts(platform, tx, { ...link, accounts: [ACCOUNT] }));
    const booked = Array.from({ length: 1200 }, (_, number) => ({
      ...entry('2026-03-02', `${number}.5`),
      description: `Café "${number}"\n\t\u2028 \\ {"table":1}`,
    }));
    const reading = { booked, pending: [], complete: true, since: '2026-01-01', today: '2026-03-03' };
    const where = { tenant: link.tenant, account: account!.id, sync: newId('sync'), at };
    await database.transaction((tx) =>
      storeTransactions(platform, tx, where, { ...reading, pages: [], everyPage: true }),
    );

    const saved = await writeBackup(database, createWriteStream(file), createWriteStream(keys));
    assert.ok(saved.rows > 1200 && saved.tables > 20, JSON.stringify(saved));
    // The jobs' tables are made by whoever runs jobs there.
    const there = await createJobs({ url: fresh.url, database: other, clock, log });
    assert.deepEqual(await readBackup(other, createReadStream(file), createReadStream(keys)), saved);
    const ours = (text: string) =>
      text
        .split('\n')
        .filter((line) => !/^(migrations|version): /.test(line))
        .sort();
    assert.deepEqual(ours(await dumpDatabase(other)), ours(await dumpDatabase(database)));
    const restored = { ...platform, database: other };
    const read = (from: typeof platform) => listTransactions(from, caller, account!.id, { limit: 500 });
    assert.deepEqual(await read(restored), await read(platform));
    await makeLink({ ...data, database: other, platform: restored });
    await assert.rejects(readBackup(other, createReadStream(file), createReadStream(keys)), /not empty/);
    await jobs.stop();
    await there.stop();
  });

  test('that was cut short or is of another version restores nothing', async () => {
    const another = await freshDatabase();
    const database = await openDatabase(another.url, { log, named: true, size: 2 });
    const cut = join(folder, 'cut.backup');
    writeFileSync(cut, readFileSync(file).subarray(0, 2000));
    await assert.rejects(readBackup(database, createReadStream(cut), createReadStream(keys)));
    await database.script(`insert into migrations (name, hash) values ('9999-later.sql', '')`);
    await assert.rejects(
      readBackup(database, createReadStream(file), createReadStream(keys)),
      /another version|does not have/,
    );
    assert.equal(await database.run({ text: 'select 1 from tenants', values: [] } as never), 0);
    await database.close();
    await another.drop();
  });
});
