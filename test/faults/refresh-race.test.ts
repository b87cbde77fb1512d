import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Database, openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { openBank } from '../../src/platform/connections/bank.ts';
import { readGrant } from '../../src/platform/connections/grants.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { UK_WAYS, ukWorld } from '../journeys/uk-ways.ts';
import { comesHome, connects } from '../journeys/ways.ts';
import type { World } from '../world.ts';

const CONNECTIONS = process.env.LONG ? 100 : 6;
const REPLICAS = 4;
const BANK = UK_WAYS.jarm.bank;

describe('many servers and a bank that takes each refresh token once', () => {
  let here: World;
  const databases: Database[] = [];
  before(async () => {
    here = await ukWorld();
  });
  after(async () => {
    for (const database of databases) await database.close();
    await here?.close();
  });

  test(`${REPLICAS} servers refresh ${CONNECTIONS} connections at once: exactly ${CONNECTIONS} calls, none dies (R5)`, async () => {
    for (let made = 0; made < CONNECTIONS; made += 1) await connect();
    await here.server.platform.jobs.idle();
    await endAccess();
    const replicas = await Promise.all([...Array(REPLICAS)].map(openReplica));
    const connections = await all();
    assert.equal(connections.length, CONNECTIONS);
    const reading = () =>
      Promise.all(replicas.flatMap((replica) => connections.map((connection) => read(replica, connection))));
    await here.bank.forgetsCalls(BANK);
    assert.deepEqual([...new Set(await reading())], [3]);
    assert.equal(await tokensAsked(), CONNECTIONS);
    await reading();
    assert.equal(await tokensAsked(), CONNECTIONS, 'what one server got serves all');
    for (const { id } of connections) assert.equal((await here.app.get(`/v1/connections/${id}`)).status, 'active');
  });

  test('a bank that is away while a token is renewed costs nobody their connection (R7)', async () => {
    const [connection] = await all();
    const [first, second] = await Promise.all([openReplica(), openReplica()]);
    await endAccess();
    await here.bank.misbehaves(BANK, { operation: 'token', kind: 'outage', times: 1 });
    const outcomes = await Promise.allSettled([read(first!, connection!), read(second!, connection!)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const [failed] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    assert.equal(failed.kind, 'unavailable');
    assert.equal(await read(first!, connection!), 3);
  });

  async function connect(): Promise<void> {
    const person = await here.person('plain HTTP');
    const { url } = await here.asksForConsent({ provider: BANK, scopes: ['accounts', 'balances'] });
    await connects(person, url, UK_WAYS.jarm, here.bank);
    await comesHome(person);
  }

  /** The bank's access tokens end before their time: whoever reads has to renew. */
  async function endAccess(): Promise<void> {
    for (const { id } of await here.bank.consents(BANK, UK_WAYS.jarm.login))
      await here.bank.order(`/banks/${BANK}/consents/${id}/tokens`, { end: 'access' });
  }

  async function openReplica(): Promise<Platform> {
    const database = await openDatabase(here.settings.databaseUrl!, { log: createLog('silent'), named: true, size: 3 });
    databases.push(database);
    return { ...here.server.platform, database };
  }

  const all = () =>
    here.server.platform.database.rows<{ tenant: number; id: string; interface: string }>(
      sql`select tenant, id, interface from connections order by id`,
    );

  /** Reads the accounts as that server would; how many there are. */
  async function read(replica: Platform, connection: { tenant: number; id: string; interface: string }) {
    const { tenant, id } = connection;
    const held = (await readGrant(replica, tenant, id))!;
    const bank = await openBank(replica, {
      tenant,
      provider: BANK,
      interface: connection.interface,
      connection: id,
      held,
    });
    const turn = await bank.connector.accounts(bank.context, { grant: held });
    assert.ok(turn.kind === 'done');
    return turn.result.length;
  }

  const tokensAsked = async () => (await here.bank.calls(BANK)).filter(({ operation }) => operation === 'token').length;
});
