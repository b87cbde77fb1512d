import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type BrowserVisitor, browserVisitor } from '../visitor/browser.ts';
import { type World, world } from '../world.ts';
import { agrees, grants, WAYS } from './ways.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('an app opens the page with the drop-in', () => {
  let here: World;
  let site: Server;
  let origin: string;
  let isolated = false;
  before(async () => {
    here = await world();
    site = createServer((request, response) => {
      const opens = request.url === '/';
      response.writeHead(200, {
        'content-type': 'text/html',
        ...(isolated ? { 'cross-origin-opener-policy': 'same-origin' } : {}),
      });
      response.end(`<!doctype html><title>Shop</title><link rel="icon" href="data:,"><p id="said"></p><button id="go">Go</button>
<script src="${here.url}/connect.js"></script><script>${opens ? OPENS : RETURNS}</script>`);
    });
    await new Promise<void>((listening) => void site.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    await here.app.post('/v1/account', { return_urls: [`${origin}/done`] });
  });
  after(async () => {
    await new Promise<void>((closed) => {
      site.close(() => closed());
      site.closeAllConnections();
    });
    await here.close();
  });

  const OPENS = `window.heard = []; window.came = undefined;
    document.querySelector('#go').onclick = () => { window.opened = Drawbridge.open({ ...window.session,
      onEvent: ({ type }) => heard.push(type), onReturn: (url) => { window.came = url; } }).mode; };`;
  const RETURNS = `Drawbridge.back().then((taken) => { document.querySelector('#said').textContent = taken ? 'taken' : 'goes on here'; });`;

  const asked = async () => {
    const session = await here.app.post('/v1/connect_user_sessions', {
      user: `opens-${Math.trunc(performance.now())}`,
      provider: WAYS.none.bank,
      return_url: `${origin}/done?state=a%20b`,
    });
    return { url: session.url, token: session.events_token };
  };
  const opened = async (width: number) => {
    const person = await browserVisitor({ scripts: true, width });
    await person.opens(`${origin}/`);
    await person.page.evaluate((session) => Object.assign(window, { session }), await asked());
    return person;
  };
  const walks = async (popup: Page) => {
    await popup.getByRole('button', { name: 'Continue' }).click();
    await agrees(asVisitor(popup));
    await WAYS.none.signIn(asVisitor(popup));
    await grants(asVisitor(popup));
  };

  for (const alone of [false, true])
    test(`in a window of its own, ${alone ? 'the app’s page isolated too' : 'ours isolated'}: events while it goes on, the address at the end`, async () => {
      isolated = alone;
      const person = await opened(1280);
      const [popup] = await Promise.all([person.page.waitForEvent('popup'), person.page.click('#go')]);
      await popup.getByRole('button', { name: 'Continue' }).waitFor();
      assert.equal(await popup.evaluate(() => window.opener), null, 'our window is isolated');
      await walks(popup);
      await person.page.waitForFunction(() => 'came' in window && window.came !== undefined, undefined, {
        timeout: 10_000,
      });
      const came = new URL(await person.page.evaluate(() => String(Reflect.get(window, 'came'))));
      assert.ok(came.href.startsWith(`${origin}/done?state=a%20b&fx_session=ses_`), came.href);
      const heard = await person.page.evaluate(() => Reflect.get(window, 'heard') as string[]);
      assert.ok(heard.includes('agree') || heard.includes('agreed'), heard.join(' '));
      await person.close();
    });

  test('on a narrow screen it redirects, and the return page goes on by itself', async () => {
    isolated = false;
    const person = await opened(360);
    await person.page.click('#go');
    await person.sees('Continue');
    await walks(person.page);
    await person.sees('goes on here');
    assert.match(person.url(), /\/done\?state=a%20b&fx_session=ses_/);
    await person.close();
  });

  test('it opens nobody else’s address', async () => {
    const person = await opened(1280);
    const said = await person.page.evaluate(() => {
      const { Drawbridge } = window as unknown as { Drawbridge: { open(options: { url: string }): void } };
      try {
        Drawbridge.open({ url: 'https://elsewhere.example/connect/x' });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    });
    assert.match(said, /must lead to/);
    await person.close();
  });
});

