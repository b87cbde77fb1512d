import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createApp } from '../../src/platform/apps/apps.ts';
import { connects, WAYS } from '../journeys/ways.ts';
import type { PlainVisitor } from '../visitor/plain.ts';
import { type World, world } from '../world.ts';
import { becomesFirst, codeOf, joinsAs, type Operator, PASSWORD, typesPassword } from './operator.ts';

describe('attacks on the dashboard', () => {
  let here: World;
  let ada: Operator;
  before(async () => {
    here = await world();
    ada = await becomesFirst(here, await here.person('plain HTTP'));
  });
  after(() => here.close());
  const person = async () => (await here.person('plain HTTP')) as PlainVisitor;
  const cookieOf = (visitor: PlainVisitor) =>
    visitor.jar.header({ url: new URL(`${here.url}/dashboard`), crossSite: false, method: 'GET' }) ?? '';

  test('passwords are guessed a few times, then nobody is asked any more; the owner’s own browser still is', async () => {
    const victim = await joinsAs(here, await person(), 'support', null, 'victim@example.com');
    const thief = await person();
    const answers: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      await typesPassword(here, thief, victim.email, `${PASSWORD} ${round}`);
      answers.push(String(thief.status()));
    }
    assert.deepEqual(answers, ['401', '401', '401', '401', '401', '429', '429', '429']);
    // Even the right one is not tried now.
    await typesPassword(here, thief, victim.email, PASSWORD);
    assert.equal(thief.status(), 429);
    await victim.visitor.presses('Sign out');
    await typesPassword(here, victim.visitor, victim.email);
    await victim.visitor.sees('The second factor');
  });

  test('an unknown address looks like a wrong password', async () => {
    const thief = await person();
    await typesPassword(here, thief, 'nobody@example.com', PASSWORD);
    const unknown = [thief.status(), (await thief.text()).replace(/req_\w+/, '')];
    await typesPassword(here, thief, 'nobody@example.com', `${PASSWORD} x`);
    assert.deepEqual([thief.status(), (await thief.text()).replace(/req_\w+/, '')], unknown);
  });

  test('codes are guessed five times at most for one password', async () => {
    const victim = await joinsAs(here, await person(), 'support', null, 'coded@example.com');
    const thief = await person();
    await typesPassword(here, thief, victim.email);
    for (let round = 0; round < 5; round += 1) {
      await thief.fills(/^Code of your/, String(100_000 + round));
      await thief.presses('Go on');
      await thief.sees('not right');
    }
    await thief.fills(/^Code of your/, codeOf(victim.secret, 1));
    await thief.presses('Go on');
    await thief.sees('tried too often');
    await thief.opens(`${here.url}/dashboard`);
    await thief.sees('Sign in');
  });

  test('a session that was planted before signing in is worth nothing after it', async () => {
    const carol = await joinsAs(here, await person(), 'support', null, 'fixed@example.com');
    const visitor = await person();
    await typesPassword(here, visitor, carol.email);
    const planted = cookieOf(visitor);
    await visitor.fills(/^Code of your/, codeOf(carol.secret, 1));
    await visitor.presses('Go on');
    await visitor.sees('Apps');
    assert.notEqual(cookieOf(visitor), planted);
    const answer = await fetch(`${here.url}/dashboard`, { headers: { cookie: planted }, redirect: 'manual' });
    assert.equal(answer.headers.get('location'), '/dashboard/enter?to=%2Fdashboard');
    const out = cookieOf(visitor);
    await visitor.presses('Sign out');
    const after = await fetch(`${here.url}/dashboard`, { headers: { cookie: out }, redirect: 'manual' });
    assert.equal(after.status, 303);
  });

  test('a form of another site, of another session or without its token changes nothing', async () => {
    const { visitor } = ada;
    const cookie = cookieOf(visitor as PlainVisitor);
    await visitor.opens(`${here.url}/dashboard`);
    const token = /name="csrf" value="([^"]+)"/.exec((visitor as PlainVisitor).page().html)![1]!;
    const send = async (body: Record<string, string>, headers: Record<string, string>) => {
      const answer = await fetch(`${here.url}/dashboard/apps`, {
        method: 'POST',
        headers: { cookie, ...headers },
        body: new URLSearchParams({ name: 'Forged', ...body }),
        redirect: 'manual',
      });
      return answer.status;
    };
    const bob = await joinsAs(here, await person(), 'owner', null, 'forger@example.com');
    await bob.visitor.opens(`${here.url}/dashboard`);
    const bobs = /name="csrf" value="([^"]+)"/.exec((bob.visitor as PlainVisitor).page().html)![1]!;
    assert.equal(await send({}, {}), 403);
    assert.equal(await send({ csrf: '' }, {}), 403);
    assert.equal(await send({ csrf: bobs }, {}), 403);
    assert.equal(await send({ csrf: token }, { 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await send({ csrf: token }, { 'sec-fetch-site': 'same-site' }), 403);
    await visitor.opens(`${here.url}/dashboard`);
    await visitor.doesNotSee('Forged');
    assert.equal(await send({ csrf: token }, { 'sec-fetch-site': 'same-origin' }), 200);
    const login = await fetch(`${here.url}/dashboard/enter`, {
      method: 'POST',
      body: new URLSearchParams({ email: ada.email, password: PASSWORD }),
      redirect: 'manual',
    });
    assert.equal(login.status, 403);
  });

  test('cookies are out of reach of scripts and other sites, pages of frames and caches', async () => {
    const answer = await fetch(`${here.url}/dashboard/enter`);
    assert.match(
      answer.headers.get('set-cookie') ?? '',
      /^drawbridge_form=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'none'; style-src 'self'.*frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|http/);
  });

  test('the way on after signing in stays in the dashboard', async () => {
    for (const to of [
      'https://evil.example',
      '//evil.example',
      '/dashboard//evil.example',
      '/\\evil',
      '/v1/account',
      'javascript:x',
    ]) {
      const visitor = await person();
      await visitor.opens(`${here.url}/dashboard/enter?to=${encodeURIComponent(to)}`);
      assert.match(visitor.page().html, /name="to" value=""/, to);
    }
  });

  test('somebody who may see one app sees nothing of another', async () => {
    const mine = await createApp(here.server.platform, { name: 'Mine' });
    const foreign = await createApp(here.server.platform, { name: 'Foreign' });
    const scoped = await joinsAs(here, await person(), 'developer', [mine.app], 'scoped@example.com');
    const { visitor } = scoped;
    await visitor.opens(`${here.url}/dashboard`);
    await visitor.sees('Mine');
    await visitor.doesNotSee('Foreign');
    for (const path of ['', '/keys', '/settings']) {
      await visitor.opens(`${here.url}/dashboard/apps/${foreign.app}/test${path}`);
      assert.equal(visitor.status(), 404);
      await visitor.doesNotSee('Foreign');
    }
    await visitor.opens(`${here.url}/dashboard/apps/${mine.app}/test/keys`);
    const made = await fetch(`${here.url}/dashboard/apps`, {
      method: 'POST',
      headers: { cookie: cookieOf(visitor as PlainVisitor) },
      body: new URLSearchParams({
        csrf: /name="csrf" value="([^"]+)"/.exec((visitor as PlainVisitor).page().html)![1]!,
        name: 'More',
      }),
    });
    assert.equal(made.status, 403);
    const key = foreign.keys[0]!.id;
    const token = /name="csrf" value="([^"]+)"/.exec((visitor as PlainVisitor).page().html)![1]!;
    for (const app of [foreign.app, mine.app]) {
      const answer = await fetch(`${here.url}/dashboard/apps/${app}/test/keys/${key}/end`, {
        method: 'POST',
        headers: { cookie: cookieOf(visitor as PlainVisitor) },
        body: new URLSearchParams({ csrf: token, in: '0' }),
      });
      assert.equal(answer.status, 404);
    }
  });

  test('markup from a bank, an app or a person stays text, on every page that shows it', async () => {
    const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    await here.app.post('/v1/account', { name: `L ${evil}` });
    await here.bank.misbehaves('de-lindental', { kind: 'hostile_text', times: 'until_cleared' });
    const { id: customer } = await here.app.post('/v1/customers', { reference: evil, name: evil });
    const asked = await here.asksForConsent({ provider: WAYS.none.bank, customer, purpose: evil });
    const visit = await person();
    await connects(visit, asked.url, WAYS.none, here.bank);
    await here.app.post('/v1/webhook_endpoints', { url: 'http://127.0.0.1:9/x', description: evil });
    const app = (await here.app.get('/v1/account')).id;
    const base = `${here.url}/dashboard/apps/${app}/test`;
    const paths = [
      '',
      '/customers',
      `/customers/${customer}`,
      '/consents',
      `/consents/${asked.consent}`,
      '/log',
      '/log/visits',
      '/log/calls',
      '/pictures',
      '/settings',
      '/webhooks',
    ];
    const visitor = ada.visitor as PlainVisitor;
    let shown = 0;
    for (const path of ['/dashboard', ...paths]) {
      await visitor.opens(path === '/dashboard' ? `${here.url}${path}` : `${base}${path}`);
      const { html } = visitor.page();
      assert.equal(visitor.status(), 200, path);
      const bare = html.replace(/="[^"]*"/g, '=""');
      assert.doesNotMatch(bare, /<img|<script|<[^>]*\son\w+\s*=|<svg (?!class=)/i, path);
      assert.doesNotMatch(html, /(href|src|action)="\s*javascript:/i, path);
      if (html.includes('&lt;img src=x') || html.includes('&lt;script')) shown += 1;
    }
    assert.ok(shown > 5, `only ${shown} pages showed it`);
    await here.bank.behavesAgain('de-lindental');
  });
});
