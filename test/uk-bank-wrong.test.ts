import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as openid from 'openid-client';
import { startTrial, type Trial } from './caller.ts';
import { type UkClient, ukClient, ukPerson } from './uk-caller.ts';

const BASIC = ['ReadAccountsBasic', 'ReadTransactionsBasic', 'ReadTransactionsCredits', 'ReadTransactionsDebits'];

describe('what the pretend banks of the United Kingdom do wrong when told to', () => {
  let trial: Trial;
  let hybrid: UkClient;
  let jarm: UkClient;
  before(async () => {
    trial = await startTrial();
    hybrid = await ukClient(trial.sandbox, 'gb-thornfield', {
      response: 'hybrid',
      auth: 'private_key_jwt',
      algorithm: 'ES256',
    });
    jarm = await ukClient(trial.sandbox, 'gb-calderwye', {
      response: 'jarm',
      auth: 'private_key_jwt',
      algorithm: 'PS256',
    });
  });
  after(async () => {
    await hybrid?.close();
    await jarm?.close();
    await trial?.close();
  });
  const misbehaves = (bank: string, operation: string, kind: string, more: object = {}) =>
    trial.sandbox.control(`/banks/${bank}/behaviour`, { operation, kind, ...more });

  /** Approves; where the person was sent back to, and what a good client checks. */
  async function returned(client: UkClient, login: string) {
    const bank = client === hybrid ? 'gb-thornfield' : 'gb-calderwye';
    const { url, checks } = await client.begin(await client.consent(BASIC));
    const page = await ukPerson(url);
    const { password } = trial.sandbox.banks
      .find(({ slug }) => slug === bank)!
      .logins.find((one) => one.login === login)!;
    await page.press('log-in', { username: login, password });
    const [, number] = /name="account" value="([^"]+)"/.exec(page.text)!;
    return { back: (await page.press('approve', { account: number! }))!, checks };
  }
  const claimsIn = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());

  /** Variants, what of the claims they touch, and whether a certified client lets it pass. */
  const VARIANTS: [variant: string, touched: string, passes: boolean][] = [
    ['id_token_without_nonce', 'nonce', false],
    ['id_token_without_acr', 'acr', true],
    ['id_token_without_auth_time', 'auth_time', false],
    ['id_token_without_intent', 'openbanking_intent_id', true],
    ['id_token_other_intent', 'openbanking_intent_id', true],
    ['id_token_other_subject', 'sub', true],
    ['id_token_other_audience', 'aud', false],
    ['id_token_other_issuer', 'iss', false],
    ['id_token_milliseconds', 'exp', true],
    ['id_token_expired', 'exp', false],
  ];
  for (const [variant, touched, passes] of VARIANTS) {
    test(`${variant} in the token answer: signed, and ${passes ? 'for us to judge' : 'refused by a certified client'}`, async () => {
      const { back, checks } = await returned(hybrid, 'edith');
      const good = claimsIn(new URLSearchParams(new URL(back).hash.slice(1)).get('id_token')!);
      await misbehaves('gb-thornfield', 'token', 'off_standard', { variant });
      const finished = hybrid.finish(back, checks);
      if (!passes) return assert.rejects(finished, variant);
      assert.notEqual((await finished).claims()![touched], good[touched]);
    });
  }

  test('the same on the way back, in the fragment and in a signed answer', async () => {
    await misbehaves('gb-thornfield', 'authorize', 'off_standard', { variant: 'id_token_without_nonce' });
    const front = await returned(hybrid, 'edith');
    assert.equal(claimsIn(new URLSearchParams(new URL(front.back).hash.slice(1)).get('id_token')!).nonce, undefined);
    await assert.rejects(hybrid.finish(front.back, front.checks));
    await misbehaves('gb-calderwye', 'authorize', 'off_standard', { variant: 'id_token_other_issuer' });
    const signed = await returned(jarm, 'maud');
    assert.equal(claimsIn(new URL(signed.back).searchParams.get('response')!).iss, 'https://another-bank.invalid');
    await assert.rejects(jarm.finish(signed.back, signed.checks));
  });

  test('token answers: type, scope, and no identity token', async () => {
    const answers = async (variant: string) => {
      await misbehaves('gb-thornfield', 'token', 'off_standard', { variant });
      return openid.clientCredentialsGrant(hybrid.config, { scope: 'accounts' });
    };
    assert.equal((await answers('scope_empty')).scope, '');
    assert.match((await answers('scope_more')).scope!, /payments/);
    assert.equal((await answers('token_type_upper')).token_type, 'bearer', 'the client folds it');
    const { refreshToken } = await hybrid.approved('edith');
    await misbehaves('gb-thornfield', 'token', 'off_standard', { variant: 'without_id_token' });
    assert.equal((await openid.refreshTokenGrant(hybrid.config, refreshToken)).id_token, undefined);
    assert.ok((await openid.refreshTokenGrant(hybrid.config, refreshToken)).id_token);
    await misbehaves('gb-thornfield', 'token', 'invalid_grant');
    await assert.rejects(openid.refreshTokenGrant(hybrid.config, refreshToken), { error: 'invalid_grant' });
  });

  test('data: reauthenticate, errors, limits, outages, and entries that are not as they should be', async () => {
    const { accessToken: token } = await jarm.approved('maud', BASIC);
    const { url } = trial.sandbox.banks.find(({ slug }) => slug === 'gb-calderwye')!.openBanking!;
    const read = (path: string) => jarm.call('GET', path.startsWith('https:') ? path : `${url}${path}`, { token });
    const id = (await read('/accounts')).body.Data.Account[0].AccountId;
    const at = `/accounts/${id}/transactions`;
    const order = (kind: string, more: object = {}) => misbehaves('gb-calderwye', 'transactions', kind, more);
    await order('reauthenticate');
    const again = await read(at);
    assert.deepEqual([again.status, again.body.Errors[0].ErrorCode], [403, 'U028']);
    await order('error', { status: 400, code: 'U011' });
    assert.equal((await read(at)).body.Errors[0].ErrorCode, 'U011');
    await order('rate_limited', { retry_after_s: 7 });
    const limited = await read(at);
    assert.deepEqual([limited.status, limited.headers['retry-after'], limited.text], [429, '7', '']);
    await order('outage');
    assert.equal((await read(at)).status, 503);
    await order('off_standard', { variant: 'same_ids' });
    const { Data, Links } = (await read(at)).body;
    assert.ok(Data.Transaction.every((one: { TransactionId: string }) => one.TransactionId === 'NOTPROVIDED'));
    await order('next_other_host', { host: 'evil.example' });
    assert.match((await read(at)).body.Links.Next, /^https:\/\/evil\.example\//);
    await order('next_loop');
    assert.match((await read(Links.Next)).body.Links.Next, /page=1$/);
    await order('hostile_text');
    assert.doesNotMatch((await read(at)).text, /undefined/);
    await order('off_standard', { variant: 'amount_numbers' });
    assert.equal(typeof (await read(at)).body.Data.Transaction[0].Amount.Amount, 'number');
    assert.equal((await read(at)).status, 200, 'and all is well again');
    await assert.rejects(async () => order('off_standard', { variant: 'plain_links' }), 'another standard’s variant');
  });

  test('a bank that wants a User-Agent, and one whose signing keys are new', async () => {
    const control = (body: object) => trial.sandbox.control('/banks/gb-thornfield/open-banking', body);
    const base = trial.sandbox.machineUrl('gb-thornfield');
    const keys = async (): Promise<string[]> =>
      (await hybrid.call('GET', `${base}/jwks`, { headers: { 'user-agent': 'trial' } })).body.keys.map(
        (one: { kid: string }) => one.kid,
      );
    await control({ user_agent: true });
    const before = await keys();
    assert.deepEqual([(await hybrid.call('GET', `${base}/jwks`)).status, before.length], [403, 2]);
    await control({ user_agent: false, signing_keys: 'new' });
    const now = await keys();
    assert.ok(now.length === 2 && now.every((kid) => !before.includes(kid)));
    const { back, checks } = await returned(hybrid, 'rowan');
    // A certified client reads the keys once more, as soon as a minute has gone by.
    await assert.rejects(hybrid.finish(back, checks));
    for (const wrong of [{ rotate: 'yes' }, { registration: { audience: 'x' } }, { signing_keys: 'old' }, { speed: 1 }])
      await assert.rejects(async () => control(wrong), JSON.stringify(wrong));
  });
});
