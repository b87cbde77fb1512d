import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS, type Way } from './ways.ts';

const DAY_MS = 86_400_000;

describe('the life of a consent', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const connected = async (way: Way, more: object = {}) => {
    const asked = await here.asksForConsent({ provider: way.bank, ...more });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, way, here.bank);
    await comesHome(person);
    const consent = await here.app.get(`/v1/consents/${asked.consent}`);
    await here.app.hears('sync.completed', { connection: consent.connection });
    return { ...asked, connection: consent.connection as string };
  };

  test('revoked by the app: ended here at once and at the bank, and the bank is asked for nothing more (T20)', async () => {
    const { consent, connection } = await connected(WAYS.redirected);
    await here.bank.forgetsCalls('de-nordwind');
    const revoked = await here.app.post(`/v1/consents/${consent}/revoke`);
    assert.equal(revoked.status, 'canceled');
    await here.eventually(async () => {
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).bank_revocation, 'done');
    });
    const [last] = await here.bank.consents('de-nordwind', 'mara');
    assert.equal(last?.status, 'terminatedByTpp');
    const { status } = await here.app.call('POST', `/v1/bank_accounts/${await anAccount(consent)}/sync`, {});
    assert.equal(status, 409);
    await here.clock.advance(2 * DAY_MS);
    await here.server.platform.jobs.idle();
    const calls = await here.bank.calls('de-nordwind');
    assert.deepEqual(
      calls.map(({ operation }) => operation),
      ['delete_consent'],
    );
    const connectionNow = await here.app.get(`/v1/connections/${connection}`);
    assert.equal(connectionNow.status, 'disconnected');
    const again = await here.app.post(`/v1/consents/${consent}/revoke`);
    assert.equal(again.status, 'canceled');
  });

  test('revoked while the bank is away: told again until it knows', async () => {
    const { consent } = await connected(WAYS.told);
    await here.bank.misbehaves('at-enzian', { operation: 'delete_consent', kind: 'outage', times: 2 });
    await here.app.post(`/v1/consents/${consent}/revoke`);
    await here.eventually(async () => {
      await here.clock.advance(3_600_000);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).bank_revocation, 'done');
    });
    assert.equal((await here.bank.consents('at-enzian', 'vera'))[0]?.status, 'terminatedByTpp');
  });

  test('revoked at the bank by the person: the connection says that it needs them', async () => {
    const { connection, consent } = await connected(WAYS.explicit);
    const person = await here.person('plain HTTP');
    await person.opens(`${here.server.sandbox!.peopleUrl('gb-harrowby')}/consents`);
    await person.fills('Username', 'alice');
    await person.fills('Password', 'harrowby-1');
    await person.presses('Log in');
    await person.presses('Revoke');
    await here.app.call('POST', `/v1/bank_accounts/${await anAccount(consent)}/sync`, {
      psu: { ip_address: '198.51.100.7', user_agent: 'test' },
    });
    await here.app.hears('connection.action_required', { id: connection });
    const { needs } = await here.app.get(`/v1/connections/${connection}`);
    assert.equal(needs.who, 'person');
    assert.ok((await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data[0].id, 'what was read stays readable');
  });

  test('read without the person: no presence header, never more than four times a day (T21)', async () => {
    await connected(WAYS.oauth);
    await here.bank.forgetsCalls('at-alpenhof');
    for (let hours = 0; hours < 48; hours += 3) {
      await here.clock.advance(3 * 3_600_000);
      await here.server.platform.jobs.idle();
    }
    const reads = (await here.bank.calls('at-alpenhof')).filter(({ operation }) => operation === 'transactions');
    assert.ok(reads.length >= 2, 'nothing was read by itself in two days');
    assert.ok(
      reads.every(({ person_present }) => !person_present),
      'a presence header without a person',
    );
    assert.ok(
      reads.every(({ status }) => status !== 429),
      'the bank had to say no',
    );
  });

  test('read with the person: the presence header is there', async () => {
    const { consent } = await connected(WAYS.told);
    await here.bank.forgetsCalls('at-enzian');
    const account = await anAccount(consent);
    const started = await here.app.call('POST', `/v1/bank_accounts/${account}/sync`, {
      psu: { ip_address: '198.51.100.7', user_agent: 'test' },
    });
    assert.ok(started.status < 300, JSON.stringify(started.body));
    await here.eventually(async () => {
      const reads = (await here.bank.calls('at-enzian')).filter(({ operation }) => operation === 'transactions');
      assert.ok(reads.length > 0);
      assert.ok(reads.every(({ person_present }) => person_present));
    });
    await here.server.platform.jobs.idle();
    const { data } = await here.app.get(`/v1/bank_calls?limit=100`);
    assert.ok(data.some(({ attended }: { attended: boolean }) => attended));
  });

  test('at its end: expired, announced, and not read any more', async () => {
    const { consent, connection } = await connected(WAYS.none, { valid_days: 3 });
    const { expires_at } = await here.app.get(`/v1/consents/${consent}`);
    assert.ok(expires_at);
    await here.clock.advance(5 * DAY_MS);
    await here.app.hears('consent.expired', { id: consent });
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'expired');
    await here.bank.forgetsCalls('de-lindental');
    await here.clock.advance(2 * DAY_MS);
    await here.server.platform.jobs.idle();
    const reads = (await here.bank.calls('de-lindental')).filter(({ operation }) =>
      /transactions|balances|accounts/.test(operation),
    );
    assert.deepEqual(reads, []);
    assert.notEqual((await here.app.get(`/v1/connections/${connection}`)).status, 'active');
  });

  test('the change feed, applied, is what the list says', async () => {
    const { consent } = await connected(WAYS.redirected);
    const held = new Map<string, { id: string }>();
    let cursor = '';
    const apply = async () => {
      for (;;) {
        const page = await here.app.get(
          `/v1/transactions/sync?consent=${consent}&limit=50${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        for (const one of [...page.added, ...page.modified]) held.set(one.id, one);
        for (const one of page.removed) held.delete(one.id ?? one);
        cursor = page.next_cursor;
        if (!page.has_more) return;
      }
    };
    await apply();
    assert.ok(held.size > 100, `${held.size} transactions`);
    await here.clock.advance(3 * DAY_MS);
    await here.server.platform.jobs.idle();
    await apply();
    const listed = new Map<string, { id: string }>();
    for (const account of (await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data) {
      for (let next = ''; ; ) {
        const page = await here.app.get(
          `/v1/bank_accounts/${account.id}/transactions?limit=500${next && `&cursor=${encodeURIComponent(next)}`}`,
        );
        for (const one of page.data) listed.set(one.id, one);
        if (!page.has_more) break;
        next = page.next_cursor;
      }
    }
    assert.deepEqual([...held.keys()].sort(), [...listed.keys()].sort());
    for (const [id, one] of listed) assert.deepEqual(held.get(id), one);
  });

  async function anAccount(consent: string): Promise<string> {
    return (await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data[0].id;
  }
});
