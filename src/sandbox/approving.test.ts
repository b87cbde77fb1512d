import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { visit } from '../../test/bank-page.ts';
import { type Answer, type Caller, createCaller, startTrial, type Trial, wrongInExchanges } from '../../test/caller.ts';
import { plainVisitor } from '../../test/visitor/plain.ts';

const BACK = 'http://127.0.0.1:1/back?state=one%20two';
const NOK = 'http://127.0.0.1:1/nok';
const RETURN = { 'tpp-redirect-uri': BACK, 'tpp-nok-redirect-uri': NOK };
const GLOBAL = { allPsd2: 'allAccounts' };
const OFFERED = { accounts: [], balances: [], transactions: [] };

describe('approving at the pretend banks', () => {
  let trial: Trial;
  let caller: Caller;
  before(async () => {
    trial = await startTrial();
    caller = await trial.caller();
  });
  after(() => trial?.close());

  const machine = (bank: string, path = '') => trial.sandbox.machineUrl(bank) + path;
  const consent = (base: string, access: object, headers: Record<string, string> = {}, more: object = {}) =>
    caller.call(base, 'POST', '/v1/consents', { headers, body: { ...ASKED, access, ...more } });
  const status = async (base: string, created: Answer) =>
    (await caller.call(base, 'GET', `/v1/consents/${created.body.consentId}/status`)).body.consentStatus;
  const follow = (base: string, answer: Answer, link: string, method: string, body: object, headers = {}) =>
    caller.call(base, method, at(answer.body._links[link].href, base), { body, headers });

  test('a redirected person approves, and the browser goes back to the very address', async () => {
    const base = machine('de-nordwind', '/giro');
    const created = await consent(base, GLOBAL, RETURN);
    assert.equal(created.status, 201);
    assert.equal(created.headers['aspsp-sca-approach'], 'REDIRECT');
    assert.match(created.headers.location!, new RegExp(`/v1/consents/${created.body.consentId}$`));
    const page = await visit(created.body._links.scaRedirect.href);
    await page.logIn('mara', 'nordwind-1');
    await page.sees('Approve access');
    assert.equal(await page.press('approve'), BACK);
    assert.equal(await status(base, created), 'valid');
    const told = await caller.call(base, 'GET', `/v1/consents/${created.body.consentId}`);
    assert.equal(told.body.access.allPsd2, 'allAccounts');
    assert.equal(told.body.access.accounts.length, 2);
    assert.equal(
      (await caller.call(base, 'GET', at(created.body._links.scaStatus.href, base))).body.scaStatus,
      'finalised',
    );
  });

  test('refusing before and after the login goes to the other address', async () => {
    const base = machine('de-kobold');
    for (const login of [false, true]) {
      const created = await consent(base, OFFERED, RETURN);
      const page = await visit(created.body._links.scaRedirect.href);
      if (login) await page.logIn('kuno', 'kobold-1');
      assert.equal(await page.press('refuse'), NOK);
      assert.equal(await status(base, created), 'rejected');
    }
  });

  test('a person chooses accounts, none is too few, and a second press does no harm', async () => {
    const base = machine('gb-harrowby');
    const created = await consent(base, OFFERED, RETURN);
    assert.ok(created.body._links.startAuthorisation);
    const started = await follow(base, created, 'startAuthorisation', 'POST', {});
    assert.equal(started.status, 201);
    const page = await visit(started.body._links.scaRedirect.href);
    await page.logIn('alice', 'harrowby-1');
    assert.equal(await page.press('approve', []), undefined);
    await page.sees('choose at least one');
    assert.equal(await page.press('approve', ['GB35HRWB00076000007001']), BACK);
    assert.equal(await page.press('approve', []), BACK);
    const accounts = await read(base, created, '/v1/accounts');
    assert.deepEqual(
      accounts.body.accounts.map((one: { iban: string }) => one.iban),
      ['GB35HRWB00076000007001'],
    );
  });

  test('three wrong passwords on the page end it, and a blocked login is told so', async () => {
    const base = machine('de-kobold');
    const created = await consent(base, GLOBAL, RETURN);
    await trial.sandbox.control('/banks/de-kobold/logins/kuno', { blocked: true });
    const page = await visit(created.body._links.scaRedirect.href);
    await page.logIn('kuno', 'kobold-1');
    await page.sees('blocked');
    await trial.sandbox.control('/banks/de-kobold/logins/kuno', { blocked: false });
    await page.logIn('kuno', 'wrong');
    await page.logIn('nobody', 'kobold-1');
    await page.sees('username or the password is wrong');
    assert.equal(await page.logIn('kuno', 'wrong'), NOK);
    assert.equal(await status(base, created), 'rejected');
  });

  test('a browser that has not logged in cannot approve for the person', async () => {
    const created = await consent(machine('de-nordwind', '/giro'), GLOBAL, RETURN);
    const first = await visit(created.body._links.scaRedirect.href);
    await first.logIn('mara', 'nordwind-1');
    const second = await visit(created.body._links.scaRedirect.href);
    assert.equal(await second.post('decide', { decision: 'approve' }), undefined);
    await second.sees('Log in');
    assert.equal(await status(machine('de-nordwind', '/giro'), created), 'received');
  });

  test('OAuth: metadata, PKCE, a code for the right browser, tokens, rotation and reuse', async () => {
    const base = machine('at-alpenhof');
    const created = await consent(base, OFFERED, RETURN, { validUntil: '9999-12-31' });
    const metadata = (await caller.call(base, 'GET', at(created.body._links.scaOAuth.href, base))).body;
    assert.equal(metadata.issuer, base);
    const wellKnown = `${new URL(base).origin}/.well-known/oauth-authorization-server/at-alpenhof`;
    assert.deepEqual((await caller.call(base, 'GET', wellKnown)).body, metadata);
    const verifier = randomBytes(32).toString('base64url');
    const asked = (more: Record<string, string>) =>
      `${metadata.authorization_endpoint}?${new URLSearchParams({
        response_type: 'code',
        client_id: caller.organizationId,
        scope: `AIS:${created.body.consentId}`,
        redirect_uri: 'http://127.0.0.1:1/back',
        state: 'our state',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...more,
      })}`;
    assert.match(
      (await visit(asked({ redirect_uri: 'http://127.0.0.1:1/elsewhere' }))).text,
      /return address is not allowed/,
    );
    assert.match((await visit(asked({ code_challenge_method: 'plain' }))).leftTo!, /error=invalid_request/);
    const page = await visit(asked({}));
    await page.logIn('lena', 'alpenhof-1');
    const back = new URL((await page.press('approve', ['AT919992000000003001']))!);
    assert.equal(back.searchParams.get('iss'), metadata.issuer);
    assert.equal(back.searchParams.get('state'), 'our state');
    const token = (form: Record<string, string>, who = caller) =>
      who.call('', 'POST', metadata.token_endpoint, { form: { client_id: caller.organizationId, ...form } });
    const exchange = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code')!,
      redirect_uri: 'http://127.0.0.1:1/back',
      code_verifier: verifier,
    };
    assert.equal((await token({ ...exchange, code_verifier: 'x'.repeat(43) })).body.error, 'invalid_grant');
    assert.equal((await token(exchange, await trial.caller())).body.error, 'invalid_client');
    const first = await token(exchange);
    assert.equal(first.status, 200);
    assert.equal((await read(base, created, '/v1/accounts')).body.tppMessages[0].code, 'TOKEN_INVALID');
    const bearer = (access: string) => ({ authorization: `Bearer ${access}` });
    const accounts = await read(base, created, '/v1/accounts', bearer(first.body.access_token));
    assert.equal(accounts.body.accounts.length, 1);
    const fresh = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    assert.equal(fresh.status, 200);
    await trial.sandbox.control('/clock', { advance: '16m' });
    const late = await read(base, created, '/v1/accounts', bearer(fresh.body.access_token));
    assert.equal(late.body.tppMessages[0].code, 'TOKEN_EXPIRED');
    const reused = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    assert.equal(reused.body.error, 'invalid_grant');
    const ended = await token({ grant_type: 'refresh_token', refresh_token: fresh.body.refresh_token });
    assert.equal(ended.body.error, 'invalid_grant');
  });

  test('embedded with several methods: wrong password, wrong code, another method, right code', async () => {
    const base = machine('de-lindental');
    const created = await consent(base, LIST, { 'psu-id': 'clara' });
    assert.equal(created.headers['aspsp-sca-approach'], 'EMBEDDED');
    const wrong = await follow(base, created, START, 'POST', password('no'), { 'psu-id': 'clara' });
    assert.deepEqual([wrong.status, wrong.body.tppMessages[0].code], [401, 'PSU_CREDENTIALS_INVALID']);
    const started = await follow(base, created, START, 'POST', password('lindental-1'), { 'psu-id': 'clara' });
    assert.equal(started.body.scaStatus, 'psuAuthenticated');
    assert.deepEqual(
      started.body.scaMethods.map((method: { authenticationType: string }) => method.authenticationType),
      ['SMS_OTP', 'CHIP_OTP', 'PHOTO_OTP'],
    );
    const chip = await follow(base, started, 'selectAuthenticationMethod', 'PUT', { authenticationMethodId: '902' });
    assert.match(chip.body.challengeData.data[0], /^\d{8}$/);
    const photo = await follow(base, chip, 'selectAuthenticationMethod', 'PUT', { authenticationMethodId: '903' });
    assert.equal(Buffer.from(photo.body.challengeData.image, 'base64').subarray(1, 4).toString(), 'PNG');
    const refused = await follow(base, photo, 'authoriseTransaction', 'PUT', { scaAuthenticationData: '000000' });
    assert.deepEqual([refused.status, refused.body.tppMessages[0].code], [400, 'SCA_INVALID']);
    assert.ok(refused.body._links.authoriseTransaction);
    const done = await follow(base, photo, 'authoriseTransaction', 'PUT', { scaAuthenticationData: '314159' });
    assert.equal(done.body.scaStatus, 'finalised');
    assert.equal(await status(base, created), 'valid');
  });

  test('embedded: the third wrong code ends it', async () => {
    const base = machine('de-lindental');
    const created = await consent(base, LIST, { 'psu-id': 'emil' });
    const started = await follow(base, created, START, 'POST', password('lindental-2'), { 'psu-id': 'emil' });
    assert.equal(started.body.scaStatus, 'scaMethodSelected');
    assert.ok(started.body.challengeData.image);
    const answers = [];
    for (let count = 0; count < 3; count++) {
      answers.push(await follow(base, started, 'authoriseTransaction', 'PUT', { scaAuthenticationData: '1' }));
    }
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [400, 400, 200],
    );
    assert.equal(answers[2]!.body.scaStatus, 'failed');
    assert.equal(await status(base, created), 'rejected');
  });

  test('embedded: a person without a method is exempted', async () => {
    const base = machine('de-lindental');
    const created = await consent(base, LIST);
    const started = await follow(base, created, START, 'POST', password('lindental-3'), { 'psu-id': 'ida' });
    assert.equal(started.body.scaStatus, 'exempted');
    assert.equal(await status(base, created), 'valid');
  });

  test('embedded in two steps: the name, then the password; cards are seen by masked number', async () => {
    const base = machine('de-nordwind', '/cards');
    const created = await consent(base, GLOBAL);
    const named = await follow(
      base,
      created,
      'startAuthorisationWithPsuIdentification',
      'POST',
      {},
      { 'psu-id': 'mara' },
    );
    assert.equal(named.body.scaStatus, 'psuIdentified');
    const known = await follow(base, named, 'updatePsuAuthentication', 'PUT', password('nordwind-1'));
    assert.equal(known.body.chosenScaMethod.authenticationType, 'SMS_OTP');
    await follow(base, known, 'authoriseTransaction', 'PUT', { scaAuthenticationData: '123456' });
    const accounts = await read(base, created, '/v1/accounts');
    assert.deepEqual(
      accounts.body.accounts.map((one: { maskedPan: string }) => one.maskedPan),
      ['530012******1001', '411122******1002'],
    );
    const cards = await read(base, created, '/v1/card-accounts');
    const { balances, transactions } = cards.body.cardAccounts[0]._links;
    assert.equal((await read(base, created, at(balances.href, base))).status, 200);
    const lines = await read(base, created, `${at(transactions.href, base)}?bookingStatus=both&dateFrom=2025-01-01`);
    assert.ok(lines.body.cardTransactions.booked.length > 50);
  });

  test('decoupled: waits for the phone; approved by hand on the page, refused through control', async () => {
    const base = machine('nl-polderbank');
    const created = await consent(base, GLOBAL, { 'psu-id': 'sanne' });
    assert.equal(created.headers['aspsp-sca-approach'], 'DECOUPLED');
    assert.ok(created.body.psuMessage);
    const path = at(created.body._links.scaStatus.href, base);
    assert.equal((await caller.call(base, 'GET', path)).body.scaStatus, 'started');
    const phone = plainVisitor();
    await phone.opens(`${trial.sandbox.peopleUrl('nl-polderbank')}/phone`);
    await phone.follows(/Sanne/);
    await phone.presses('Approve');
    await phone.sees('Nothing waits');
    assert.equal((await caller.call(base, 'GET', path)).body.scaStatus, 'finalised');
    assert.equal(await status(base, created), 'valid');

    const second = await consent(base, GLOBAL);
    const started = await follow(
      base,
      second,
      'startAuthorisationWithPsuIdentification',
      'POST',
      {},
      { 'psu-id': 'sanne' },
    );
    assert.equal(started.headers['aspsp-sca-approach'], 'DECOUPLED');
    await trial.sandbox.control('/banks/nl-polderbank/phone/refuse', { login: 'sanne' });
    assert.equal(await status(base, second), 'rejected');
    assert.equal(await status(base, created), 'valid');
    await assert.rejects(trial.sandbox.control('/banks/nl-polderbank/phone/approve', {}), /Nothing waits/);
  });

  test('an approval that nobody answers is over after a quarter of an hour', async () => {
    const base = machine('nl-polderbank');
    const created = await consent(base, GLOBAL, { 'psu-id': 'sanne' });
    await trial.sandbox.control('/clock', { advance: '16m' });
    const { body } = await caller.call(base, 'GET', at(created.body._links.scaStatus.href, base));
    assert.equal(body.scaStatus, 'failed');
    assert.equal(await status(base, created), 'rejected');
    const second = await consent(base, GLOBAL, { 'psu-id': 'sanne' });
    await trial.sandbox.control('/clock', { advance: '16m' });
    await assert.rejects(trial.sandbox.control('/banks/nl-polderbank/phone/approve', {}), /Nothing waits/);
    assert.equal(await status(base, second), 'rejected');
  });

  test('embedded, then decoupled: choosing the app changes the approach', async () => {
    const base = machine('de-sonnborn');
    const created = await consent(base, GLOBAL, { 'psu-id': 'tilda' });
    const known = await follow(base, created, 'updatePsuAuthentication', 'PUT', password('sonnborn-1'));
    const chosen = await follow(base, known, 'selectAuthenticationMethod', 'PUT', { authenticationMethodId: '904' });
    assert.equal(chosen.headers['aspsp-sca-approach'], 'DECOUPLED');
    assert.equal(chosen.body.scaStatus, 'started');
    await trial.sandbox.control('/banks/de-sonnborn/phone/approve', { login: 'tilda' });
    assert.equal(await status(base, created), 'valid');
  });

  test('the bank refuses the next approval when told to, wherever it is given', async () => {
    const base = machine('de-sonnborn');
    await trial.sandbox.control('/banks/de-sonnborn/refuse-next', {});
    const created = await consent(base, GLOBAL, { 'psu-id': 'oskar' });
    const known = await follow(base, created, 'updatePsuAuthentication', 'PUT', password('sonnborn-2'));
    assert.equal(known.headers['aspsp-sca-approach'], 'DECOUPLED');
    await trial.sandbox.control('/banks/de-sonnborn/phone/approve', {});
    assert.equal(await status(base, created), 'rejected');
  });

  test('a shared account waits for the second person', async () => {
    const base = machine('de-nordwind', '/giro');
    const created = await consent(base, GLOBAL, RETURN);
    const page = await visit(created.body._links.scaRedirect.href);
    await page.logIn('frida', 'nordwind-3');
    assert.equal(await page.press('approve'), BACK);
    assert.equal(await status(base, created), 'partiallyAuthorised');
    assert.equal((await read(base, created, '/v1/accounts')).body.tppMessages[0].code, 'CONSENT_INVALID');
    await trial.sandbox.control('/banks/de-nordwind/phone/approve', { login: 'karl' });
    assert.equal(await status(base, created), 'valid');
    assert.equal((await read(base, created, '/v1/accounts')).body.accounts.length, 1);
  });

  test('an approval outlasts a restart of the banks', async () => {
    const created = await consent(machine('de-nordwind', '/giro'), GLOBAL, RETURN);
    const { pathname } = new URL(created.body._links.scaRedirect.href);
    await trial.restart();
    const again = await createCaller(trial.sandbox, caller.organizationId);
    const page = await visit(trial.sandbox.peopleUrl('de-nordwind') + pathname);
    await page.logIn('mara', 'nordwind-1');
    assert.equal(await page.press('approve'), BACK);
    const told = await again.call(
      machine('de-nordwind', '/giro'),
      'GET',
      `/v1/consents/${created.body.consentId}/status`,
    );
    assert.equal(told.body.consentStatus, 'valid');
    await again.close();
  });

  test('every exchange was as the official file says', (context) => {
    const wrong = wrongInExchanges(trial.exchanges);
    if (wrong) assert.deepEqual(wrong, []);
    else context.skip('BANK_SPECS is not set');
  });

  const read = (base: string, created: Answer, path: string, headers: Record<string, string> = {}) =>
    caller.call(base, 'GET', path, { headers: { 'consent-id': created.body.consentId, ...headers } });
});

const ASKED = {
  recurringIndicator: true,
  validUntil: '9999-12-31',
  frequencyPerDay: 4,
  combinedServiceIndicator: false,
};
const LIST = { availableAccounts: 'allAccounts' };
const START = 'startAuthorisationWithPsuAuthentication';
const password = (text: string) => ({ psuData: { password: text } });

/** A link's path below the interface's address, in whichever of the three forms it is written. */
function at(href: string, base: string): string {
  const { pathname } = new URL(base);
  return href.replace(new RegExp(`^(${base}|${pathname})(?=/v1|/\\.)`), '');
}
