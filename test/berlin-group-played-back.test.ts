import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Json } from '../src/banking/step.ts';
import type { Seal } from '../src/base/message-signature.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { fields, PNG } from './embedded-bank.ts';
import {
  back,
  begins,
  CAMT,
  decrypted,
  EARLIER,
  ENTRY,
  endsRight,
  JSON_REPORT,
  MT940,
  made,
  oauth,
  playing,
  REPORT,
  readAll,
  VALID,
} from './played-bank.ts';
import { scriptedBank } from './scripted-bank.ts';
import { makeSeal } from './seal.ts';

describe('flows of real banks, played back through a dropped-in file', () => {
  let bankKey: Seal;
  before(async () => {
    bankKey = await makeSeal();
  });

  test('relative links, names nobody knows, plain strings, and no status links at all', async () => {
    const bank = playing('consent_models: [offered]', {
      'POST /v1/consents': made({
        _links: { aspspStrangeThing: { href: '/x' }, scaRedirect: '/psd2/login?c=1', hint: 7 },
      }),
    });
    const visit = await begins(bank);
    assert.deepEqual(visit.step, { kind: 'redirect', url: 'https://bank.example/psd2/login?c=1' });
    await visit.answers(back);
    await endsRight(bank, visit);
  });

  test('links nowhere: the authorisation is started at the standard’s own place, its status read from the consent', async () => {
    const bank = playing('', {
      'POST /v1/consents': made({}),
      'POST /v1/consents/c1/authorisations': {
        status: 201,
        json: {
          scaStatus: 'received',
          authorisationId: 'a1',
          _links: { scaRedirect: { href: 'https://bank.example/psd2/go' } },
        },
      },
      'GET /v1/consents/c1/status': { status: 404, json: {} },
    });
    const visit = await begins(bank);
    await visit.answers(back);
    await endsRight(bank, visit);
  });

  for (const written of ['authorisation: consent\npsu_id_type: HVB_ONLINEBANKING\nattended_only: true', '']) {
    test(`1.1 style, ${written ? 'as its file says' : 'found out'}: everything is put to the consent, in strange types`, async () => {
      const bank = playing(
        written,
        {
          'POST /v1/consents': made(
            { _links: [{ startAuthorisationWithPsuAuthentication: { href: '/v1/consents/c1/authorisations' } }] },
            { 'aspsp-sca-approach': 'EMBEDDED' },
          ),
          'POST /v1/consents/c1/authorisations': { status: 405, json: {} },
          'PUT /v1/consents/c1': [
            {
              json: {
                scaStatus: 'psuAuthenticated',
                scaMethods: [
                  { authenticationType: 'SMS_OTP', authenticationMethodId: 1, name: 'SMS' },
                  { authenticationType: 'PUSH_DEC', authenticationMethodId: '2', name: 'App' },
                ],
                _links: [{ selectAuthenticationMethod: { href: '/v1/consents/c1' } }],
              },
            },
            {
              json: {
                scaStatus: 'scaMethodSelected',
                chosenScaMethod: [{ authenticationMethodId: '1', name: 'SMS' }],
                challengeData: { data: 'Look at your phone', optMaxLength: '6', optFormat: 'Integer', image: PNG },
                _links: [{ authoriseTransaction: '/v1/consents/c1' }],
              },
            },
            { json: { scaStatus: 'finalised' } },
          ],
        },
        { judged: false },
      );
      const visit = await begins(bank);
      await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
      await visit.answers({ kind: 'chosen', ids: ['1'] });
      const { step } = visit;
      assert.ok(step.kind === 'form' && step.fields[0]?.maxLength === 6 && step.fields[0].digitsOnly);
      assert.deepEqual(step.challenge?.data, ['Look at your phone']);
      await visit.answers(fields({ code: '123456' }));
      const puts = bank.sent.filter(({ method }) => method === 'PUT');
      assert.deepEqual([...new Set(puts.map(({ path }) => path))], ['/v1/consents/c1']);
      if (written) assert.ok(puts.every(({ headers }) => headers['psu-id-type'] === 'HVB_ONLINEBANKING'));
      assert.equal(visit.result.attendedOnly, written ? true : undefined);
      await endsRight(bank, visit);
    });
  }

  test('passwords encrypted for the bank’s key, a second one too, with a Date on every request', async () => {
    const A1 = '/psd2/v1/consents/c1/authorisations/a1';
    const facts = berlinGroup.facts.parse({
      password_key: `${bankKey.certificate.trim()}\n`,
      date_header: true,
      psu_id_type: 'DE_ONLB_DB',
    });
    const bank = scriptedBank(
      berlinGroup,
      {
        ...VALID,
        ...JSON_REPORT,
        'POST /v1/consents': made(
          {
            _links: {
              startAuthorisationWithPsuAuthentication: { href: '/psd2/v1/consents/c1/authorisations' },
              startAuthorisationWithEncryptedPsuAuthentication: { href: '/psd2/v1/consents/c1/authorisations' },
            },
          },
          { 'aspsp-sca-approach': 'EMBEDDED' },
        ),
        'POST /v1/consents/c1/authorisations': {
          status: 201,
          json: {
            scaStatus: 'psuIdentified',
            authorisationId: 'a1',
            _links: { updateAdditionalEncryptedPsuAuthentication: { href: A1 } },
          },
        },
        'PUT /v1/consents/c1/authorisations/a1': { json: { scaStatus: 'finalised' } },
      },
      { facts: facts as Json },
    );
    const visit = await begins(bank);
    await visit.answers(fields({ user_id: 'anna', password: 'pässword' }));
    await visit.answers(fields({ second_password: 'more' }));
    const [first, second] = bank.sent
      .map(({ body }) => (body as { psuData?: Record<string, string> } | undefined)?.psuData)
      .filter((data) => data !== undefined);
    assert.equal(decrypted(bankKey, first?.encryptedPassword ?? ''), 'pässword');
    assert.equal(decrypted(bankKey, second?.additionalEncryptedPassword ?? ''), 'more');
    assert.ok(bank.sent.every(({ headers }) => headers.date === 'Fri, 20 Nov 2026 10:00:00 GMT'));
    for (const memory of visit.memories) assert.doesNotMatch(memory, /pässword|more"/);
    await endsRight(bank, visit);
  });

  test('OAuth with names of its own, then reports in camt.052 only', async () => {
    const seen: object[] = [];
    const bank = playing(
      "oauth_scope: 'AIS: {consent_id}'\noauth_parameters: { response_type: { name: responseType }, client_id: { name: clientId } }",
      {
        'POST /v1/consents': made({ _links: { scaOAuth: { href: 'https://bank.example/psd2/oauth' } } }),
        [REPORT]: [
          { status: 406, json: { tppMessages: [{ category: 'ERROR', code: 'REQUESTED_FORMATS_INVALID' }] } },
          { text: CAMT, headers: { 'content-type': 'application/xml' } },
        ],
      },
      { oauth: oauth(seen) },
    );
    const visit = await begins(bank);
    await visit.answers({ kind: 'returned', params: [['code', 'x']] });
    const [asked] = seen as { scope: string; parameters: object }[];
    assert.equal(asked?.scope, 'AIS: c1');
    assert.deepEqual(asked?.parameters, { response_type: { name: 'responseType' }, client_id: { name: 'clientId' } });
    await endsRight(bank, visit);
    assert.match(bank.sent.at(-1)?.headers.accept ?? '', /^application\/xml/);
  });

  test('reports in MT940 behind a link to a download, named as something else', async () => {
    const bank = playing(
      'booking_status: booked',
      {
        'POST /v1/consents': made({ _links: { scaRedirect: { href: 'https://bank.example/psd2/go' } } }),
        [REPORT]: { json: { _links: { download: { href: '/psd2/v1/accounts/r1/transactions/download/7' } } } },
        'GET /v1/accounts/r1/transactions/download/7': {
          text: MT940,
          headers: { 'content-type': 'application/octet-stream' },
        },
      },
      { judged: false },
    );
    const visit = await begins(bank);
    await visit.answers(back);
    await endsRight(bank, visit);
  });

  test('signed requests, only recurring consents, and an approach that changes after the method was chosen', async () => {
    const A1 = '/psd2/v1/consents/c1/authorisations/a1';
    const bank = playing('signature: required\nrecurring_only: true\nlongest_consent_days: 30', {
      'POST /v1/consents': made(
        { _links: { startAuthorisationWithPsuAuthentication: { href: '/psd2/v1/consents/c1/authorisations' } } },
        { 'aspsp-sca-approach': 'EMBEDDED' },
      ),
      'POST /v1/consents/c1/authorisations': {
        status: 201,
        json: {
          scaStatus: 'psuAuthenticated',
          authorisationId: 'a1',
          scaMethods: [
            { authenticationType: 'CHIP_OTP', authenticationMethodId: 'c', name: 'Reader' },
            { authenticationType: 'PUSH_DEC', authenticationMethodId: 'p', name: 'App' },
          ],
          _links: { selectAuthenticationMethod: { href: A1 } },
        },
      },
      'PUT /v1/consents/c1/authorisations/a1': {
        headers: { 'aspsp-sca-approach': 'DECOUPLED' },
        json: {
          scaStatus: 'scaMethodSelected',
          chosenScaMethod: { authenticationMethodId: 'p' },
          psuMessage: 'Open the app',
          _links: { scaStatus: { href: A1 } },
        },
      },
      'GET /v1/consents/c1/authorisations/a1': [
        { json: { scaStatus: 'started' } },
        { json: { scaStatus: 'finalised' } },
      ],
    });
    const visit = await begins(bank);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    await visit.answers({ kind: 'chosen', ids: ['p'] });
    assert.ok(visit.step.kind === 'wait' && visit.step.challenge?.text === 'Open the app');
    await visit.answers({ kind: 'polled' });
    await visit.answers({ kind: 'polled' });
    await endsRight(bank, visit);
    assert.ok(bank.sent.every(({ signature, headers }) => signature?.headers.includes('digest') && headers.date));
    const [first] = bank.sent;
    assert.ok(first);
    const { validUntil, recurringIndicator } = first.body as { validUntil: string; recurringIndicator: boolean };
    assert.deepEqual([validUntil, recurringIndicator], ['2026-12-20', true]);
  });

  test('an approach that turns to a redirect after the password', async () => {
    const bank = playing('', {
      'POST /v1/consents': made(
        { _links: { startAuthorisationWithPsuAuthentication: { href: '/psd2/v1/consents/c1/authorisations' } } },
        { 'aspsp-sca-approach': 'EMBEDDED' },
      ),
      'POST /v1/consents/c1/authorisations': {
        status: 201,
        headers: { 'aspsp-sca-approach': 'REDIRECT' },
        json: {
          scaStatus: 'psuAuthenticated',
          _links: { scaRedirect: { href: 'https://https://bank.example/psd2/go' } },
        },
      },
    });
    const visit = await begins(bank);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    assert.deepEqual(visit.step, { kind: 'redirect', url: 'https://bank.example/psd2/go' });
    await visit.answers(back);
    await endsRight(bank, visit);
  });

  test('user id and password before the consent: their token travels with every call, a wrong one is asked for again', async () => {
    const bank = playing(
      'pre_step: { kind: password, path: pre-auth/token, header: PSD2-AUTHORIZATION }',
      {
        'POST /pre-auth/token': [{ status: 401, json: {} }, { json: { access_token: 'first-pass' } }],
        'POST /v1/consents': made({ _links: { scaRedirect: { href: 'https://bank.example/psd2/go' } } }),
      },
      { judged: false },
    );
    const visit = await begins(bank);
    await visit.answers(fields({ user_id: 'anna', password: 'wrong' }));
    assert.equal(visit.step.kind === 'form' && visit.step.notice?.kind, 'wrong_credentials');
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    await visit.answers(back);
    await endsRight(bank, visit);
    const later = bank.sent.filter(({ path }) => path.startsWith('/v1/'));
    assert.ok(later.every(({ headers }) => headers['psd2-authorization'] === 'Bearer first-pass'));
    for (const memory of visit.memories) assert.doesNotMatch(memory, /wrong"|"pw"/);
  });

  for (const written of [
    'pre_step: { kind: oauth, metadata_url: https://bank.example/psd2/meta, scope: DEDICATED_AISP }\nuser_agent: Drawbridge',
    '',
  ]) {
    test(`a token before the consent, ${written ? 'as its file says' : 'found by the link of its refusal'}, and a next link that lost its characters`, async () => {
      const seen: object[] = [];
      const refusal = {
        status: 401,
        json: {
          tppMessages: [{ category: 'ERROR', code: 'TOKEN_UNKNOWN' }],
          _links: { scaOAuth: { href: '/psd2/meta' } },
        },
      };
      const consented = made(
        { _links: { scaStatus: { href: '/v1/consents/c1/authorisations/a1' } } },
        { 'aspsp-sca-approach': 'DECOUPLED' },
      );
      const bank = playing(
        written,
        {
          'POST /v1/consents': written ? consented : [refusal, consented],
          'GET /v1/consents/c1/authorisations/a1': { json: { scaStatus: 'finalised' } },
          [REPORT]: [
            {
              json: {
                transactions: {
                  booked: [ENTRY],
                  _links: { next: { href: '/psd2/v1/accounts/r1/transactions&bookingStatus=both&dateTo2026-11-01' } },
                },
              },
            },
            { json: { transactions: { booked: [EARLIER] } } },
          ],
        },
        { oauth: oauth(seen), judged: false },
      );
      const visit = await begins(bank);
      await visit.answers({ kind: 'returned', params: [['code', 'x']] });
      await visit.answers({ kind: 'polled' });
      await endsRight(bank, visit);
      const consents = bank.sent.filter(({ path }) => path.startsWith('/v1/consents'));
      assert.equal(consents.at(-1)?.headers.authorization, 'Bearer the-token');
      assert.match(bank.sent.at(-1)?.path ?? '', /transactions\?bookingStatus=both&dateTo=2026-11-01$/);
      if (written) assert.ok(bank.sent.every(({ headers }) => headers['user-agent'] === 'Drawbridge'));
    });
  }

  test('a confirmation code comes back with the browser and is put where the bank waits for it', async () => {
    const A1 = '/psd2/v1/consents/c1/authorisations/a1';
    const bank = playing('', {
      'POST /v1/consents': made({
        _links: { scaRedirect: { href: 'https://bank.example/psd2/go' }, scaStatus: { href: A1 } },
      }),
      'GET /v1/consents/c1/authorisations/a1': [
        { json: { scaStatus: 'unconfirmed' } },
        { json: { scaStatus: 'finalised' } },
      ],
      'PUT /v1/consents/c1/authorisations/a1': { json: { scaStatus: 'finalised' } },
    });
    const visit = await begins(bank);
    await visit.answers({ kind: 'returned', params: [['confirmationCode', '2256ffgh']] });
    assert.deepEqual(bank.sent.find(({ method }) => method === 'PUT')?.body, { confirmationCode: '2256ffgh' });
    await endsRight(bank, visit);
  });

  test('a next link that leaves the bank is refused, nothing is sent there, and the page before it stays', async () => {
    const script = {
      'POST /v1/consents': made({ _links: { scaOAuth: { href: 'https://bank.example/psd2/oauth' } } }),
      [REPORT]: {
        json: {
          transactions: {
            booked: [ENTRY],
            _links: { next: { href: 'https://evil.example/v1/accounts/r1/transactions?page=2' } },
          },
        },
      },
    };
    const bank = playing('', script, { oauth: oauth() });
    const visit = await begins(bank);
    await visit.answers({ kind: 'returned', params: [['code', 'x']] });
    await assert.rejects(readAll(bank.context, visit.result), { kind: 'unexpected' });
    assert.deepEqual(bank.refused, ['https://evil.example/v1/accounts/r1/transactions?page=2']);
    assert.ok(
      bank.sent.some(({ headers }) => headers.authorization === 'Bearer the-token'),
      'the bank itself saw the token',
    );
  });

  test('where links name another brand’s host, their path is read at the host the page came from', async () => {
    const next = { href: 'https://other-brand.example/psd2/v1/accounts/r1/transactions?page=2' };
    const bank = playing(
      'next_links: same_host',
      {
        'POST /v1/consents': made({ _links: { scaRedirect: { href: 'https://bank.example/psd2/go' } } }),
        [REPORT]: { json: { transactions: { booked: [ENTRY], _links: { next } } } },
        'GET /v1/accounts/r1/transactions?page=2': { json: { transactions: { booked: [EARLIER] } } },
      },
      { judged: false },
    );
    const visit = await begins(bank);
    await visit.answers(back);
    await endsRight(bank, visit);
    assert.deepEqual(bank.refused, []);
  });
});
