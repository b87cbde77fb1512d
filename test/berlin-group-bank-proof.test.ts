import assert from 'node:assert/strict';
import { createCipheriv, createHash, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { visit } from './bank-page.ts';
import type { Answer } from './caller.ts';
import { BACK, type PretendBank, pretendBank } from './pretend-bank.ts';
import { root } from './sources.ts';

/** Each way of proving who one is, at one bank that control makes so, with no connector of ours. */
describe('proving oneself at a pretend Berlin Group bank', () => {
  let bank: PretendBank;
  before(async () => {
    bank = await pretendBank('de-kobold', ['kuno', 'kobold-1']);
  });
  after(() => bank?.trial.close());
  beforeEach(() => bank.is({}));
  const KUNO = { 'psu-id': 'kuno' };
  const embedded = { approach: 'embedded', consent_models: ['global'] };
  const code = (answer: Answer) => answer.body.tppMessages?.[0]?.code;

  test('a code comes back with the person and confirms; a wrong one fails the authorisation', async () => {
    for (const parameter of ['code', 'confirmationCode']) {
      await bank.is({ confirmation: parameter });
      const created = await bank.asks();
      assert.ok(created.body._links.confirmation);
      const page = await visit(created.body._links.scaRedirect.href);
      await page.logIn('kuno', 'kobold-1');
      const back = new URL((await page.press('approve'))!);
      assert.equal(back.searchParams.get('state'), 'one');
      const asked = await bank.follows(created, 'scaStatus', 'GET');
      assert.deepEqual([asked.body.scaStatus, await bank.status(created)], ['unconfirmed', 'received']);
      const confirmationCode = back.searchParams.get(parameter);
      const confirmed = await bank.follows(asked, 'confirmation', 'PUT', { confirmationCode });
      assert.deepEqual([confirmed.body.scaStatus, await bank.status(created)], ['finalised', 'valid']);
    }
    const created = await bank.asks();
    const page = await visit(created.body._links.scaRedirect.href);
    await page.logIn('kuno', 'kobold-1');
    await page.press('approve');
    const failed = await bank.follows(created, 'confirmation', 'PUT', { confirmationCode: 'another' });
    assert.deepEqual([failed.status, failed.body.scaStatus, await bank.status(created)], [200, 'failed', 'rejected']);
  });

  test('passwords that must come encrypted, and a second one', async () => {
    await bank.is({ ...embedded, password_key: true, additional_password: true });
    const { keys } = (await bank.caller.call(bank.base, 'GET', '/keys/passwords.json')).body;
    const sealed = (text: string) => encrypted(text, keys[0]);
    const created = await bank.asks(KUNO);
    const put = (answer: Answer, link: string, psuData: object) => bank.follows(answer, link, 'PUT', { psuData });
    const link = 'updateEncryptedPsuAuthentication';
    const plain = await put(created, link, { password: 'kobold-1' });
    assert.deepEqual([plain.status, code(plain)], [400, 'FORMAT_ERROR']);
    const broken = await put(created, link, { encryptedPassword: `${sealed('kobold-1')}x` });
    assert.deepEqual([broken.status, code(broken)], [400, 'FORMAT_ERROR']);
    const first = await put(created, link, { encryptedPassword: sealed('kobold-1') });
    assert.equal(first.body.scaStatus, 'psuIdentified');
    const wrong = await put(first, 'updateAdditionalEncryptedPsuAuthentication', {
      additionalEncryptedPassword: sealed('kobold-1'),
    });
    assert.deepEqual([wrong.status, code(wrong)], [401, 'PSU_CREDENTIALS_INVALID']);
    const second = await put(wrong, 'updateAdditionalEncryptedPsuAuthentication', {
      additionalEncryptedPassword: sealed('kobold-2'),
    });
    assert.equal(second.body.scaStatus, 'scaMethodSelected');
    const done = await bank.follows(second, 'authoriseTransaction', 'PUT', { scaAuthenticationData: '123456' });
    assert.deepEqual([done.body.scaStatus, await bank.status(created)], ['finalised', 'valid']);
    await bank.is({ ...embedded, additional_password: true });
    const again = await put(await bank.asks(KUNO), 'updatePsuAuthentication', { password: 'kobold-1' });
    assert.ok(again.body._links.updateAdditionalPsuAuthentication);
    const started = await bank.is({ ...embedded, password_key: true, start: 'explicit' }).then(() => bank.asks(KUNO));
    assert.ok(started.body._links.startAuthorisationWithEncryptedPsuAuthentication);
  });

  test('signing in by OAuth comes before the consent', async () => {
    await bank.is({ ...embedded, pre_step: 'oauth' });
    const refused = await bank.asks();
    assert.deepEqual([refused.status, code(refused)], [401, 'TOKEN_UNKNOWN']);
    const metadata = (await bank.follows(refused, 'scaOAuth', 'GET')).body;
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: bank.caller.organizationId,
      scope: 'AIS',
      redirect_uri: BACK,
      state: 'two',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const page = await visit(`${metadata.authorization_endpoint}?${query}`);
    await page.sees('wants to know who you are');
    await page.logIn('kuno', 'wrong');
    await page.sees('username or the password is wrong');
    const back = new URL((await page.logIn('kuno', 'kobold-1'))!);
    const form = {
      grant_type: 'authorization_code',
      client_id: bank.caller.organizationId,
      code: back.searchParams.get('code')!,
      redirect_uri: BACK,
      code_verifier: verifier,
    };
    const tokens = (await bank.caller.call('', 'POST', metadata.token_endpoint, { form })).body;
    const bearer = { authorization: `Bearer ${tokens.access_token}` };
    const created = await bank.asks(bearer);
    assert.equal(created.body.scaStatus, 'scaMethodSelected', created.text);
    const done = await bank.follows(
      created,
      'authoriseTransaction',
      'PUT',
      { scaAuthenticationData: '123456' },
      bearer,
    );
    assert.equal(done.body.scaStatus, 'finalised');
    const without = await bank.reads(created.body.consentId, '/v1/accounts');
    assert.deepEqual([without.status, code(without)], [401, 'TOKEN_UNKNOWN']);
    const accounts = await bank.reads(created.body.consentId, '/v1/accounts', bearer);
    assert.equal(accounts.body.accounts.length, 2);
    const refresh = { grant_type: 'refresh_token', client_id: form.client_id, refresh_token: tokens.refresh_token };
    const fresh = await bank.caller.call('', 'POST', metadata.token_endpoint, { form: refresh });
    assert.notEqual(fresh.body.access_token, tokens.access_token);
    const reused = await bank.caller.call('', 'POST', metadata.token_endpoint, { form: refresh });
    assert.equal(reused.body.error, 'invalid_grant');
    const cancelled = await visit(`${metadata.authorization_endpoint}?${query}`);
    assert.match((await cancelled.press('refuse'))!, /error=access_denied/);
  });

  test('a password given before the consent, and a token of the caller alone', async () => {
    await bank.is({ ...embedded, pre_step: 'password' });
    assert.equal(code(await bank.asks()), 'TOKEN_UNKNOWN');
    const signIn = (password: string) =>
      bank.caller.call(bank.base, 'POST', '/pre-auth/token', { body: { username: 'kuno', password } });
    assert.equal(code(await signIn('wrong')), 'PSU_CREDENTIALS_INVALID');
    const token = { 'psd2-authorization': `Bearer ${(await signIn('kobold-1')).body.access_token}` };
    const created = await bank.asks(token);
    await bank.follows(created, 'authoriseTransaction', 'PUT', { scaAuthenticationData: '123456' }, token);
    assert.equal((await bank.reads(created.body.consentId, '/v1/accounts', token)).status, 200);
    await bank.is({ pre_step: 'client_credentials' });
    assert.equal(code(await bank.asks()), 'TOKEN_UNKNOWN');
    const form = { grant_type: 'client_credentials', client_id: bank.caller.organizationId };
    const { access_token } = (await bank.caller.call(bank.base, 'POST', '/token', { form })).body;
    const consentId = await bank.approved({ authorization: `Bearer ${access_token}` });
    assert.equal((await bank.reads(consentId, '/v1/accounts')).status, 200);
  });

  test('the style of 1.1: everything is put on the consent itself', async () => {
    await bank.is({ ...embedded, authorisation: 'consent' });
    const created = await bank.asks();
    assert.match(
      created.body._links.updatePsuAuthentication.href,
      new RegExp(`/v1/consents/${created.body.consentId}$`),
    );
    assert.equal(created.body._links.scaStatus, undefined);
    const psuData = { password: 'kobold-1' };
    const asked = await bank.follows(created, 'updatePsuAuthentication', 'PUT', { psuData }, KUNO);
    assert.equal(asked.body.authorisationId, undefined);
    await bank.follows(asked, 'authoriseTransaction', 'PUT', { scaAuthenticationData: '123456' });
    assert.equal(await bank.status(created), 'valid');
    const below = await bank.caller.call(bank.base, 'POST', `/v1/consents/${created.body.consentId}/authorisations`);
    assert.equal(below.status, 404);
  });

  test('an approach that changes after the method was chosen: to the phone, or to the bank’s page', async () => {
    const chosen = async (oddity: string) => {
      await bank.is({ ...embedded, [oddity]: true });
      const created = await bank.asks(KUNO);
      const answer = await bank.follows(created, 'updatePsuAuthentication', 'PUT', {
        psuData: { password: 'kobold-1' },
      });
      return { created, answer };
    };
    const phone = await chosen('approach_changes');
    assert.deepEqual(
      [phone.answer.headers['aspsp-sca-approach'], phone.answer.body.scaStatus],
      ['DECOUPLED', 'started'],
    );
    await bank.trial.sandbox.control('/banks/de-kobold/phone/approve', {});
    assert.equal(await bank.status(phone.created), 'valid');
    const sent = await chosen('approach_redirects');
    assert.equal(sent.answer.headers['aspsp-sca-approach'], 'REDIRECT');
    const page = await visit(sent.answer.body._links.scaRedirect.href);
    await page.logIn('kuno', 'kobold-1');
    assert.equal(await page.press('approve'), BACK);
    assert.equal(await bank.status(sent.created), 'valid');
  });

  test('OAuth under other names, with another scope, and without metadata', async () => {
    const oauth = { approach: 'oauth', consent_models: ['global'], oauth_scope: 'AIS: {consent_id}' };
    await bank.is({ ...oauth, oauth_parameters: 'camel_case', oauth_metadata: false });
    const created = await bank.asks();
    const verifier = randomBytes(32).toString('base64url');
    const begin = (more: Record<string, string>) =>
      visit(
        `${created.body._links.scaOAuth.href}?${new URLSearchParams({
          responseType: 'CODE',
          clientId: bank.caller.organizationId,
          scope: `AIS: ${created.body.consentId}`,
          redirectUri: BACK,
          state: 'two',
          codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
          codeChallengeMethod: 'S256',
          ...more,
        })}`,
      );
    await (await begin({ scope: `AIS:${created.body.consentId}` })).sees('This consent is not known');
    assert.match((await begin({ responseType: 'code' })).leftTo!, /unsupported_response_type/);
    const page = await begin({});
    await page.logIn('kuno', 'kobold-1');
    const back = new URL((await page.press('approve'))!);
    const form = {
      grant_type: 'authorization_code',
      client_id: bank.caller.organizationId,
      code: back.searchParams.get('code')!,
      redirect_uri: BACK,
      code_verifier: verifier,
    };
    assert.equal((await bank.caller.call(bank.base, 'POST', '/token', { form })).body.token_type, 'Bearer');
  });

  test('what a bank wants to be told, or not, with every request', async () => {
    const cases: [facts: object, wrong: object, right: object][] = [
      [{ psu_id: 'required' }, {}, KUNO],
      [{ psu_id: 'forbidden' }, KUNO, {}],
      [{ psu_id: 'empty' }, KUNO, { 'psu-id': '' }],
      [{ psu_id_type: 'KOBOLD_ONLINE' }, { ...KUNO, 'psu-id-type': '' }, { ...KUNO, 'psu-id-type': 'KOBOLD_ONLINE' }],
      [{ corporate_id: true }, {}, { 'psu-corporate-id': 'Kobold GmbH' }],
      [{ user_agent: true }, {}, { 'user-agent': 'Drawbridge' }],
      [{ date_header: true }, {}, { date: new Date().toUTCString() }],
      [{ charset_refused: true }, { 'content-type': 'application/json; charset=utf-8' }, {}],
    ];
    for (const [facts, wrong, right] of cases) {
      await bank.is(facts as Record<string, unknown>);
      const refused = await bank.asks(wrong as Record<string, string>);
      assert.ok(refused.status >= 400 && refused.status < 500, JSON.stringify(facts));
      assert.equal((await bank.asks(right as Record<string, string>)).status, 201, JSON.stringify(facts));
    }
    await bank.is({ attended_only: true });
    const consentId = await bank.approved();
    const alone = await bank.caller.call(bank.base, 'GET', '/v1/accounts', {
      headers: { 'consent-id': consentId },
      unattended: true,
    });
    assert.deepEqual([alone.status, (await bank.reads(consentId, '/v1/accounts')).status], [400, 200]);
  });

  test('limits of a consent: its kind, its days, its frequency', async () => {
    const day = (days: number) =>
      new Date(bank.trial.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
    const cases: [facts: object, wrong: object, right: object][] = [
      [{ recurring_only: true }, { recurringIndicator: false, frequencyPerDay: 1 }, {}],
      [{ frequency_per_day: 1 }, {}, { frequencyPerDay: 1 }],
      [{ valid_until: 'refused', longest_consent_days: 90 }, {}, { validUntil: day(89) }],
      [{ valid_until: 'longest' }, { validUntil: day(30) }, {}],
      [{ consent_models: ['detailed'] }, {}, { access: { accounts: [{ iban: 'DE32999808000000009001' }] } }],
    ];
    for (const [facts, wrong, right] of cases) {
      await bank.is(facts as Record<string, unknown>);
      assert.equal((await bank.asks({}, wrong)).status, 400, JSON.stringify(facts));
      const created = await bank.asks({}, right);
      assert.equal(created.status, 201, `${JSON.stringify(facts)} ${created.text}`);
    }
  });

  test('one consent a person and caller, or several', async () => {
    for (const several of [false, true]) {
      await bank.is({ multiple_consents: several });
      const [first, second] = [await bank.approved(), await bank.approved()];
      const read = async (consentId: string) => (await bank.reads(consentId, '/v1/accounts')).status;
      assert.deepEqual([await read(first), await read(second)], [several ? 200 : 401, 200]);
    }
  });

  test('whoever wants to be told of changes is told, once a change, also that a newer consent has ended theirs', async () => {
    const told: { consentId: string; consentStatus: string; scaStatus?: string }[] = [];
    const listener: Server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        told.push(JSON.parse(text));
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/told`;
    try {
      const created = await bank.asks({ 'tpp-notification-uri': uri });
      assert.equal(created.headers['aspsp-notification-support'], 'true');
      assert.equal(created.headers['aspsp-notification-content'], 'status=SCA,PROCESS');
      const page = await visit(created.body._links.scaRedirect.href);
      await page.logIn('kuno', 'kobold-1');
      await page.press('approve');
      await bank.trial.sandbox.control(`/banks/de-kobold/consents/${created.body.consentId}/revoke`, {});
      while (told.length < 2) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(told.every(({ consentId }) => consentId === created.body.consentId));
      const said = told.map(({ consentStatus, scaStatus }) => `${consentStatus} ${scaStatus ?? ''}`.trim()).sort();
      assert.deepEqual(said, ['revokedByPsu', 'valid finalised']);
      const ended = await bank.approved({ 'tpp-notification-uri': uri });
      await bank.approved();
      const ends = () =>
        told.find(({ consentId, consentStatus }) => consentId === ended && consentStatus === 'expired');
      while (!ends()) await new Promise((resolve) => setImmediate(resolve));
      await bank.is({ notifications: false });
      const silent = await bank.asks({ 'tpp-notification-uri': uri });
      assert.equal(silent.headers['aspsp-notification-support'], 'false');
    } finally {
      await new Promise((resolve) => listener.close(resolve));
    }
  });

  test('a status asked for too often gets 429', async () => {
    await bank.is({ polls_limited: true });
    const created = await bank.asks();
    const asked = [await bank.follows(created, 'scaStatus', 'GET'), await bank.follows(created, 'scaStatus', 'GET')];
    assert.deepEqual(
      asked.map((answer) => answer.status),
      [200, 429],
    );
  });

  test('control names every fact and refuses what is none', async () => {
    const facts = '/banks/de-kobold/facts';
    const control = (body: object) => bank.trial.sandbox.control(facts, body);
    await assert.rejects(control({ approach: 'by pigeon' }), /approach must be one of/);
    await assert.rejects(control({ weather: 'fine' }), /no fact weather/);
    await assert.rejects(control({ interface: 'cellar', start: 'explicit' }), /no such interface/);
    await control({ approach: 'decoupled', relative_links: true });
    await control({ approach: null });
    const { changed, facts: names } = (await bank.trial.sandbox.control(facts)) as Record<string, object>;
    assert.deepEqual(changed, { '': { relative_links: true } });
    const guide = readFileSync(join(root, 'docs/guides/sandbox.md'), 'utf8');
    for (const name of Object.keys(names!)) assert.ok(guide.includes(`\`${name}\``), `the guide does not say ${name}`);
    await bank.trial.restart();
    assert.deepEqual(((await bank.trial.sandbox.control(facts)) as Record<string, object>).changed, changed);
  });

  test('every answer but the odd ones is as the official file has it', () => bank.keptToTheFile());
});

