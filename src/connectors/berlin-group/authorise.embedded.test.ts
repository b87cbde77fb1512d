import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  A1,
  AUTHORISE,
  bankWith,
  consent,
  DONE,
  fields,
  links,
  METHODS,
  ONE_STEP,
  PNG,
  POST_AUTH,
  PUT_AUTH,
  SELECT,
  START,
} from '../../../test/embedded-bank.ts';
import { PERMISSION } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import { berlinGroup } from './index.ts';

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
});
