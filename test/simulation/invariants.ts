import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { type Database, sql } from '../../src/base/database.ts';
import { CONSENT_MOVES } from '../../src/platform/consents/consent.ts';
import type { Play } from './play.ts';
import type { Replicas } from './replicas.ts';

type Move = { consent: string; what: string; from: string | null; to: string };

/** Every change of a consent is one that is allowed, goes on from the one before, and has one row in the audit (I1, I9). */
export async function checkHistory(database: Database, tenant: number, play: Play): Promise<void> {
  const moves =
    await database.rows<Move>(sql`select consent, what, from_status as "from", to_status as "to" from timeline
    where tenant = ${tenant} and consent = any(${play.consents}) and to_status is not null and what not like 'connection.%' and what not like 'session.%'
    order by seq`);
  const now = await database.rows<{ id: string; status: string }>(
    sql`select id, status from consents where tenant = ${tenant} and id = any(${play.consents})`,
  );
  assert.equal(now.length, play.consents.length, 'each consent that was acknowledged is there (I1)');
  const audited = await database.rows<Move>(sql`select object as consent, what, from_status as "from", to_status as "to"
    from audit where tenant = ${tenant} and object = any(${play.consents}) and to_status is not null
      and what not like 'connection.%' and what not like 'session.%' order by id`);
  const inOrder = (list: Move[]) => list.map((one) => JSON.stringify(one)).sort();
  assert.deepEqual(inOrder(audited), inOrder(moves), 'each change has one row in the audit (I9)');
  for (const { id, status } of now) {
    let stands: string | null = null;
    for (const { from, to } of moves.filter(({ consent }) => consent === id)) {
      assert.equal(from, stands, `it went on from where it stood (I9): ${JSON.stringify(moves)}`);
      const isAllowed =
        from === null ||
        Object.values(CONSENT_MOVES).some((move) => move.from.includes(from as never) && move.to === to);
      assert.ok(isAllowed, `from ${from} to ${to} (I9)`);
      stands = to;
    }
    assert.equal(status, stands, 'it stands where its history ends (I9)');
  }
}

/** Each event reaches the app's webhook under its own id, and those of one connection in their order (I5). */
export async function checkTold(replicas: Replicas, tenant: number, customer: string): Promise<void> {
  type Event = { id: string; connection: string | null };
  const events = await replicas.database.rows<Event>(
    sql`select id, connection from events where tenant = ${tenant} and customer = ${customer} order by seq`,
  );
  const untold = () => events.filter(({ id }) => !replicas.told.includes(id));
  for (let tries = 0; untold().length > 0 && tries < 200; tries += 1) {
    // One that was being told when its server died is told again when its time comes.
    await replicas.passes(30_000);
    await wait(10);
  }
  assert.deepEqual(untold(), [], 'each event is told (I5)');
  for (const [connection, own] of Map.groupBy(events, (event) => event.connection)) {
    if (connection === null) continue;
    const first = own.map(({ id }) => replicas.told.indexOf(id));
    assert.deepEqual(
      first,
      first.toSorted((a, b) => a - b),
      'in the order of their connection (I5)',
    );
  }
}
