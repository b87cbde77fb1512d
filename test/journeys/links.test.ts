import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PlainVisitor } from '../visitor/plain.ts';
import { type World, world } from '../world.ts';
import { begins, comesHome, connects, WAYS } from './ways.ts';

const DAY_MS = 86_400_000;

describe('a link that cannot be used says what to do', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const opened = async (url: string) => {
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    await person.opens(url);
    return person;
  };

  for (const path of [
    '/connect/nothing',
    `/connect/${'A'.repeat(43)}`,
    '/connect/%00',
    `/connect/${'x'.repeat(5000)}`,
  ]) {
    test(`an unknown one: ${path.slice(0, 30)}`, async () => {
      const person = await opened(`${here.url}${path}`);
      assert.ok(person.status() >= 400 && person.status() < 500, `${person.status()}`);
      assert.equal(await person.canPress('Continue'), false);
      assert.match(String(person.page().headers['content-type']), /text\/html/);
    });
  }

  test('one whose consent has no customer yet', async () => {
    const consent = await here.app.post('/v1/consents', { provider: 'de-lindental' });
    const person = await opened(consent.redirect.consent_url);
    await person.sees('This link is not ready yet');
    await here.app.post(`/v1/consents/${consent.id}`, { customer: (await here.app.post('/v1/customers', {})).id });
    await person.opens(consent.redirect.consent_url);
    await person.presses('Continue');
  });

  test('one that has done its work', async () => {
    const { url } = await here.asksForConsent({ provider: WAYS.none.bank });
    const person = await here.person('plain HTTP');
    await connects(person, url, WAYS.none, here.bank);
    await comesHome(person);
    await (await opened(url)).sees('This link has done its work');
  });

  test('one that was refused', async () => {
    const { url } = await here.asksForConsent({});
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('No, cancel');
    await comesHome(person);
    await (await opened(url)).sees('This was canceled');
  });

  test('one that was revoked by the app before it was opened', async () => {
    const { url, consent } = await here.asksForConsent({});
    await here.app.post(`/v1/consents/${consent}/revoke`);
    await (await opened(url)).sees('This was canceled');
  });

  for (const [option, value] of [
    ['provider', 'xx-nobody'],
    ['skip_info', 'perhaps'],
    ['skip_qr', '2'],
    ['locale', 'tlh'],
    ['template', 'tpl_unknown'],
  ]) {
    test(`one with an option nobody knows: ${option}=${value}`, async () => {
      const { url } = await here.asksForConsent({});
      const person = await opened(`${url}?${option}=${value}`);
      assert.ok(person.status() < 500);
      await person.doesNotSee('went wrong on our side');
      if (option !== 'provider') await person.sees(option!);
    });
  }

  test('every page has the headers that keep it to itself (T10)', async () => {
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    const check = () => {
      const { headers } = person.page();
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.match(policy, /default-src 'none'|default-src 'self'/);
      assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
      assert.match(policy, /require-trusted-types-for 'script'/);
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.match(String(headers['cache-control']), /no-store/);
    };
    await begins(person, url, WAYS.none);
    check();
    for (const path of [
      '/connect/nothing',
      '/connect/help',
      '/visit/cst_0000000000000000000000',
      '/back/de-nordwind',
    ]) {
      await person.opens(`${here.url}${path}`);
      check();
    }
  });

  test('the page as JSON is for apps the operator allows', async () => {
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    await person.opens(url);
    const { status, body } = await person.json();
    assert.equal(status, 403);
    assert.equal((body as { code: string }).code, 'headless_not_allowed');
  });

  test('a form from another site changes nothing', async () => {
    const { url, consent } = await here.asksForConsent({ provider: 'de-lindental' });
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    await person.opens(url);
    const before = await here.app.get(`/v1/consents/${consent}`);
    const others: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      {},
    ];
    for (const headers of others) {
      const cookie = person.jar.all.map(({ name, value }) => `${name}=${value}`).join('; ');
      const answer = await here.app.call('POST', new URL(person.url()).pathname, 'turn=0&do=refuse&csrf=guessed', {
        authorization: '',
        cookie,
        ...headers,
      });
      assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
    }
    assert.deepEqual(await here.app.get(`/v1/consents/${consent}`), before);
  });

  test('one that nobody used for seven days', async () => {
    const { url, consent } = await here.asksForConsent({});
    await here.clock.advance(8 * DAY_MS);
    await here.eventually(async () => {
      const { status, ended_by } = await here.app.get(`/v1/consents/${consent}`);
      assert.deepEqual([status, ended_by], ['canceled', 'system']);
    });
    const person = await opened(url);
    await person.sees(/This link has expired|This was canceled/);
    assert.equal(await person.canPress('Continue'), false);
  });
});
