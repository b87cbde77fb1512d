import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PERMISSION, type Scripted, scriptedBank } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import { BankError } from '../../banking/bank-error.ts';
import { Secret } from '../../banking/secret.ts';
import type { Answer, Json } from '../../banking/step.ts';
import { berlinGroup } from './index.ts';

const A1 = '/psd2/v1/consents/c1/authorisations/a1';
const START = '/psd2/v1/consents/c1/authorisations';
const SELF = { self: { href: '/psd2/v1/consents/c1' }, status: { href: '/psd2/v1/consents/c1/status' } };
const EMBEDDED = { 'aspsp-sca-approach': 'EMBEDDED' };
const METHODS = [
  { authenticationType: 'SMS_OTP', authenticationMethodId: 'sms', name: 'SMS to •• 28' },
  {
    authenticationType: 'PHOTO_OTP',
    authenticationMethodId: 'photo',
    name: 'PhotoTAN',
    explanation: 'Use your reader',
  },
];
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==';
const SELECT = { selectAuthenticationMethod: { href: A1 } };
const AUTHORISE = { authoriseTransaction: { href: A1 }, scaStatus: { href: A1 } };
const DONE: Scripted = { json: { scaStatus: 'finalised' } };

function links(all: object, more: object = {}): Scripted {
  return { json: { ...more, _links: all } };
}

function consent(all: object): Scripted {
  const json = { consentStatus: 'received', consentId: 'c1', _links: { ...SELF, ...all } };
  return { status: 201, headers: EMBEDDED, json };
}

function bankWith(script: Record<string, Scripted | Scripted[]>, facts?: Json) {
  const end = {
    'GET /v1/consents/c1/status': { json: { consentStatus: 'valid' } },
    'GET /v1/consents/c1': { json: { consentStatus: 'valid', validUntil: '2026-12-31' } },
  };
  return scriptedBank(berlinGroup, { ...end, ...script }, { facts });
}

function fields(values: Record<string, string>): Answer {
  const secret = (name: string) => name !== 'user_id' && name !== 'iban';
  const entries = Object.entries(values);
  return {
    kind: 'fields',
    values: Object.fromEntries(entries.map(([name, value]) => [name, secret(name) ? new Secret(value) : value])),
  };
}

const ONE_STEP = { 'POST /v1/consents': consent({ startAuthorisationWithPsuAuthentication: { href: START } }) };
const POST_AUTH = 'POST /v1/consents/c1/authorisations';
const PUT_AUTH = 'PUT /v1/consents/c1/authorisations/a1';
const GET_AUTH = 'GET /v1/consents/c1/authorisations/a1';

