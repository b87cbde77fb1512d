import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PERMISSION, scriptedBank } from '../../../test/scripted-bank.ts';
import type { Account } from '../../banking/account.ts';
import { BankError } from '../../banking/bank-error.ts';
import type { BankContext } from '../../banking/connector.ts';
import type { Json } from '../../banking/step.ts';
import { berlinGroup } from './index.ts';

const grant = { secret: { consentId: 'c1', model: 'global' } };
const account: Account = {
  reference: 'r',
  type: 'checking',
  usage: 'unknown',
  currency: 'EUR',
  identification: {},
  status: 'enabled',
};

/** A context whose bank answers everything with the same bytes. */
function answering(body: string | Uint8Array, status = 200, headers: Record<string, string> = {}): BankContext {
  const { context } = scriptedBank(berlinGroup, {});
  const http: BankContext['http'] = async ({ path }) => ({
    status,
    headers,
    body: Buffer.from(body),
    url: new URL(path, 'https://bank.example/').href,
  });
  return { ...context, http };
}

const talks: [string, (context: BankContext) => Promise<unknown>][] = [
  ['authorising', (context) => berlinGroup.authorise(context, PERMISSION)],
  ['accounts', (context) => berlinGroup.accounts(context, { grant })],
  ['balances', (context) => berlinGroup.balances(context, { grant, account })],
  ['transactions', (context) => berlinGroup.transactions(context, { grant, account, since: '2026-10-01' })],
];

describe('answers off the standard', () => {
  for (const [name, talk] of talks) {
    for (const [what, body] of [
      ['HTML', '<html><body>Login</body></html>'],
      ['half a document', '{"accounts":['],
      ['a bare list', '[1,2]'],
      ['a number', '7'],
      ['very deep JSON', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
      ['a __proto__ key', '{"__proto__":{"accounts":[]},"accounts":[],"balances":[],"transactions":{"booked":[]}}'],
      ['binary', Buffer.from([0xff, 0xfe, 0x00, 0x01])],
    ] as const) {
      test(`${name}: ${what} is unexpected`, async () => {
        await assert.rejects(talk(answering(body)), { kind: 'unexpected' });
      });
    }

    test(`${name}: whatever JSON comes, with whatever status, is read or refused, never a crash`, async () => {
      const names = [
        'accounts',
        'balances',
        'transactions',
        'booked',
        '_links',
        'next',
        'href',
        'consentId',
        'scaStatus',
      ];
      const more = [
        'transactionAmount',
        'amount',
        'currency',
        'scaMethods',
        'challengeData',
        'tppMessages',
        'code',
        'iban',
      ];
      const key = fc.constantFrom(...names, ...more, 'startAuthorisation', 'scaRedirect', 'authoriseTransaction');
      const { tree } = fc.letrec((tie) => ({
        tree: fc.oneof(
          { maxDepth: 5 },
          fc.constantFrom(
            '',
            'finalised',
            'received',
            'https://bank.example/v1/x',
            '-1.00',
            'EUR',
            'DE89370400440532013000',
          ),
          fc.jsonValue({ maxDepth: 1 }),
          fc.array(tie('tree'), { maxLength: 4 }),
          fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
        ),
      }));
      const status = fc.constantFrom(200, 201, 202, 400, 401, 403, 404, 409, 429, 500);
      await fc.assert(
        fc.asyncProperty(fc.dictionary(key, tree, { maxKeys: 6 }), status, async (json, code) => {
          await talk(answering(JSON.stringify(json), code)).catch((error: unknown) => {
            if (!(error instanceof BankError)) throw error;
          });
        }),
        { numRuns: 150 },
      );
    });
  }

  test('a bank that leads in circles is left', async () => {
    const json: Json = {
      consentId: 'c1',
      consentStatus: 'received',
      _links: { startAuthorisation: { href: 'https://bank.example/v1/consents/c1/authorisations' } },
    };
    const talking = berlinGroup.authorise(answering(JSON.stringify(json), 201), PERMISSION);
    await assert.rejects(talking, { kind: 'unexpected', message: 'the bank leads us in circles' });
  });
});
