import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextMove, readLinks } from './links.ts';

const FROM = 'https://bank.example/psd2/v1/consents';

function href(link: string, from = FROM): string | undefined {
  return readLinks({ self: { href: link } }, from).self;
}

describe('links of a Berlin Group bank', () => {
  for (const [link, address] of [
    ['https://bank.example/psd2/v1/consents/1', 'https://bank.example/psd2/v1/consents/1'],
    ['/psd2/v1/consents/1', 'https://bank.example/psd2/v1/consents/1'],
    ['/v1/consents/1', 'https://bank.example/psd2/v1/consents/1'],
    ['v1/consents/1', 'https://bank.example/psd2/v1/consents/1'],
    ['/other/place', 'https://bank.example/other/place'],
    ['?page=2', 'https://bank.example/psd2/v1/consents?page=2'],
    ['https://http://bank.example/x', 'http://bank.example/x'],
    ['//evil.example/v1/x', 'https://evil.example/v1/x'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['https://user:pw@bank.example/', undefined],
    ['https://', undefined],
    ['', undefined],
  ] as const) {
    test(`${link || 'nothing'} is ${address ?? 'no link'}`, () => assert.equal(href(link), address));
  }

  test('a base address without a path of its own stays without one', () => {
    assert.equal(
      href('/v1/consents/1', 'https://bank.example/v1/accounts/7/transactions?x=1'),
      'https://bank.example/v1/consents/1',
    );
  });

  test('links as plain text, as a list, and unknown ones are read by name', () => {
    const links = readLinks([{ status: 'https://bank.example/s' }, { brandNew: { href: '/n' } }], FROM);
    assert.deepEqual(links, { status: 'https://bank.example/s', brandNew: 'https://bank.example/n' });
  });

  test('nothing strange in links can break us', () => {
    for (const strange of [null, 1, 'x', [null], { a: null }, { a: { href: {} } }, { __proto__: null, toString: 'x' }])
      assert.ok(readLinks(strange, FROM));
  });
});

describe('what the bank’s answer asks for', () => {
  const post = (links: Record<string, string>, approach?: string, scaStatus?: string, methodChosen = false) =>
    nextMove({ links, approach, scaStatus, methodChosen }).do;

  test('its links decide, its approach chooses between several', () => {
    const both = { scaRedirect: 'https://r', startAuthorisationWithPsuAuthentication: 'https://s' };
    assert.equal(post(both, 'REDIRECT'), 'redirect');
    assert.equal(post(both, 'EMBEDDED'), 'sign_in');
    assert.equal(post({ scaRedirect: 'https://r' }, 'EMBEDDED'), 'redirect');
    assert.equal(post({ scaOAuth: 'https://o', scaRedirect: 'https://r' }), 'oauth');
  });

  test('a chosen method means a code, or waiting where the bank says decoupled', () => {
    const both = { selectAuthenticationMethod: 'https://m', authoriseTransaction: 'https://t' };
    assert.equal(post(both, 'EMBEDDED', 'scaMethodSelected', true), 'enter_code');
    assert.equal(post(both, 'EMBEDDED', 'psuAuthenticated', false), 'choose_method');
    assert.equal(post(both, 'DECOUPLED', 'scaMethodSelected', true), 'wait');
    assert.equal(post({ scaStatus: 'https://s' }, 'DECOUPLED', 'started'), 'wait');
  });

  test('a decoupled bank that still wants a password gets one', () => {
    assert.equal(post({ startAuthorisationWithPsuIdentification: 'https://i' }, 'DECOUPLED'), 'sign_in');
  });

  test('what has ended is looked at, whatever links are left', () => {
    assert.equal(post({ authoriseTransaction: 'https://t' }, 'EMBEDDED', 'finalised'), 'look');
  });

  test('an answer that leads nowhere is off the standard', () => {
    assert.throws(() => post({}, 'EMBEDDED'), { kind: 'unexpected' });
    assert.throws(() => post({ self: 'https://s' }), { kind: 'unexpected' });
  });
});