describe('an app’s template', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const full = {
    name: 'Spring',
    app_name: 'Leafbook <b>&',
    logo: `data:image/png;base64,${PNG}`,
    colours: { accent: '#1a4fa0', accent_dark: '#9cc3ff', paper: '#eef3fb', paper_dark: '#0d1420' },
    corner: 'square',
    type: 'rounded',
    header: 'Leafbook accounting',
    footer: 'Leafbook Ltd, 1 Example Street',
    texts: { en: { 'how.read': 'We only look.' }, de: { 'how.read': 'Wir sehen nur nach.' } },
    css: '.button { text-transform: uppercase; letter-spacing: .03em; border-width: 2px }',
  };

  test('is shown in light and dark, passes axe, scripts on, and the policy knows its style', async () => {
    const { id, preview_url } = await here.app.post('/v1/templates', full);
    await here.app.post('/v1/account', { template: id });
    for (const dark of [false, true]) {
      const person = (await here.person('Chromium', { width: 360, dark })) as BrowserVisitor;
      const { url } = await here.asksForConsent({ provider: WAYS.none.bank });
      await person.opens(url);
      await person.sees('Leafbook accounting');
      await person.sees('Leafbook <b>&');
      await person.sees('We only look.');
      await person.sees('Leafbook Ltd, 1 Example Street');
      const button = person.page.getByRole('button', { name: 'Continue' });
      const style = await button.evaluate((element) => {
        const { backgroundColor, textTransform } = getComputedStyle(element);
        return { backgroundColor, textTransform };
      });
      assert.deepEqual(style, {
        backgroundColor: dark ? 'rgb(156, 195, 255)' : 'rgb(26, 79, 160)',
        textTransform: 'uppercase',
      });
      for (const screen of ['intro', 'bank-found', 'agree', 'grant', 'overview']) {
        await person.opens(`${preview_url}?screen=${screen}`);
        assert.deepEqual(await findings(person.page), [], `${screen}, ${dark ? 'dark' : 'light'}`);
        const wide = await person.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(wide, false, `${screen} scrolls sideways`);
      }
      await person.close();
    }
    await here.app.post('/v1/account', { template: null });
  });

  test('the consent’s own words and name stay ours, and the link’s choice comes first', async () => {
    const other = await here.app.post('/v1/templates', { name: 'Other', header: 'Chosen by the link' });
    const { id } = await here.app.post('/v1/templates', { name: 'Named', app_name: 'Nicer Name' });
    await here.app.post('/v1/account', { template: id });
    const { url } = await here.asksForConsent({ provider: WAYS.none.bank });
    const person = await here.person('plain HTTP');
    await person.opens(`${url}?template=${other.id}`);
    await person.sees('Chosen by the link');
    await person.presses('Continue');
    await person.sees('Chosen by the link');
    const second = await here.person('plain HTTP');
    await second.opens((await here.asksForConsent({ provider: WAYS.none.bank })).url);
    await second.sees('Nicer Name');
    await second.presses('Continue');
    await second.sees(/Leafbook/);
    await second.opens(`${(await here.asksForConsent({})).url}?template=tpl_0000000000000000000000`);
    await second.sees(/template/);
    await here.app.remove(`/v1/templates/${id}`);
    assert.equal((await here.app.get('/v1/account')).template, null);
  });

  test('what could script, load, hide or mislead is refused when it is saved, with its place', async () => {
    for (const [change, pointer] of [
      [{ colours: { accent: '#ffee00' } }, '/colours/accent'],
      [{ logo: `data:image/png;base64,${Buffer.from('<svg onload=alert(1)>').toString('base64')}` }, '/logo'],
      [{ css: 'input[value^="1"] { border-width: 1px }' }, '/css'],
      [{ css: '.button { position: fixed }' }, '/css'],
      [{ texts: { en: { 'consent.title': 'Free money' } } }, '/texts/en/consent.title'],
      [{ texts: { xx: { 'how.read': 'x' } } }, '/texts/xx'],
      [{ header: 'a\nb' }, '/header'],
    ] as const) {
      const { status, body } = await here.app.call('POST', '/v1/templates', { name: 'Bad', ...change });
      assert.equal(status, 422, JSON.stringify(change));
      assert.ok(
        body.errors.some((error: { pointer: string }) => error.pointer === pointer),
        JSON.stringify(body),
      );
    }
    const { status } = await here.app.call('POST', '/v1/account', { template: 'tpl_0000000000000000000000' });
    assert.equal(status, 422);
  });
});

async function findings(page: Page): Promise<string[]> {
  const script = `${AXE}; axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map(
    ({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 150)).join(' | ')))`;
  return page.evaluate(script) as Promise<string[]>;
}

/** The verbs of a person for a page that a page opened. */
function asVisitor(page: Page): BrowserVisitor {
  const field = (label: string | RegExp) => page.getByLabel(label, { exact: typeof label === 'string' });
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const verbs: Partial<BrowserVisitor> = {
    sees: async (words) => {
      const [source, flags] = words instanceof RegExp ? [words.source, words.flags] : [words, ''];
      // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen counts
      const isThere = ([text, how]: string[]) => new RegExp(text!, how).test(document.body.innerText);
      await page.waitForFunction(isThere, [source, flags], { timeout: 10_000 });
    },
    fills: (label, text) => field(label).fill(text),
    chooses: (label) => field(label).check(),
    presses: async (name) => {
      await button(name).click();
      await page.waitForLoadState('load');
    },
    canFill: async (label) => (await field(label).count()) > 0,
    canPress: async (name) => (await button(name).count()) > 0,
    ticksAll: async () => {
      for (const box of await page.getByRole('checkbox').all()) await box.check();
    },
    url: () => page.url(),
  };
  return verbs as BrowserVisitor;
}
