import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { type Answer, type Caller, startTrial, type Trial } from '../../test/caller.ts';
import { KINDS, VARIANT_NAMES } from './misbehave.ts';
import { HOSTILE_TEXTS } from './world/hostile.ts';

const BANK = 'de-sonnborn';
const behaviour = `/banks/${BANK}/behaviour`;

describe('misbehaving and control', () => {
  let trial: Trial;
  let caller: Caller;
  let consentId: string;
  let transactions: string;
  let base: string;
  before(async () => {
    trial = await startTrial();
    caller = await trial.caller();
    base = trial.sandbox.machineUrl(BANK);
    const headers = { 'psu-id': 'tilda' };
    const access = { allPsd2: 'allAccounts' };
    const body = {
      access,
      recurringIndicator: true,
      validUntil: '9999-12-31',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    };
    const created = await caller.call(base, 'POST', '/v1/consents', { headers, body });
    consentId = created.body.consentId;
    const put = (change: object) => caller.call('', 'PUT', created.body._links.scaStatus.href, { body: change });
    await put({ psuData: { password: 'sonnborn-1' } });
    await put({ authenticationMethodId: '901' });
    await put({ scaAuthenticationData: '123456' });
    const accounts = await read(`${base}/v1/accounts`);
    transactions = `${accounts.body.accounts[0]._links.transactions.href}?bookingStatus=both&dateFrom=2024-01-01`;
  });
  after(() => trial?.close());

  const read = (url: string): Promise<Answer> => caller.call('', 'GET', url, { headers: { 'consent-id': consentId } });
  const control = (path: string, body?: object) => trial.sandbox.control(path, body);
  /** What the transactions look like while the bank misbehaves so, once. */
  const spoiled = async (kind: string, more: object = {}) => {
    await control(behaviour, { kind, operation: 'transactions', ...more });
    return read(transactions);
  };

  test('outages and limits, with and without a time to come back', async () => {
    assert.deepEqual([(await spoiled('outage')).status, (await read(transactions)).status], [503, 200]);
    assert.equal((await spoiled('html_500')).headers['content-type'], 'text/html');
    assert.equal((await spoiled('rate_limited', { retry_after_s: 30 })).headers['retry-after'], '30');
    assert.equal((await spoiled('rate_limited')).headers['retry-after'], undefined);
    const refused = await spoiled('error', { status: 401, code: 'CERTIFICATE_BLOCKED' });
    assert.deepEqual([refused.status, refused.body.tppMessages[0].code], [401, 'CERTIFICATE_BLOCKED']);
    assert.equal((await spoiled('ok_with_error')).status, 200);
    assert.equal((await spoiled('slow', { delay_ms: 5 })).status, 200);
  });

  test('connections that break, before the answer, within it and after the work', async () => {
    for (const kind of ['reset', 'reset_mid_body', 'lost_answer']) await assert.rejects(spoiled(kind), kind);
    assert.equal((await read(transactions)).status, 200);
  });

  test('connections that hang, before the answer and within it, until the banks end', async () => {
    const hanging: Promise<unknown>[] = [];
    for (const kind of ['hang', 'hang_after_headers', 'slow_loris']) {
      await control(behaviour, { kind, operation: 'transactions' });
      hanging.push(assert.rejects(read(transactions), kind));
    }
    await arrived(() => control(behaviour) as Promise<{ behaviours: unknown[] }>);
    const [{ pathname, search }, { pathname: own }] = [new URL(transactions), new URL(base)];
    await trial.restart();
    await Promise.all(hanging);
    base = trial.sandbox.machineUrl(BANK);
    transactions = base + pathname.slice(own.length) + search;
    assert.equal((await read(transactions)).status, 200);
  });

  test('a refusal can come as problem+json from any bank', async () => {
    await control(behaviour, { kind: 'problem_json', operation: 'transactions' });
    const refused = await read(transactions.replace('both', 'information'));
    assert.deepEqual(
      [refused.status, refused.headers['content-type'], refused.body.code],
      [400, 'application/problem+json', 'PARAMETER_NOT_SUPPORTED'],
    );
  });

  test('answers that cannot be read', async () => {
    for (const kind of ['malformed_json', 'truncated', 'truncated_gzip', 'empty', 'deep']) {
      const answer = await spoiled(kind);
      assert.ok(answer.status === 200 && (answer.body === undefined || kind === 'deep'), kind);
    }
    assert.match((await spoiled('wrong_content_type')).headers['content-type']!, /^text\/html/);
    assert.ok((await spoiled('huge', { bytes: 100_000 })).text.length > 100_000);
    assert.ok((await spoiled('wrong_encoding')).text.includes('\uFFFD'));
    const hostile = (await spoiled('hostile_text')).text;
    for (const text of HOSTILE_TEXTS) assert.ok(hostile.includes(JSON.stringify(text)), text);
  });

  test('links that lead elsewhere or in a circle', async () => {
    const next = (answer: Answer) => answer.body.transactions._links.next.href as string;
    assert.match(next(await spoiled('next_other_host')), /^https:\/\/elsewhere\.invalid\//);
    assert.match(next(await spoiled('next_loop')), /pageIndex=0/);
  });

  test('off-standard answers of every kind are JSON and differ from the good one', async () => {
    const good = (await read(transactions)).text;
    for (const variant of VARIANT_NAMES) {
      const answer = await spoiled('off_standard', { variant });
      assert.ok(answer.body, variant);
      if (variant !== 'number_strings') assert.notEqual(answer.text, good, variant);
    }
    assert.deepEqual(await control(behaviour), { behaviours: [] });
  });

  test('times are counted, until_cleared lasts, a restart forgets nothing', async () => {
    await control(behaviour, { kind: 'outage', operation: 'transactions', times: 2 });
    assert.equal((await read(transactions)).status, 503);
    const path = new URL(transactions).pathname + new URL(transactions).search;
    await trial.restart();
    caller = await trial.caller();
    const again = () => caller.call(new URL(trial.sandbox.machineUrl(BANK)).origin, 'GET', path);
    assert.deepEqual([(await again()).status, (await again()).status], [503, 400]);
    await control(behaviour, { kind: 'html_503', times: 'until_cleared' });
    for (let count = 0; count < 3; count++) assert.equal((await again()).status, 503);
    await control(`DELETE ${behaviour}`);
    assert.equal((await again()).status, 400);
  });

  test('unknown kinds, operations and banks are refused', async () => {
    await assert.rejects(async () => control(behaviour, { kind: 'sulk' }), /kind must be one of/);
    await assert.rejects(async () => control(behaviour, { kind: KINDS[0], operation: 'sing' }), /operation must be/);
    await assert.rejects(async () => control(behaviour, { kind: 'outage', times: 0 }), /times/);
    await assert.rejects(async () => control('/banks/xx-none'), /no such bank/);
    await assert.rejects(async () => control('/clock', { advance: 'soon' }), /advance/);
    await assert.rejects(async () => control('/nothing'), /There is no GET/);
  });

  test('the bank keeps a log of calls, with nothing secret in it', async () => {
    const { calls } = (await control(`/banks/${BANK}/calls`)) as { calls: Record<string, unknown>[] };
    assert.ok(calls.length > 10);
    assert.ok(calls.some((call) => call.operation === 'create_consent' && call.status === 201 && call.person_present));
    assert.ok(!JSON.stringify(calls).includes('sonnborn-1'));
    await control(`DELETE /banks/${BANK}/calls`);
    assert.deepEqual(await control(`/banks/${BANK}/calls`), { calls: [] });
  });

  test('control over HTTP wants its token, and its page works with a cookie', async () => {
    const { controlUrl, controlToken } = trial.sandbox;
    assert.equal((await ask(controlUrl, 'GET', '/clock')).status, 401);
    assert.equal((await ask(controlUrl, 'GET', '/clock', { authorization: `Bearer ${controlToken}x` })).status, 401);
    const bearer = { authorization: `Bearer ${controlToken}` };
    const moved = await ask(controlUrl, 'POST', '/clock', bearer, '{"advance":"1h"}');
    assert.ok(JSON.parse(moved.text).ahead_ms >= 3_600_000);
    assert.equal((await ask(controlUrl, 'POST', '/clock', bearer, '{"adv')).status, 400);
    assert.equal((await ask(controlUrl, 'GET', '/?token=wrong')).status, 401);
    const handed = await ask(controlUrl, 'GET', `/?token=${controlToken}`);
    const cookie = handed.headers['set-cookie']![0]!.split(';')[0]!;
    assert.match((await ask(controlUrl, 'GET', '/', { cookie })).text, /Misbehave/);
    const form = `path=${encodeURIComponent('/banks/{bank}/behaviour')}&bank=${BANK}&kind=outage&operation=*&times=until_cleared`;
    assert.equal((await ask(controlUrl, 'POST', '/order', { cookie }, form)).status, 403);
    const own = await ask(controlUrl, 'POST', '/order', { cookie, origin: controlUrl }, form);
    assert.equal(own.headers.location, '/?said=Done');
    assert.match((await ask(controlUrl, 'GET', '/', { cookie })).text, /de-sonnborn: outage/);
    const like = `path=${encodeURIComponent('/banks/{bank}/facts')}&bank=de-kobold&fact=report_formats&value=${encodeURIComponent('["camt"]')}`;
    assert.equal(
      (await ask(controlUrl, 'POST', '/order', { cookie, origin: controlUrl }, like)).headers.location,
      '/?said=Done',
    );
    assert.match((await ask(controlUrl, 'GET', '/', { cookie })).text, /de-kobold: .*report_formats.*camt/);
  });
});

/** Waits until every ordered misbehaviour was taken up. */
async function arrived(list: () => Promise<{ behaviours: unknown[] }>): Promise<void> {
  while ((await list()).behaviours.length > 0) await new Promise((resolve) => setImmediate(resolve));
}

type Said = { status: number; text: string; headers: import('node:http').IncomingHttpHeaders };

function ask(
  base: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const asked = request(base + path, { method, headers, agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      reply.once('end', () => resolve({ status: reply.statusCode ?? 0, text, headers: reply.headers }));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
