import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PlainVisitor } from '../visitor/plain.ts';
import { HOWS } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { comesHome, agrees, approvesAtBank, begins, goesToBank, grants, logsInAtBank, WAYS, type Way } from './ways.ts';

describe('a person comes back from the bank', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  /** A visit that has been sent to the bank, and the bank's way back, not followed. */
  async function wayBack(way: Way): Promise<{ person: PlainVisitor; consent: string; back: string }> {
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    const { consent, url } = await here.asksForConsent({ provider: way.bank });
    await begins(person, url, way);
    await agrees(person);
    await goesToBank(person, way.bankName);
    await logsInAtBank(person, way.login, way.password);
    const back = await here.stopsBefore(person, `${here.url}/back/`, () => approvesAtBank(person));
    return { person, consent, back };
  }

  for (const way of [WAYS.redirected, WAYS.oauth] as Way[]) {
    test(`${way.name}: in a browser without the cookie nothing is finished, and it says what to do`, async () => {
      const { person, consent, back } = await wayBack(way);
      const before = await tokenCalls(way.bank);
      for (const how of HOWS) {
        const stranger = await here.person(how);
        await stranger.opens(back);
        await stranger.sees('Please go back to where you started');
        await stranger.close();
      }
      assert.notEqual((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      assert.equal(await tokenCalls(way.bank), before, 'the bank was asked for a token');
      const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
      assert.deepEqual(data, []);
      // The browser it began in finishes it, but anew: it may have been somebody else who approved (T2).
      await person.opens(back);
      await person.presses('Try again');
      await way.signIn(person, here.bank);
      if (way.grants) await grants(person);
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    });

    test(`${way.name}: with another visit’s state in one’s own browser nothing is finished (T1)`, async () => {
      const [first, second] = [await wayBack(way), await wayBack(way)];
      const before = await tokenCalls(way.bank);
      await first.person.opens(second.back);
      await second.person.opens(first.back);
      assert.equal(await tokenCalls(way.bank), before, 'the bank was asked for a token');
      for (const { consent } of [first, second])
        assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
    });

    test(`${way.name}: a made-up state gets a clear page and no call to the bank`, async () => {
      const person = await here.person('plain HTTP');
      const before = await tokenCalls(way.bank);
      await person.opens(`${here.url}/back/${way.bank}?state=${'x'.repeat(43)}&code=abc`);
      assert.ok(person.status() >= 400 && person.status() < 500, `${person.status()}`);
      assert.equal(await tokenCalls(way.bank), before);
    });

    test(`${way.name}: a hundred times at once is once (T9)`, async () => {
      const { person, consent, back } = await wayBack(way);
      const before = await tokenCalls(way.bank);
      const visitors = Array.from({ length: 100 }, () => here.sameBrowser(person));
      for (const one of visitors) one.stopBefore = here.url;
      await Promise.all(visitors.map((one) => one.opens(back)));
      const calls = (await tokenCalls(way.bank)) - before;
      assert.equal(new Set(visitors.map((one) => one.page().headers.location)).size, 1);
      assert.equal(calls, way.bank === 'at-alpenhof' ? 1 : 0);
      await person.opens(new URL(visitors[0]!.page().headers.location as string, here.url).href);
      if (way.grants) await grants(person);
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      const timeline = await here.app.get(`/v1/consents/${consent}/timeline`);
      const authorized = timeline.data.filter((entry: { to: string | null }) => entry.to === 'authorized');
      assert.equal(authorized.length, 1);
      // An hour later the same address changes nothing any more.
      await here.clock.advance(3_600_000);
      await here.server.platform.jobs.idle();
      const later = await tokenCalls(way.bank);
      await person.opens(back);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      assert.equal(await tokenCalls(way.bank), later);
    });
  }

  test('one bank’s answer is not taken for another’s (T3)', async () => {
    const { person, consent, back } = await wayBack(WAYS.redirected);
    await person.opens(back.replace('/back/de-nordwind', '/back/at-alpenhof'));
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
  });

  test('no secret is in an address, and nothing of ours is in a Referer (T14)', async () => {
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    const { url } = await here.asksForConsent({ provider: 'de-nordwind' });
    const token = new URL(url).pathname.split('/').at(-1)!;
    await person.opens(url);
    assert.ok(!person.url().includes(token), 'the token stays in the address bar');
    const { headers } = person.page();
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.match(String(headers['cache-control']), /no-store/);
    for (const cookie of await here.cookiesSetBy(url)) {
      assert.match(cookie, /HttpOnly/i);
      assert.match(cookie, /SameSite=Lax/i);
      assert.match(cookie, /Path=\//i);
    }
    await begins(person, url, WAYS.redirected);
    await agrees(person);
    assert.ok(!person.page().html.includes(token), 'the token is on the page');
  });

  test('the old cookie opens nothing after the visit has ended (T14)', async () => {
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(person, url, WAYS.none);
    const visit = person.url();
    await person.presses('I do not agree');
    await comesHome(person);
    await person.opens(visit);
    await person.doesNotSee('Sign in');
    assert.equal(await person.canPress(/^Agree/), false);
  });

  async function tokenCalls(bank: string): Promise<number> {
    return (await here.bank.calls(bank)).filter(({ path }) => path.endsWith('/token')).length;
  }
});

describe('a return URL', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const refused = [
    'https://app.example.com.evil.io/callback',
    'https://app.example.com@evil.io/callback',
    '//evil.io/callback',
    '/\\evil.io',
    'https:/\\evil.io/callback',
    'javascript:alert(1)',
    'data:text/html,hello',
    'https://app.example.com/callback/../x',
    'https://app.example.com./callback',
    'https://APP.example.com/callback',
    'https://app.example.com:443/callback',
    'https://app.example.com/callback#fragment',
    'https://app.example.com/callback\n',
    'https://app.exämple.com/callback',
    'http://app.example.com/callback',
    'https://app.example.com/callback%2f..',
    'https://app.example.com/callback?fx_consent=cst_x',
    'https://app.example.com/callback?error=none',
  ];
  for (const url of refused) {
    test(`${JSON.stringify(url)} is refused when the consent is made (T4)`, async () => {
      await here.app.post('/v1/account', { return_urls: ['https://app.example.com/callback', here.app.returnUrl] });
      const { status, body } = await here.app.call('POST', '/v1/consents', { return_url: url });
      assert.equal(status, 422);
      assert.match(body.code, /^(return_url_not_allowed|invalid_request)$/);
      assert.equal(body.errors[0].pointer, '/return_url');
    });
  }

  test('gets everything back that the app put there, byte for byte and in order', async () => {
    const person = await here.person('plain HTTP');
    const given = 'state=a%2Fb%20c&x=1&x=2&empty=&flag&%C3%BC=%E2%82%AC';
    const { consent, url } = await here.asksForConsent({
      provider: 'de-lindental',
      return_url: `${here.app.returnUrl}?${given}`,
    });
    await person.opens(url);
    await person.presses(/^No, cancel$/);
    await comesHome(person);
    const { search } = here.app.returns.at(-1)!;
    assert.match(
      search,
      new RegExp(
        `^\\?${given.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}&fx_session=ses_\\w+&fx_consent=${consent}&error=`,
      ),
    );
  });

  test('has {SESSION_ID} filled in, in a registered place', async () => {
    await here.app.post('/v1/account', { return_urls: [here.app.returnUrl, `${here.app.returnUrl}/{session}`] });
    const person = await here.person('plain HTTP');
    const { url } = await here.asksForConsent({
      provider: 'de-lindental',
      return_url: `${here.app.returnUrl}/{SESSION_ID}`,
    });
    await person.opens(url);
    await person.presses(/^No, cancel$/);
    await comesHome(person);
    const { pathname, searchParams } = here.app.returns.at(-1)!;
    assert.equal(pathname, `/callback/${searchParams.get('fx_session')}`);
  });

  test('is the app’s default where the consent has none, else our own confirmation page', async () => {
    const customer = await here.app.post('/v1/customers', { reference: 'no-return-url' });
    const leave = async () => {
      const consent = await here.app.post('/v1/consents', { customer: customer.id, provider: 'de-lindental' });
      const person = await here.person('plain HTTP');
      await person.opens(consent.redirect.consent_url);
      await person.presses(/^No, cancel$/);
      return person;
    };
    const ours = await leave();
    await ours.sees('Canceled');
    assert.ok(ours.url().startsWith(here.url));
    await here.app.post('/v1/account', { default_return_url: here.app.returnUrl });
    await (await leave()).sees('Welcome back');
  });
});
