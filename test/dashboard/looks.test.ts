import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { VIEWS } from '../../src/pages/dashboard/views.ts';
import { STYLE } from '../../src/pages/dashboard/assets.ts';
import { firstOperatorLink } from '../../src/platform/operators/links.ts';
import { comesHome, connects, WAYS } from '../journeys/ways.ts';
import type { BrowserVisitor } from '../visitor/browser.ts';
import { type World, world } from '../world.ts';
import { becomesFirst, typesPassword } from './operator.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What the dashboard may weigh, style and script included. */
const MOST_BYTES = 40 * 1024;
/** Every view is looked at in one of the two ways, and each third one walked by keyboard; all of them in all ways in `npm run long`. */
const [LOOKS, WALKS] = process.env.LONG ? [1, 1] : [2, 3];

describe('every view of the dashboard, looked at', () => {
  let here: World;
  let visitor: BrowserVisitor;
  let paths: string[];
  before(async () => {
    here = await world();
    visitor = (await here.person('Chromium', { width: 1280 })) as BrowserVisitor;
    await visitor.opens((await firstOperatorLink(here.server.platform))!);
    await looks('the first link');
    const { id: ada } = await becomesFirst(here, visitor);
    const { consent, customer, url } = await here.asksForConsent({ provider: WAYS.none.bank });
    const person = await here.person('plain HTTP');
    await connects(person, url, WAYS.none, here.bank);
    await comesHome(person);
    const session = (await here.app.get('/v1/sessions')).data[0].id;
    const endpoint = await here.app.post('/v1/webhook_endpoints', { url: 'http://127.0.0.1:9/x' });
    const event = (await here.app.get('/v1/events')).data[0].id;
    await here.bank.misbehaves('de-kobold', { kind: 'outage', times: 1 });
    const identity = await import('../../src/platform/apps/identities.ts').then(({ createIdentity }) =>
      createIdentity(here.server.platform, { legalName: 'Leafbook Ltd' }),
    );
    const asked = await fetch(`${here.url}/v1/account`, { headers: { authorization: `Bearer ${here.key}` } });
    const request = asked.headers.get('request-id');
    const base = `/dashboard/apps/${(await here.app.get('/v1/account')).id}/test`;
    paths = [
      '/dashboard',
      ...['', '/customers', `/customers/${customer}`, '/consents', `/consents/${consent}`, '/log', '/log/visits'].map(
        (path) => base + path,
      ),
      ...[
        `/log/visits/${session}`,
        `/log/requests/${request}`,
        '/log/calls',
        '/pictures',
        '/keys',
        '/settings?url=http://localhost/x',
      ].map((path) => base + path),
      ...['/webhooks', `/webhooks/${endpoint.id}`, `/webhooks/events/${event}`, '/sandbox'].map((path) => base + path),
      '/dashboard/providers',
      '/dashboard/providers/de-nordwind',
      '/dashboard/identities',
      `/dashboard/identities/${identity.id}`,
      '/dashboard/team',
      `/dashboard/team/${ada}`,
      '/dashboard/me',
      '/dashboard/me/totp',
      '/dashboard/audit?all=yes',
      '/dashboard/find?q=nothing',
      '/dashboard/apps/app_0000000000000000000000/test',
    ];
    await here.eventually(async () => {
      await visitor.opens(`${here.url}${base}/log/requests/${request}`);
      assert.equal(visitor.status(), 200);
    });
  });
  after(async () => {
    await visitor.close();
    await here.close();
  });

  test('none is left out', () => {
    const all = VIEWS.filter(({ method }) => method === 'GET').map(({ path }) => path);
    const patterns = all.map((path) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`));
    const left = all.filter((_, at) => !paths.some((path) => patterns[at]!.test(path.split('?')[0]!)));
    assert.deepEqual(left, []);
  });

  for (const { width, dark } of [
    { width: 320, dark: false },
    { width: 1440, dark: true },
  ])
    test(`with axe at ${width} pixels, ${dark ? 'dark' : 'light'}: no finding, nothing scrolls sideways, forty kilobytes at most`, async () => {
      await visitor.page.setViewportSize({ width, height: 900 });
      await visitor.page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
      for (const path of paths.filter((_, at) => at % LOOKS === (dark ? 1 % LOOKS : 0))) {
        await visitor.opens(`${here.url}${path}`);
        await looks(path);
        const size = Buffer.byteLength(await visitor.page.content()) + STYLE.length;
        assert.ok(size <= MOST_BYTES, `${path}: ${size} bytes with its style`);
      }
    });

  test('everything is reached and pressed by keyboard alone', async () => {
    const { page } = visitor;
    await page.setViewportSize({ width: 1280, height: 900 });
    for (const path of paths.filter((_, at) => at % WALKS === 1 % WALKS)) {
      await visitor.opens(`${here.url}${path}`);
      const all = await page.evaluate(() => {
        const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
        const reached = new Set<EventTarget>();
        addEventListener('focusin', ({ target }) => {
          const one = target as HTMLElement;
          if (one.matches(wanted) && one.getBoundingClientRect().width > 0) reached.add(one);
        });
        Object.assign(globalThis, { reached });
        const stops = document.querySelectorAll<HTMLElement>(`${wanted}, [tabindex="0"]`);
        const visible = [...stops].filter((one) => one.checkVisibility());
        return { wanted: visible.filter((one) => one.matches(wanted)).length, stops: visible.length };
      });
      for (let steps = 0; steps < all.stops + 2; steps += 1) await page.keyboard.press('Tab');
      const reached = await page.evaluate(() => (globalThis as unknown as { reached: Set<unknown> }).reached.size);
      assert.equal(reached, all.wanted, path);
    }
    await visitor.opens(`${here.url}${paths[1]}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  });

  test('signing in, with a passkey too', async () => {
    const { page } = visitor;
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    const local = { ...here, url: here.url.replace('127.0.0.1', 'localhost') } as World;
    await visitor.opens(`${here.url}/dashboard`);
    await visitor.presses('Sign out');
    await looks('signed out');
    await typesPassword(local, visitor, 'ada@example.com');
    await visitor.sees('The second factor');
    await looks('the second factor');
    const { makeWayBack } = await import('../../src/platform/operators/links.ts');
    const { findOperatorByEmail } = await import('../../src/platform/operators/operators.ts');
    const ada = (await findOperatorByEmail(here.server.platform, 'ada@example.com'))!;
    const back = await makeWayBack(here.server.platform, ada.id, { operator: ada.id, requestId: null });
    await visitor.opens(back.replace('127.0.0.1', 'localhost'));
    await visitor.fills('Password', 'violet anchor eight lamps');
    await visitor.fills('The same password again', 'violet anchor eight lamps');
    await visitor.presses('Go on');
    await visitor.sees('Or a passkey');
    await looks('setting up a second factor');
    await visitor.presses('Make a passkey');
    await visitor.sees('Your recovery codes');
    await looks('the recovery codes');
    await visitor.follows('I have kept them: go on');
    await visitor.sees('Apps');
    await visitor.presses('Sign out');
    await typesPassword(local, visitor, 'ada@example.com', 'violet anchor eight lamps');
    await visitor.presses('Use your passkey');
    await visitor.sees('Apps');
    await visitor.opens(`${local.url}/dashboard/me`);
    await visitor.sees('My passkey');
    await visitor.fills(/Your password now/, 'violet anchor eight lamps');
  });

  async function looks(what: string): Promise<void> {
    const { page } = visitor;
    const found = await page.evaluate(
      `${AXE}; axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map(
        ({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.map(({ html }) => html.slice(0, 150)).join(' | ')))`,
    );
    assert.deepEqual(found, [], what);
    const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.ok((wide as number) <= 0, `${what} scrolls sideways by ${wide}`);
  }
});