describe('two signers at a pretend Berlin Group bank', () => {
  let bank: PretendBank;
  before(async () => {
    bank = await pretendBank('de-nordwind', ['frida', 'nordwind-3']);
    bank.base = `${bank.base}/giro`;
  });
  after(() => bank?.trial.close());

  test('the second signs in an authorisation of their own; nobody signs twice', async () => {
    const call = (method: string, path: string, body?: object, headers = {}) =>
      bank.caller.call(bank.base, method, path, { headers, ...(body ? { body } : {}) });
    const body = {
      access: { allPsd2: 'allAccounts' },
      recurringIndicator: true,
      validUntil: '9999-12-31',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    };
    const created = await call('POST', '/v1/consents', body, { 'tpp-redirect-uri': BACK });
    const status = async () => (await call('GET', `/v1/consents/${created.body.consentId}/status`)).body.consentStatus;
    const first = await visit(created.body._links.scaRedirect.href);
    await first.logIn('frida', 'nordwind-3');
    assert.equal(await first.press('approve'), BACK);
    assert.equal(await status(), 'partiallyAuthorised');
    const starts = `/v1/consents/${created.body.consentId}/authorisations`;
    assert.equal((await call('POST', starts, {}, { 'psu-id': 'frida' })).status, 409);
    const second = await call('POST', starts, {}, { 'psu-id': 'karl' });
    const page = await visit(second.body._links.scaRedirect.href);
    await page.logIn('mara', 'nordwind-1');
    await page.sees('username or the password is wrong');
    await page.logIn('karl', 'nordwind-4');
    await page.sees('DE');
    assert.equal(await page.press('approve'), BACK);
    assert.equal(await status(), 'valid');
    await assert.rejects(
      async () => bank.trial.sandbox.control('/banks/de-nordwind/phone/approve', { login: 'karl' }),
      /Nothing waits/,
    );
    assert.equal((await bank.reads(created.body.consentId, `${bank.base}/v1/accounts`)).body.accounts.length, 1);
    bank.keptToTheFile();
  });
});

/** A compact JWE by RFC 7516, written here once more. */
function encrypted(text: string, jwk: object): string {
  const header = Buffer.from(JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })).toString('base64url');
  const [content, iv] = [randomBytes(32), randomBytes(12)];
  const key = createPublicKey({ key: jwk as never, format: 'jwk' });
  const wrapped = publicEncrypt({ key, oaepHash: 'sha256' }, content);
  const cipher = createCipheriv('aes-256-gcm', content, iv).setAAD(Buffer.from(header));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  const parts = [wrapped, iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [header, ...parts].join('.');
}
