import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { checkReceipt } from '../../clients/receipts/verify.ts';
import type { BrowserVisitor } from '../visitor/browser.ts';
import { readCodes } from '../visitor/codes.ts';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS, type Way } from './ways.ts';

const DAY_MS = 86_400_000;

describe('what a person manages after connecting', () => {
  let here: World;
  before(async () => {
    here = await world();
    await here.app.post('/v1/account', { mail: true });
  });
  after(() => here.close());

  const connected = async (email: string | undefined, way: Way = WAYS.redirected) => {
    const { id: customer } = await here.app.post('/v1/customers', {
      reference: `manages-${Math.trunc(performance.now() * 1000)}`,
      ...(email && { email }),
    });
    const asked = await here.asksForConsent({ provider: way.bank, customer });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, way, here.bank);
    await comesHome(person);
    return { ...asked, person };
  };
  const mailsTo = (to: string) => here.server.sandbox!.mails.filter((mail) => mail.to === to.toLowerCase());
  const mailTo = async (to: string, subject: RegExp) => {
    await here.eventually(async () => assert.ok(mailsTo(to).some((mail) => subject.test(mail.subject))));
    return mailsTo(to).findLast((mail) => subject.test(mail.subject))!;
  };
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${here.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
      redirect: 'manual',
    });

  test('a confirmation by mail: no bank in its subject, the same in text and HTML, refused by one click', async () => {
    await connected('ada@Example.com');
    const mail = await mailTo('ada@Example.com', /can now read/);
    assert.doesNotMatch(mail.subject, /Nordwind/);
    for (const body of [mail.text, mail.html]) {
      assert.match(body, /Leafbook/);
      assert.match(body, /Nordwind Bank/);
      assert.match(body, /Your balances/);
      assert.match(body, /\/control/);
    }
    assert.doesNotMatch(mail.text + mail.html, /DE\d{2}|\d+[.,]\d{2} ?(EUR|€)/, 'no account, no amount');
    const refuse = /<(http[^>]+)>/.exec(mail.headers['list-unsubscribe'] ?? '')?.[1];
    assert.ok(refuse);
    assert.equal(mail.headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
    const { pathname } = new URL(refuse);
    const asks = await (await fetch(refuse)).text();
    assert.match(asks, /No more of these mails to/);
    assert.match(await (await post(pathname, { 'List-Unsubscribe': 'One-Click' })).text(), /No more of these mails go/);
    const before = mailsTo('ada@example.com').length;
    const { consent } = await connected('ada@example.com', WAYS.none);
    await here.app.post(`/v1/consents/${consent}/revoke`);
    await here.server.platform.jobs.idle();
    assert.equal(mailsTo('ada@example.com').length, before);
    assert.match(await (await post(pathname, { do: 'wanted' })).text(), /again/);
  });

  test('no mail where the app has not turned it on', async () => {
    await here.app.post('/v1/account', { mail: false });
    await connected('quiet@example.com', WAYS.none);
    await here.server.platform.jobs.idle();
    await here.app.post('/v1/account', { mail: true });
    assert.deepEqual(mailsTo('quiet@example.com'), []);
  });

  test('control without the app: the same answer for every address, opening spends nothing, no numbers, ended at the bank', async () => {
    const { consent } = await connected('grace@example.com');
    const answer = async (email: string) => {
      const sent = await post('/control', { do: 'ask', email });
      return { status: sent.status, text: await sent.text() };
    };
    assert.deepEqual(await answer('grace@example.com'), await answer('nobody-here@example.com'));
    const mail = await mailTo('grace@example.com', /Your link/);
    await here.server.platform.jobs.idle();
    assert.deepEqual(mailsTo('nobody-here@example.com'), []);
    const link = /https?:\/\/\S+\/control\/\S+/.exec(mail.text)![0];
    for (const look of [1, 2]) {
      const opened = await fetch(link, { redirect: 'manual' });
      assert.equal(opened.status, 303, `look ${look}`);
      assert.equal(opened.headers.get('location'), '/control');
    }
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    const person = await here.person('plain HTTP');
    await person.opens(link);
    await person.sees('Leafbook');
    await person.sees('Nordwind Bank');
    assert.doesNotMatch(await person.text(), /••••|DE\d{2}|EUR/);
    await person.presses(/^End/);
    await person.sees('already read stays there until it is erased');
    await person.sees('help@leafbook.example');
    await person.presses(/^Yes, end it/);
    await person.sees('Leafbook reads nothing more');
    const ended = await here.app.get(`/v1/consents/${consent}`);
    assert.deepEqual([ended.status, ended.ended_by, ended.ended_reason], ['canceled', 'person', 'revoked']);
    await here.eventually(async () =>
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).bank_revocation, 'done'),
    );
    await mailTo('grace@example.com', /no longer read/);
    await person.opens(link);
    await person.sees('Nothing is allowed at present');
  });

  test('control refuses forms of others: no token, another site, another address’s consent', async () => {
    const { consent } = await connected('hedy@example.com', WAYS.none);
    await connected('mallory@example.com', WAYS.none);
    await post('/control', { do: 'ask', email: 'mallory@example.com' });
    const mail = await mailTo('mallory@example.com', /Your link/);
    const [link] = /https?:\/\/\S+\/control\/\S+/.exec(mail.text)!;
    const cookie = (await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
    const page = await (await fetch(`${here.url}/control`, { headers: { cookie } })).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)![1]!;
    for (const [form, headers] of [
      [{ do: 'sure', consent }, { cookie }],
      [{ do: 'sure', consent, csrf }, { cookie }],
      [
        { do: 'sure', consent, csrf },
        { cookie, 'sec-fetch-site': 'cross-site' },
      ],
    ] as [Record<string, string>, Record<string, string>][])
      await post('/control', form, headers);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    const receipt = await fetch(`${here.url}/control/receipt/${consent}`, { headers: { cookie }, redirect: 'manual' });
    assert.equal(receipt.status, 303);
  });

  test('whoever asks for links again and again is told to wait, in words, and one mailbox gets three an hour', async () => {
    await connected('many@example.com', WAYS.none);
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    const answers: Response[] = [];
    for (let asked = 0; asked < 12; asked++)
      answers.push(await post('/control', { do: 'ask', email: 'many@example.com' }, headers));
    const last = answers.at(-1)!;
    assert.equal(last.status, 429);
    assert.ok(Number(last.headers.get('retry-after')) > 0);
    assert.match(await last.text(), /<h1>[^<]+<\/h1>/);
    await mailTo('many@example.com', /Your link/);
    for (let more = 0; more < 5; more++) {
      await post('/control', { do: 'ask', email: 'many@example.com' }, { 'x-forwarded-for': `203.0.113.${80 + more}` });
      await here.server.platform.jobs.idle();
    }
    assert.equal(mailsTo('many@example.com').filter(({ subject }) => /Your link/.test(subject)).length, 3);
  });

  test('a receipt is signed: checked offline with the published key, and its code is read by another decoder', async () => {
    const { consent, customer } = await connected(undefined);
    const { keys } = (await (await fetch(`${here.url}/.well-known/consent-receipt-keys.json`)).json()) as {
      keys: { kid: string; kty: 'OKP'; crv: string; x: string }[];
    };
    const checked = (signature: string, text: string) => {
      const [head, claims, mark] = signature.split('.') as [string, string, string];
      const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString());
      const jwk = keys.find((key) => key.kid === kid);
      assert.ok(jwk && alg === 'EdDSA');
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      assert.ok(verify(null, Buffer.from(`${head}.${claims}`), key, Buffer.from(mark, 'base64url')));
      assert.ok(!verify(null, Buffer.from(`${head}.${claims}x`), key, Buffer.from(mark, 'base64url')));
      const said = JSON.parse(Buffer.from(claims, 'base64url').toString());
      assert.equal(said.sub, consent);
      assert.equal(said.text_sha256, createHash('sha256').update(text).digest('hex'));
    };
    const answered = await here.app.get(`/v1/consents/${consent}/receipt`);
    checked(answered.signature, JSON.stringify(answered.text));

    const { url } = await here.app.post('/v1/management_sessions', { customer });
    const person = (await here.person('Chromium', { width: 360 })) as BrowserVisitor;
    await person.opens(url);
    await person.presses('Continue');
    const path = await person.page.getByRole('link', { name: /^Receipt/ }).getAttribute('href');
    await person.opens(`${here.url}${path}`);
    await person.sees('Receipt of your consent');
    await person.sees('Nordwind Bank');
    const proof = JSON.parse((await person.page.locator('#proof').textContent()) ?? '');
    const kept = await person.page.content();
    assert.equal(checkReceipt(kept, { keys }).good, true);
    assert.equal(checkReceipt(JSON.stringify(answered), { keys }).good, true);
    const forged = { ...answered, text: { ...answered.text, title: 'Something else' } };
    assert.deepEqual(checkReceipt(JSON.stringify(forged), { keys }), {
      good: false,
      why: 'The words are not those that were signed.',
    });
    assert.equal(checkReceipt(kept, { keys: [] }).good, false);
    checked(proof.signature, proof.text);
    assert.deepEqual(await readCodes(await person.page.screenshot({ fullPage: true })), [proof.signature]);
    const file = await person.page.request.get(`${here.url}${path}?file=1`);
    assert.match(file.headers()['content-disposition'] ?? '', /attachment; filename="receipt-cst_/);
    const stranger = await here.person('plain HTTP');
    await stranger.opens(`${here.url}${path}`);
    await stranger.doesNotSee('Receipt of your consent');
  });

  test('in the UK the person confirms on the overview, one link or all, and the bank hears nothing', async () => {
    const { customer, consent } = await connected(undefined, WAYS.explicit);
    const { reconfirm_by: due } = await here.app.get(`/v1/consents/${consent}`);
    assert.ok(due);
    await here.clock.advance(3 * DAY_MS);
    await here.server.platform.jobs.idle();
    await here.bank.forgetsCalls(WAYS.explicit.bank);
    const { url } = await here.app.post('/v1/management_sessions', { customer });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    await person.sees('Leafbook may go on reading only if you say so again');
    await person.presses(/^Confirm/);
    const { reconfirm_by: later } = await here.app.get(`/v1/consents/${consent}`);
    assert.equal(Math.round((Date.parse(later) - Date.parse(due)) / DAY_MS), 3);
    assert.deepEqual(await here.bank.calls(WAYS.explicit.bank), []);
    const { data } = await here.app.get('/v1/events?type=consent.reconfirmed');
    assert.equal(data[0].data.object.id, consent);
  });

  test('an expiry is announced by mail once', async () => {
    const { consent } = await connected('late@example.com');
    const { expires_at: end } = await here.app.get(`/v1/consents/${consent}`);
    await here.clock.advance(Date.parse(end) - here.clock.now().getTime() - 6 * DAY_MS);
    const mail = await mailTo('late@example.com', /soon/);
    assert.doesNotMatch(mail.subject, /Nordwind/);
    assert.match(mail.text, /renew it in Leafbook/);
    await here.clock.advance(60_000);
    await here.server.platform.jobs.idle();
    assert.equal(mailsTo('late@example.com').filter(({ subject }) => /soon/.test(subject)).length, 1);
  });
});

