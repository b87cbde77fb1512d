import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { comesHome, connects, logsInAtBank, type Way } from '../journeys/ways.ts';
import { type World, world } from '../world.ts';

const BANK = 'de-kobold';
const WAY: Way = {
  name: 'a bank that misbehaves',
  bank: BANK,
  bankName: 'Kobold Bank',
  login: 'kuno',
  password: 'kobold-1',
  signIn: async (person) => {
    await person.follows(/^Go to Kobold Bank/);
    await logsInAtBank(person, 'kuno', 'kobold-1');
    await person.presses('Approve');
  },
  grants: true,
};

/** What a read comes to: the sync, its account's transactions, the kind of the no, and the connection afterwards. */
type State = { sync: string; outcome: string; error?: string; connection: string };

/** Comes back by itself; nothing is ended. */
const later = (error: string): State => ({ sync: 'queued', outcome: 'none', error, connection: 'active' });
const good: State = { sync: 'completed', outcome: 'complete', connection: 'active' };
/** What could be read is kept, what could not is named. */
const partly: State = { sync: 'completed', outcome: 'incomplete', connection: 'active' };

/** Every way of GOALS that a bank can fail in the middle of reading, by name, and the state it leaves. */
const FAULTS: [name: string, order: Record<string, unknown>, leaves: State, long?: true][] = [
  ['503 in JSON', { kind: 'outage' }, later('unavailable')],
  ['500 in HTML', { kind: 'html_500' }, later('unavailable')],
  ['503 in HTML', { kind: 'html_503' }, later('unavailable')],
  ['502', { kind: 'error', status: 502 }, later('unavailable')],
  ['504', { kind: 'error', status: 504 }, later('unavailable')],
  ['reset at once', { kind: 'reset' }, later('unavailable')],
  ['reset in the middle of the body', { kind: 'reset_mid_body' }, later('unavailable')],
  ['the answer is lost on its way', { kind: 'lost_answer' }, later('unavailable')],
  ['429 without a moment', { kind: 'rate_limited' }, later('rate_limited')],
  ['429 with Retry-After', { kind: 'rate_limited', retry_after_s: 7200 }, later('rate_limited')],
  ['JSON that breaks off', { kind: 'malformed_json' }, later('unexpected')],
  ['half an answer', { kind: 'truncated' }, later('unexpected')],
  ['nothing in a good answer', { kind: 'empty' }, later('unexpected')],
  ['nested ten thousand deep', { kind: 'deep' }, later('unexpected')],
  ['half a gzip', { kind: 'truncated_gzip' }, later('unexpected')],
  ['50 MB in one page', { kind: 'huge' }, good],
  ['60 MB in one page', { kind: 'huge', bytes: 60_000_000 }, later('unexpected')],
  ['200 with an error in it', { kind: 'ok_with_error' }, later('unexpected')],
  ['the wrong content type', { kind: 'wrong_content_type' }, good],
  ['the wrong encoding', { kind: 'wrong_encoding' }, good],
  ['a link to the next page that leads back', { kind: 'next_loop' }, good],
  ['an entry twice in a page', { kind: 'off_standard', variant: 'duplicated' }, good],
  ['the entries in another order', { kind: 'off_standard', variant: 'reordered' }, good],
  ['no ids', { kind: 'off_standard', variant: 'missing_ids' }, good],
  ['one id for all', { kind: 'off_standard', variant: 'same_ids' }, good],
  ['amounts as numbers', { kind: 'off_standard', variant: 'amount_numbers' }, good],
  ['fields nobody knows', { kind: 'off_standard', variant: 'unknown_fields' }, good],
  ['an entry that cannot be read', { kind: 'off_standard', variant: 'bad_entry' }, partly],
  ['never an answer', { kind: 'hang' }, later('unavailable'), true],
  ['never an answer after its headers', { kind: 'hang_after_headers' }, later('unavailable'), true],
  ['a byte a second', { kind: 'slow_loris' }, later('unavailable'), true],
  [
    'our certificate expired in the middle of the day',
    { kind: 'error', status: 401, code: 'CERTIFICATE_EXPIRED' },
    { sync: 'failed', outcome: 'failed', error: 'misconfigured', connection: 'active' },
  ],
  // Last, because the person is needed then.
  [
    '401 and the consent is gone',
    { kind: 'error', status: 401, code: 'CONSENT_INVALID' },
    { sync: 'failed', outcome: 'failed', error: 'consent_gone', connection: 'action_required' },
  ],
];

describe('a bank fails while it is read', () => {
  let here: World;
  let consent: string;
  let account: string;
  let connection: string;
  let rows: unknown[];
  before(async () => {
    here = await world();
    const asked = await here.asksForConsent({ provider: BANK });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, WAY, here.bank);
    await comesHome(person);
    consent = asked.consent;
    connection = (await here.app.get(`/v1/consents/${consent}`)).connection;
    await here.app.hears('sync.completed', { connection });
    account = (await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data[0].id;
    rows = await listed();
  });
  after(() => here.close());

  for (const [name, order, leaves, long] of FAULTS) {
    test(`${name}: ${leaves.error ?? leaves.outcome}`, {
      skip: long && !process.env.LONG ? 'half a minute each: npm run long' : false,
    }, async () => {
      await here.bank.misbehaves(BANK, { operation: 'transactions', times: 'until_cleared', ...order });
      const left = await reads();
      await here.bank.behavesAgain(BANK);
      assert.deepEqual(left, leaves);
      assert.deepEqual(await listed(), rows, 'nothing is lost or doubled');
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized', 'it ends no consent');
      if (leaves.connection === 'active') assert.deepEqual(await reads(), good, 'and the next read is whole');
    });
  }

  /** One attended read, and what it came to. */
  async function reads(): Promise<State> {
    const started = await here.app.call('POST', `/v1/bank_accounts/${account}/sync`, {
      psu: { ip_address: '198.51.100.7', user_agent: 'test' },
    });
    assert.equal(started.status, 202, JSON.stringify(started.body));
    await here.server.platform.jobs.idle();
    const { recent, current } = await here.app.get(`/v1/bank_accounts/${account}/sync`);
    const sync = current ?? recent[0];
    const read = sync.accounts.findLast(({ resource }: { resource: string }) => resource === 'transactions');
    const { status } = await here.app.get(`/v1/connections/${connection}`);
    const error = sync.error ?? (sync.status === 'queued' ? kindOf(sync) : undefined);
    return {
      sync: sync.status,
      outcome: read?.outcome ?? 'none',
      ...(error ? { error } : {}),
      connection: status,
    };
  }

  /** Why a sync waits: only the pause tells, because what failed is read again. */
  function kindOf({ not_before }: { not_before: string }): string {
    const minutes = Math.round((Date.parse(not_before) - here.clock.now().getTime()) / 60_000);
    return (
      { 1: 'unavailable', 10: 'unexpected', 60: 'rate_limited', 120: 'rate_limited' }[minutes] ?? `${minutes} minutes`
    );
  }

  async function listed(): Promise<unknown[]> {
    const { data } = await here.app.get(`/v1/bank_accounts/${account}/transactions?limit=500`);
    return data.map(({ id, amount, status }: Record<string, unknown>) => `${id} ${amount} ${status}`);
  }
});
