import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type Sql, sql } from '../../src/base/database.ts';
import { chainAudit, exportAudit, verifyAudit } from '../../src/platform/audit/audit.ts';
import { openStoredData, type StoredData } from '../stored-data.ts';

const happens = (what: string): Sql =>
  sql`insert into audit (at, initiator, what) values (${new Date()}, 'app', ${what})`;

describe('The chain of the audit', () => {
  let data: StoredData;
  before(async () => {
    data = await openStoredData();
    await placeOldRows(data, 3);
  });
  after(() => data.close());

  it('goes on behind the rows that took their places in it when each had its own', async () => {
    const old = await verifyAudit(data.platform);
    assert.deepEqual([old.broken, old.head.place, old.unchained], [undefined, 3, 0]);
    await data.database.run(happens('first'));
    await data.database.run(happens('second'));
    assert.equal((await verifyAudit(data.platform)).unchained, 2);
    await chainAudit(data.platform);
    const now = await verifyAudit(data.platform, old.head);
    assert.deepEqual([now.broken, now.head.place, now.unchained], [undefined, 5, 0]);
  });

  it('is as long as before when there is nothing new', async () => {
    const { head } = await verifyAudit(data.platform);
    await chainAudit(data.platform);
    assert.deepEqual((await verifyAudit(data.platform, head)).head, head);
  });

  it('leaves out no row that was numbered first and committed last', async () => {
    let commit: () => void = () => undefined;
    const wanted = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let begun: () => void = () => undefined;
    const numbered = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const late = data.database.transaction(async (tx) => {
      await tx.run(happens('late'));
      begun();
      await wanted;
    });
    await numbered;
    await data.database.run(happens('early'));
    const chaining = chainAudit(data.platform);
    const asked = sql`select 1 from pg_stat_activity where query like '%virtualtransaction = any%' and pid <> pg_backend_pid()`;
    while (!(await data.database.first(asked)));
    assert.equal((await verifyAudit(data.platform)).head.place, 5);
    commit();
    await Promise.all([late, chaining]);
    const now = await verifyAudit(data.platform);
    assert.deepEqual([now.broken, now.head.place, now.unchained], [undefined, 7, 0]);
  });

  it('does not take a head for known that no link has', async () => {
    const { head } = await verifyAudit(data.platform);
    assert.match((await verifyAudit(data.platform, { ...head, place: 4 })).broken!.why, /no link/);
    assert.match((await verifyAudit(data.platform, { ...head, place: 99 })).broken!.why, /cut off/);
    assert.match((await verifyAudit(data.platform, { ...head, hash: '0'.repeat(64) })).broken!.why, /not the chain/);
  });

  it('is in the export where a link ends', async () => {
    const rows: { place: number | null; hash: string | null; what: string }[] = [];
    await exportAudit(data.platform, (row) => void rows.push(row as never));
    const { head } = await verifyAudit(data.platform);
    assert.deepEqual(
      rows.map(({ place }) => place),
      [1, 2, 3, null, 5, null, 7],
    );
    assert.equal(rows.at(-1)!.hash, head.hash);
  });
});

/** Rows as they were chained before there were links: each with its place and the hash of all up to it. */
async function placeOldRows({ database }: StoredData, count: number): Promise<void> {
  let hash: Buffer = Buffer.alloc(32);
  for (let place = 1; place <= count; place += 1) {
    const id = 1000 + place;
    const text = `[${id}, "2026-03-01T10:00:00.000000Z", null, "app", "old", null, null, null, null]`;
    hash = createHash('sha256').update(hash).update(text).digest();
    await database.run(sql`insert into audit (id, at, initiator, what, place, hash) overriding system value
      values (${id}, '2026-03-01T10:00:00Z', 'app', 'old', ${place}, ${hash})`);
  }
  await database.run(sql`select setval(pg_get_serial_sequence('audit', 'id'), 2000)`);
}
