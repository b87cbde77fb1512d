import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  A1,
  AUTHORISE,
  bankWith,
  consent,
  DONE,
  fields,
  GET_AUTH,
  links,
  METHODS,
  ONE_STEP,
  POST_AUTH,
  PUT_AUTH,
  SELECT,
  START,
} from '../../../test/embedded-bank.ts';
import { PERMISSION } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import { BankError } from '../../banking/bank-error.ts';
import { berlinGroup } from './index.ts';

describe('what goes wrong when signing in at a Berlin Group bank on our page', () => {
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

  for (const [sca, consented] of [
    ['finalised', 'valid'],
    ['started', 'received'],
  ] as const) {
    test(`the answer to a code is lost, and the bank says ${consented} when asked`, async () => {
      const bank = bankWith({
        ...ONE_STEP,
        'GET /v1/consents/c1/status': { json: { consentStatus: consented } },
        [POST_AUTH]: links(AUTHORISE, { scaStatus: 'started', chosenScaMethod: METHODS[0] }),
        [PUT_AUTH]: { status: 502, text: '<html>' },
        [GET_AUTH]: { json: { scaStatus: sca } },
      });
      const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
      await visit.answers(fields({ user_id: 'anna', password: 'pw' }));
      if (consented === 'received') {
        await assert.rejects(visit.answers(fields({ code: '1' })), { kind: 'unavailable' });
        return;
      }
      await visit.answers(fields({ code: '1' }));
      assert.ok(visit.result);
      assert.equal(bank.sent.filter(({ method }) => method === 'PUT').length, 1);
    });
  }

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

  test('a bank that takes encrypted passwords only, and whose key nobody has written down, is for the operator', async () => {
    const bank = bankWith({
      'POST /v1/consents': consent({ startAuthorisationWithEncryptedPsuAuthentication: { href: START } }),
    });
    await assert.rejects(Visit.begins(berlinGroup.authorise, bank.context, PERMISSION), { kind: 'misconfigured' });
  });
});