describe('how far visits come', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  test('the funnel counts by bank and step, and names nobody', async () => {
    const asked = await here.asksForConsent({ provider: WAYS.none.bank });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, WAYS.none, here.bank);
    await comesHome(person);
    await here.app.post('/v1/connect_user_sessions', { user: 'never-came' });
    const funnel = await here.app.get('/v1/funnel');
    const steps = (provider: string | null) =>
      funnel.data.find((one: { provider: string | null }) => one.provider === provider)?.steps;
    const { created, opened, agreed, authenticated, finished } = steps(WAYS.none.bank);
    assert.deepEqual([created, opened, agreed, authenticated, finished], [1, 1, 1, 1, 1]);
    assert.deepEqual(steps(null), { created: 1, open: 1 });
    assert.doesNotMatch(JSON.stringify(funnel), /cus_|ses_|cst_|never-came/);
    assert.equal((await here.app.call('GET', '/v1/funnel?from=2026-01-01&to=2026-12-31')).status, 422);
  });

  test('a browser with the events token hears where a visit is, and nothing else', async () => {
    const {
      url,
      events_token: token,
      id,
    } = await here.app.post('/v1/connect_user_sessions', {
      user: 'events',
      provider: WAYS.none.bank,
    });
    const ask = async (body: string) => {
      const answer = await fetch(`${here.url}/connect-events`, { method: 'POST', body });
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      return {
        status: answer.status,
        body: (await answer.json()) as { session: string; status: string; events: { type: string }[] },
      };
    };
    assert.deepEqual((await ask(token)).body, { session: id, status: 'pending', events: [] });
    const person = await here.person('plain HTTP');
    await connects(person, url, WAYS.none, here.bank);
    const { body } = await ask(token);
    assert.equal(body.status, 'finished');
    const types = body.events.map(({ type }) => type);
    assert.deepEqual(
      [types.includes('agreed'), types.includes('authenticated'), types.at(-1)],
      [true, true, 'finished'],
    );
    assert.doesNotMatch(JSON.stringify(body), /cus_|acc_|con_|lindental/);
    assert.equal((await ask(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).status, 404);
    assert.equal(
      (await here.app.call('GET', '/v1/sessions', undefined, { authorization: `Bearer ${token}` })).status,
      401,
    );
  });

  test('the drop-in is under 3 KB and may be loaded by any page', async () => {
    const answer = await fetch(`${here.url}/connect.js`);
    assert.ok((await answer.text()).length < 3 * 1024);
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.match(answer.headers.get('content-type') ?? '', /^text\/javascript/);
  });
});
