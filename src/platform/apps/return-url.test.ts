import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { refuseRegistration, refuseReturnUrl, returnTo } from './return-url.ts';

const TEST = { mode: 'test' } as const;
const LIVE = { mode: 'live' } as const;
const REGISTERED = [
  'https://app.example.com/callback',
  'https://app.example.com/callback/{SESSION_ID}',
  'https://app.example.com/cb/',
  'https://app.example.com:8443/cb',
  'https://app.example.com',
  'http://127.0.0.1:3000/cb',
  'http://localhost:3000/cb',
  'http://intranet:8080/cb',
  'https://xn--bcher-kva.example/cb',
];

const allowed = (url: string, rules: Parameters<typeof refuseReturnUrl>[2] = TEST) =>
  refuseReturnUrl(url, REGISTERED, rules) === undefined;

describe('return URLs', () => {
  for (const url of [
    'https://app.example.com/callback',
    'https://app.example.com/callback?state=af0ifjsldkj',
    'https://app.example.com/callback?a[]=1&a[]=2&x={y}&z=%C3%A4|b',
    'https://app.example.com/callback?next=https://evil.example/#'.slice(0, -1),
    'https://app.example.com/callback/{SESSION_ID}',
    'https://app.example.com/callback/user_4711-x?state=1',
    'https://app.example.com/cb/',
    'https://app.example.com:8443/cb',
    'https://app.example.com',
    'https://app.example.com?state=1',
    'http://127.0.0.1:3000/cb',
    'http://localhost:3000/cb?x',
    'https://xn--bcher-kva.example/cb',
    'https://app.example.com/callback?errors=1&fx_consents=2&myerror=3',
  ]) {
    test(`${url} is allowed`, () => assert.equal(refuseReturnUrl(url, REGISTERED, TEST), undefined));
  }

  for (const url of [
    'https://app.example.com.evil.io/callback',
    'https://app.example.com@evil.io/callback',
    'https://app.example.com:pass@evil.io/callback',
    'https://evil.io\\@app.example.com/callback',
    '//evil.io',
    '/\\evil.io',
    '\\\\evil.io',
    'javascript:alert(1)',
    'data:text/html,hi',
    'https:app.example.com/callback',
    'https:///app.example.com/callback',
    'https://app.example.com/callback/../x',
    'https://app.example.com/cb/../callback',
    'https://app.example.com/callback/.',
    'https://app.example.com/callback/..',
    'https://app.example.com/callback/%2e%2e',
    'https://app.example.com/%2e/callback',
    'https://app.example.com/callback/a%2fb',
    'https://app.example.com/callback//x',
    'https://app.example.com//callback',
    'https://app.example.com./callback',
    'https://App.example.com/callback',
    'HTTPS://app.example.com/callback',
    'https://app.example.com/Callback',
    'https://app.example.com:443/callback',
    'https://app.example.com:08443/cb',
    'https://app.example.com/callback/',
    'https://app.example.com/callback#x',
    'https://app.example.com/callback?x#y',
    'https://app.example.com/callback?x=1\n',
    ' https://app.example.com/callback',
    'https://app.example.com/callback ',
    'https://app.example.com/call\tback',
    'https://app.example.com/callback?a b',
    'https://app.example.com/callback?x=%',
    'https://app.example.com/callback?x=%zz',
    'https://app.example.com/callback?x=ä',
    'https://app.example.com/callback?x="y"',
    'https://app.example.com/callback?error=x',
    'https://app.example.com/callback?a=1&error_code=x',
    'https://app.example.com/callback?fx_consent=cst_x',
    'https://app.example.com/callback?fx%5Fconsent=x',
    'https://app.example.com/callback?%66x_session=x',
    'https://app.example.com/callback?%2566x_session=x',
    'https://app.example.com/callback?fx.consent=x',
    'https://app.example.com/callback?error[]=x',
    'https://app.example.com/callback?a=1;error=x',
    'https://app.example.com/callback?FX_CLAIM=x',
    'https://app.example.com/callback/{OTHER}',
    'https://app.example.com/callback/x{SESSION_ID}',
    `https://app.example.com/callback/${'x'.repeat(201)}`,
    `https://app.example.com/callback?${'x'.repeat(2000)}`,
    'https://app.example.com/callback/a.b',
    'https://app.example.com/callback/a/b',
    'https://bücher.example/cb',
    'https://xn--bcher-kva.example./cb',
    'https://xn--a.example/cb',
    'http://app.example.com/callback',
    'http://127.1:3000/cb',
    'http://2130706433:3000/cb',
    'http://0x7f.1:3000/cb',
    'http://intranet:8080/cb',
    'https://[::1]/callback',
    'https://①②⑦.0.0.1/callback',
    '',
  ]) {
    test(`${JSON.stringify(url).slice(0, 90)} is refused`, () => assert.equal(allowed(url), false));
  }

  test('plain http is for loopback in test mode and for the hosts an operator lists', () => {
    assert.equal(allowed('http://127.0.0.1:3000/cb', LIVE), false);
    assert.equal(allowed('http://intranet:8080/cb', { mode: 'live', httpHosts: ['intranet:8080'] }), true);
    assert.equal(allowed('http://intranet:8080/cb', { mode: 'live', httpHosts: ['intranet'] }), true);
    assert.equal(allowed('http://intranet:8080/cb', { mode: 'live', httpHosts: ['intranet:80'] }), false);
  });

  test('what is registered is held to the same rules, and has no query', () => {
    for (const url of REGISTERED.slice(0, 7)) assert.equal(refuseRegistration(url, TEST), undefined, url);
    for (const url of [
      'https://app.example.com/cb?x=1',
      'https://app.example.com/{a/b}',
      'https://app.example.com/a{b}',
      'https://app.example.com/..',
      'https://{host}.example.com/cb',
      'https://*.example.com/cb',
      'https://app.example.com/cb#x',
      'https://app.example.com/%2e%2e/x',
      'myapp://callback',
    ]) {
      assert.notEqual(refuseRegistration(url, TEST), undefined, url);
    }
    assert.notEqual(refuseRegistration('http://127.0.0.1/cb', LIVE), undefined);
  });

  test('fuzzed addresses are allowed only where every parser arrives at a registered place', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          'https://',
          'http://',
          'app.example.com',
          'evil.io',
          '/callback',
          '/',
          '\\',
          '@',
          ':',
          '?',
          '#',
          '..',
          '%2e',
          '%2f',
        ],
      ),
      fc.constantFrom(
        ...[
          '{SESSION_ID}',
          '&',
          '=',
          'error',
          'fx_session',
          '.',
          ';',
          '\u0000',
          '\t',
          '[',
          ']',
          '%',
          'ä',
          '。',
          '／',
          '443',
        ],
      ),
      fc.string({ maxLength: 4, unit: 'grapheme' }),
    );
    const url = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.array(piece, { maxLength: 6 }).map((pieces) => `https://app.example.com/callback${pieces.join('')}`),
      fc.array(piece, { maxLength: 6 }).map((pieces) => `https://app.example.com${pieces.join('')}`),
    );
    fc.assert(
      fc.property(url, (given) => {
        if (!allowed(given)) return;
        const parsed = new URL(given.replaceAll('{SESSION_ID}', 'ses_1'));
        const places = REGISTERED.map((one) => new URL(one.replace('{SESSION_ID}', 'x')));
        assert.ok(
          places.some((place) => place.origin === parsed.origin),
          given,
        );
        assert.match(parsed.pathname, /^\/(callback(\/[A-Za-z0-9_-]{1,200})?|cb\/?)?$/);
        assert.equal(parsed.hash + parsed.username + parsed.password, '');
        for (const name of ['fx_session', 'fx_consent', 'fx_claim', 'error', 'error_code'])
          assert.equal(parsed.searchParams.has(name), false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('coming back', () => {
  const outcome = { session: 'ses_1', consent: 'cst_1' };

  test('our parameters are appended in order behind what the app gave', () => {
    assert.equal(returnTo('https://a.example/cb', outcome), 'https://a.example/cb?fx_session=ses_1&fx_consent=cst_1');
    assert.equal(
      returnTo('https://a.example/cb?state=%7e&b=2&a=1', {
        ...outcome,
        error: 'access_denied',
        errorCode: 'refused_on_page',
      }),
      'https://a.example/cb?state=%7e&b=2&a=1&fx_session=ses_1&fx_consent=cst_1&error=access_denied&error_code=refused_on_page',
    );
    assert.equal(returnTo('https://a.example/cb?', { session: 'ses_1' }), 'https://a.example/cb?fx_session=ses_1');
    assert.equal(returnTo('https://a.example/cb?x&', { session: 'ses_1' }), 'https://a.example/cb?x&fx_session=ses_1');
  });

  test('the literal {SESSION_ID} becomes the session', () => {
    assert.equal(
      returnTo('https://a.example/cb/{SESSION_ID}?s={SESSION_ID}', outcome),
      'https://a.example/cb/ses_1?s=ses_1&fx_session=ses_1&fx_consent=cst_1',
    );
  });

  test('every parameter of any allowed address comes back byte for byte', () => {
    const unit = fc.constantFrom(..."ABCxyz019-._~!$'()*+,:@/?[]|=".split(''), '%20', '%C3%A4', '%00');
    const pairs = fc.array(fc.string({ unit, maxLength: 12 }), { maxLength: 5 }).map((all) => all.join('&'));
    fc.assert(
      fc.property(pairs, (query) => {
        const url = `https://app.example.com/callback?${query}`;
        fc.pre(allowed(url));
        const back = returnTo(url, outcome);
        assert.ok(back.startsWith(url));
        const before = [...new URL(url).searchParams];
        const after = [...new URL(back).searchParams];
        assert.deepEqual(after.slice(0, before.length), before);
        assert.deepEqual(after.slice(before.length), [
          ['fx_session', 'ses_1'],
          ['fx_consent', 'cst_1'],
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
