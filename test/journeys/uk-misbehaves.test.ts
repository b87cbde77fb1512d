import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Visitor } from '../visitor/visitor.ts';
import type { World } from '../world.ts';
import { UK_WAYS, ukRestart, ukWorld } from './uk-ways.ts';
import { agrees, begins, comesHome } from './ways.ts';

const WAY = UK_WAYS.jarm;
const AWAY = 'The bank does not answer';
const ODD = 'answer was not understood';

/** What the bank's authorization server or its interface does wrong, before the person is there and after. */
const BEFORE: [what: string, behaviour: object, says: string][] = [
  ['no discovery', { operation: 'metadata', kind: 'outage' }, AWAY],
  ['a discovery that is none', { operation: 'metadata', kind: 'malformed_json' }, ODD],
  ['no token for ourselves', { operation: 'token', kind: 'outage' }, AWAY],
  ['a token answer that is none', { operation: 'token', kind: 'malformed_json' }, ODD],
  ['a consent that is none', { operation: 'create_consent', kind: 'malformed_json' }, ODD],
  ['too many requests', { operation: 'create_consent', kind: 'rate_limited' }, 'The bank asks us to wait'],
  ['no place to push a request to', { operation: 'pushed_request', kind: 'html_503' }, AWAY],
  ['a pushed request answered with nothing', { operation: 'pushed_request', kind: 'malformed_json' }, ODD],
];
const AFTER: [what: string, behaviour: object, says: string][] = [
  ['no token for the code', { operation: 'token', kind: 'outage' }, AWAY],
  ['a token answer that is none', { operation: 'token', kind: 'malformed_json' }, ODD],
  ...(
    [
      ['without our nonce', 'id_token_without_nonce'],
      ['of another consent', 'id_token_other_intent'],
      ['for another client', 'id_token_other_audience'],
      ['of another issuer', 'id_token_other_issuer'],
      ['that has ended', 'id_token_expired'],
    ] as const
  ).map(([what, variant]): [string, object, string] => [
    `an id token ${what}`,
    { operation: 'token', kind: 'off_standard', variant },
    ODD,
  ]),
  ['no word on the consent', { operation: 'get_consent', kind: 'outage' }, AWAY],
  ['a list of accounts that is none', { operation: 'accounts', kind: 'malformed_json' }, ODD],
];

describe('a bank of the United Kingdom misbehaves', () => {
  let here: World;
  before(async () => {
    here = await ukWorld();
  });
  after(() => here?.close());

  for (const [what, behaviour, says] of BEFORE)
    test(`${what}: the page says what it is, and trying again leads on`, async () => {
      // What a server says of itself and a token of our own are remembered for a while.
      await ukRestart(here);
      const { person, consent } = await agreed(behaviour);
      await told(person, consent, says);
      await WAY.signIn(person);
      await connected(person, consent);
    });

  for (const [what, behaviour, says] of AFTER)
    test(`${what}: the page says what it is, and approving again leads on`, async () => {
      const { person, consent } = await agreed();
      await here.bank.misbehaves(WAY.bank, { ...behaviour, times: 'until_cleared' });
      await WAY.signIn(person);
      await told(person, consent, says);
      if (!(await person.canFollow(/^Back to Leafbook/))) await WAY.signIn(person);
      await connected(person, consent);
    });

  // The same modules with JARM stand in fapi-client.test.ts; here the visit itself is what is not found.
  for (const [module, query] of [
    ['ensure-authorization-response-with-invalid-state-fails', 'code=c-1&state=another'],
    ['ensure-authorization-response-with-invalid-missing-state-fails', 'code=c-1'],
  ])
    test(`fapi2-security-profile-final-client-test-${module}, plain response`, async () => {
      const { person, consent } = await agreed();
      await here.bank.forgetsCalls(WAY.bank);
      await person.opens(`${here.url}/back/${WAY.bank}?${query}`);
      const asked = (await here.bank.calls(WAY.bank)).filter(({ operation }) => operation === 'token');
      assert.deepEqual(asked, []);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
    });

  async function agreed(behaviour?: object): Promise<{ person: Visitor; consent: string }> {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: WAY.bank });
    if (behaviour) await here.bank.misbehaves(WAY.bank, { ...behaviour, times: 'until_cleared' });
    await begins(person, url, WAY);
    await agrees(person);
    return { person, consent };
  }

  /** A bank that is broken ends nothing: the consent waits, and the person may try again. */
  async function told(person: Visitor, consent: string, says: string): Promise<void> {
    await person.sees(says);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
    await here.bank.behavesAgain(WAY.bank);
    await person.presses('Try again');
  }

  async function connected(person: Visitor, consent: string): Promise<void> {
    await comesHome(person);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
  }
});