describe('signing in at a Berlin Group bank on our page', () => {
  test('identification and password in one step, several methods, a photo, the code', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: {
        status: 201,
        json: { scaStatus: 'psuAuthenticated', authorisationId: 'a1', scaMethods: METHODS, _links: SELECT },
      },
      [PUT_AUTH]: [
        links(AUTHORISE, {
          scaStatus: 'scaMethodSelected',
          chosenScaMethod: METHODS[1],
          psuMessage: 'Scan the picture',
          challengeData: {
            image: PNG,
            data: 'ab',
            otpMaxLength: '6',
            otpFormat: 'Integer',
            additionalInformation: 'Or call',
          },
        }),
        DONE,
      ],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.deepEqual(visit.step, {
      kind: 'form',
      purpose: 'sign_in',
      fields: [
        { name: 'user_id', kind: 'user_id', secret: false, maxLength: 100 },
        { name: 'password', kind: 'password', secret: true },
      ],
    });
    await visit.answers(fields({ user_id: 'anna', password: 'pw-7-x' }));
    assert.deepEqual(bank.sent[1]?.body, { psuData: { password: 'pw-7-x' } });
    assert.equal(bank.sent[1]?.headers['psu-id'], 'anna');
    assert.deepEqual(visit.step, {
      kind: 'choose',
      purpose: 'method',
      options: [
        { id: 'sms', label: 'SMS to •• 28' },
        { id: 'photo', label: 'PhotoTAN', hint: 'Use your reader' },
      ],
    });
    await visit.answers({ kind: 'chosen', ids: ['photo'] });
    assert.deepEqual(visit.step, {
      kind: 'form',
      purpose: 'code',
      fields: [{ name: 'code', kind: 'code', secret: true, maxLength: 6, digitsOnly: true }],
      challenge: {
        method: 'PhotoTAN',
        text: 'Scan the picture\nOr call\nUse your reader',
        image: { mediaType: 'image/png', base64: PNG },
        data: ['ab'],
      },
      again: true,
    });
    await visit.answers(fields({ code: '123 456' }));
    assert.deepEqual(bank.sent[3]?.body, { scaAuthenticationData: '123456' });
    assert.ok(visit.result);
    for (const memory of visit.memories) assert.doesNotMatch(memory, /pw-7-x|123456/);
  });

  test('identification and password in two steps', async () => {
    const bank = bankWith({
      'POST /v1/consents': consent({ startAuthorisationWithPsuIdentification: { href: START } }),
      [POST_AUTH]: {
        status: 201,
        json: { scaStatus: 'psuIdentified', authorisationId: 'a1', _links: { updatePsuAuthentication: { href: A1 } } },
      },
      [PUT_AUTH]: [{ json: { scaStatus: 'exempted' } }],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna' }));
    assert.deepEqual(bank.sent[1]?.body, {});
    assert.deepEqual(visit.step.kind === 'form' && visit.step.fields.map(({ name }) => name), ['password']);
    await visit.answers(fields({ password: 'pw' }));
    assert.ok(visit.result);
  });

  test('no method: the password alone is enough', async () => {
    const bank = bankWith({ ...ONE_STEP, [POST_AUTH]: { status: 201, json: { scaStatus: 'exempted' } } });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    assert.ok(visit.result);
  });

  test('one method: the bank has chosen it, and the code is asked for at once', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links(AUTHORISE, { scaStatus: 'started', chosenScaMethod: METHODS[0] }),
      [PUT_AUTH]: DONE,
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    assert.equal(visit.step.kind === 'form' && visit.step.purpose, 'code');
    await visit.answers(fields({ code: '1' }));
    assert.ok(visit.result);
  });

  test('one method in a list is not a question', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links(SELECT, { scaStatus: 'psuAuthenticated', scaMethods: METHODS.slice(0, 1) }),
      [PUT_AUTH]: [links(AUTHORISE, { scaStatus: 'scaMethodSelected', chosenScaMethod: METHODS[0] }), DONE],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    assert.equal(visit.step.kind === 'form' && visit.step.purpose, 'code');
  });

  test('a second password', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links({ updateAdditionalPsuAuthentication: { href: A1 } }, { scaStatus: 'psuIdentified' }),
      [PUT_AUTH]: DONE,
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    await visit.answers(fields({ second_password: 'more' }));
    assert.deepEqual(bank.sent[2]?.body, { psuData: { additionalPassword: 'more' } });
    assert.ok(visit.result);
  });

  test('a wrong password is asked for again with the user id, and never sent again by ourselves', async () => {
    const wrong = { category: 'ERROR', code: 'PSU_CREDENTIALS_INVALID', text: 'Login failed' };
    const bank = bankWith({
      ...ONE_STEP,
      'GET /v1/consents/c1/status': [{ json: { consentStatus: 'received' } }, { json: { consentStatus: 'valid' } }],
      [POST_AUTH]: [
        { status: 401, json: { tppMessages: [wrong] } },
        { status: 201, json: { scaStatus: 'exempted' } },
      ],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'ana', password: 'wrong-pw' }));
    assert.deepEqual(visit.step.kind === 'form' && visit.step.notice, {
      kind: 'wrong_credentials',
      quote: 'Login failed',
    });
    assert.deepEqual(visit.step.kind === 'form' && visit.step.fields.map(({ name }) => name), ['user_id', 'password']);
    await visit.answers(fields({ user_id: 'anna', password: 'right' }));
    assert.ok(visit.result);
    assert.equal(bank.sent.filter(({ body }) => JSON.stringify(body ?? '').includes('wrong-pw')).length, 1);
    assert.equal(bank.sent.at(-3)?.headers['psu-id'], 'anna');
  });

  test('a wrong password that ends the authorisation is the end', async () => {
    const bank = bankWith({
      'POST /v1/consents': consent({ updatePsuAuthentication: { href: A1 }, scaStatus: { href: A1 } }),
      [PUT_AUTH]: { status: 401, json: { type: 'about:blank', code: 'PSU_CREDENTIALS_INVALID', detail: 'No' } },
      [GET_AUTH]: { json: { scaStatus: 'failed' } },
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await assert.rejects(visit.answers(fields({ user_id: 'anna', password: 'pw' })), { kind: 'wrong_credentials' });
  });

  test('three wrong passwords are enough for us, whatever the bank allows', async () => {
    const again = { updatePsuAuthentication: { href: A1 } };
    const bank = bankWith({
      'POST /v1/consents': consent(again),
      [PUT_AUTH]: {
        status: 401,
        json: { tppMessages: [{ category: 'ERROR', code: 'PSU_CREDENTIALS_INVALID' }], _links: again },
      },
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: '1' }));
    await visit.answers(fields({ user_id: 'anna', password: '2' }));
    await assert.rejects(visit.answers(fields({ user_id: 'anna', password: '3' })), { kind: 'wrong_credentials' });
  });

  for (const [how, reply, status] of [
    [
      'with links',
      { tppMessages: [{ category: 'ERROR', code: 'SCA_INVALID', text: 'Wrong' }], _links: AUTHORISE },
      undefined,
    ],
    [
      'without links, still started',
      { tppMessages: [{ category: 'ERROR', code: 'SCA_INVALID', text: 'Wrong' }] },
      'started',
    ],
    ['without links, failed', { tppMessages: [{ category: 'ERROR', code: 'SCA_INVALID', text: 'Wrong' }] }, 'failed'],
  ] as const) {
    test(`a wrong code, ${how}`, async () => {
      const bank = bankWith({
        ...ONE_STEP,
        [POST_AUTH]: links(AUTHORISE, {
          scaStatus: 'started',
          chosenScaMethod: METHODS[0],
          challengeData: { data: ['12'], otpMaxLength: 8 },
        }),
        [PUT_AUTH]: [{ status: 400, json: reply }, DONE],
        ...(status && { [GET_AUTH]: { json: { scaStatus: status } } }),
      });
      const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
      await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
      if (status === 'failed') {
        await assert.rejects(visit.answers(fields({ code: '0' })), (error) => {
          assert.ok(error instanceof BankError);
          assert.equal(error.kind, 'wrong_code');
          assert.equal(error.facts.quote, 'Wrong');
          return true;
        });
        return;
      }
      await visit.answers(fields({ code: '0' }));
      assert.ok(visit.step.kind === 'form');
      assert.deepEqual(visit.step.notice, { kind: 'wrong_code', quote: 'Wrong' });
      assert.deepEqual(visit.step.challenge?.data, ['12']);
      assert.equal(visit.step.fields[0]?.maxLength, 8);
      await visit.answers(fields({ code: '1' }));
      assert.ok(visit.result);
    });
  }

  test('a wrong code in a 200 answer: asked again while the links allow it, then failed', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links(AUTHORISE, { scaStatus: 'started', chosenScaMethod: METHODS[0] }),
      [PUT_AUTH]: [links(AUTHORISE, { scaStatus: 'started' }), { json: { scaStatus: 'failed' } }],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    await visit.answers(fields({ code: '0' }));
    assert.equal(visit.step.kind === 'form' && visit.step.notice?.kind, 'wrong_code');
    await assert.rejects(visit.answers(fields({ code: '0' })), { kind: 'wrong_code' });
  });

  test('a wrong code where the bank offers both another code and another method: the code is asked for', async () => {
    const wrong = { tppMessages: [{ category: 'ERROR', code: 'SCA_INVALID' }], _links: { ...SELECT, ...AUTHORISE } };
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links(SELECT, { scaStatus: 'psuAuthenticated', scaMethods: METHODS }),
      [PUT_AUTH]: [links(AUTHORISE, { chosenScaMethod: METHODS[0] }), { status: 400, json: wrong }, DONE],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    await visit.answers({ kind: 'chosen', ids: ['sms'] });
    await visit.answers(fields({ code: '0' }));
    assert.equal(visit.step.kind === 'form' && visit.step.notice?.kind, 'wrong_code');
  });

  test('another code is asked for by selecting the method again, where the bank offers that', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links({ ...AUTHORISE, ...SELECT }, { scaStatus: 'started', chosenScaMethod: METHODS[0] }),
      [PUT_AUTH]: [links({ ...AUTHORISE, ...SELECT }, { scaStatus: 'started', chosenScaMethod: METHODS[0] }), DONE],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    assert.equal(visit.step.kind === 'form' && visit.step.again, true);
    await visit.answers({ kind: 'again' });
    assert.deepEqual(bank.sent[2]?.body, { authenticationMethodId: 'sms' });
    assert.equal(visit.step.kind === 'form' && visit.step.notice?.kind, 'code_sent_again');
    await visit.answers(fields({ code: '1' }));
    assert.ok(visit.result);
  });

  test('a bank that does not want to send another code is not asked twice, and the first code still counts', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links(SELECT, { scaStatus: 'psuAuthenticated', scaMethods: METHODS }),
      [PUT_AUTH]: [
        links(AUTHORISE, { scaStatus: 'scaMethodSelected', chosenScaMethod: METHODS[0] }),
        { status: 409, json: { tppMessages: [{ category: 'ERROR', code: 'STATUS_INVALID' }] } },
        DONE,
      ],
      [GET_AUTH]: { json: { scaStatus: 'scaMethodSelected' } },
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    await visit.answers({ kind: 'chosen', ids: ['sms'] });
    assert.equal(visit.step.kind === 'form' && visit.step.again, true);
    await visit.answers({ kind: 'again' });
    assert.equal(visit.step.kind === 'form' && visit.step.again, undefined);
    await visit.answers(fields({ code: '1' }));
    assert.ok(visit.result);
  });

  test('a second step that the file calls a start is sent to the authorisation that exists', async () => {
    const bank = bankWith({
      'POST /v1/consents': consent({ startAuthorisationWithPsuIdentification: { href: START } }),
      [POST_AUTH]: links({ startAuthorisationWithPsuAuthentication: { href: A1 } }, { scaStatus: 'psuIdentified' }),
      [PUT_AUTH]: DONE,
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna' }));
    await visit.answers(fields({ password: 'pw' }));
    assert.ok(visit.result);
  });

  test('an image that is none is not shown, everything else is', async () => {
    const bank = bankWith({
      ...ONE_STEP,
      [POST_AUTH]: links(AUTHORISE, {
        scaStatus: 'started',
        chosenScaMethod: METHODS[1],
        challengeData: { image: 'PHN2Zz4=', imageLink: 'https://bank.example/i.png', data: ['1'] },
      }),
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
    assert.deepEqual(visit.step.kind === 'form' && visit.step.challenge, {
      method: 'PhotoTAN',
      text: 'Use your reader',
      data: ['1'],
      imageLink: 'https://bank.example/i.png',
    });
  });

  test('a user id that no header can carry is asked for again', async () => {
    const bank = bankWith(ONE_STEP);
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(fields({ user_id: 'anna\r\nx: y', password: 'pw' }));
    assert.equal(visit.step.kind === 'form' && visit.step.notice?.kind, 'wrong_credentials');
    assert.equal(bank.sent.length, 1);
  });

  test('a bank that takes encrypted passwords only is not supported', async () => {
    const bank = bankWith({
      'POST /v1/consents': consent({ startAuthorisationWithEncryptedPsuAuthentication: { href: START } }),
    });
    await assert.rejects(Visit.begins(berlinGroup.authorise, bank.context, PERMISSION), { kind: 'unsupported' });
  });
});
