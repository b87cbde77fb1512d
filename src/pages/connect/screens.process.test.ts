import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../test/chromium.ts';
import { en } from '../words/languages/en.ts';
import { type OwnPage, ownPage, renderResults, renderScreen } from './index.ts';
import { context } from './samples/data.ts';
import { samples } from './samples/index.ts';

const OWN = [...Object.keys(en.own), 'help'] as OwnPage[];
const CHROMIUM = findChromium();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('every state of the page in a real browser', {
  skip: CHROMIUM ? false : 'no Chromium on this machine',
  // Some sixty states, each seen several times: on a busy machine that takes its time.
  timeout: 600_000,
}, () => {
  let server: Server;
  let browser: Browser;
  let base: string;

  before(async () => {
    server = serve();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ ...(CHROMIUM ? { executablePath: CHROMIUM } : {}), args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  for (const [locale, colorScheme] of [
    ['en', 'light'],
    ['de', 'dark'],
  ] as const) {
    test(`axe-core finds nothing, in ${locale}, ${colorScheme}`, async () => {
      const { page, close } = await open(browser, { colorScheme, width: 390 });
      for (const path of paths()) {
        await page.goto(`${base}/${locale}/${path}`);
        assert.deepEqual(await violations(page), [], path);
      }
      await close();
    });
  }

  test('nothing scrolls sideways from 320 pixels on, in either direction of writing, with and without scripts', async () => {
    for (const scripts of [true, false]) {
      const { page, close } = await open(browser, { width: 320, scripts });
      for (const path of paths()) {
        for (const writing of scripts ? ['de', 'rtl'] : ['de']) {
          await page.goto(`${base}/${writing}/${path}`);
          for (const width of scripts ? [320, 768, 1440] : [320]) {
            await page.setViewportSize({ width, height: 800 });
            const beyond = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            assert.equal(beyond, 0, `${path} at ${width}, ${writing}`);
          }
        }
      }
      await close();
    }
  });

  test('no text of anybody else runs or becomes markup, and the policy is never broken', async () => {
    const { page, close, complaints } = await open(browser, { width: 768 });
    for (const { name } of samples()) {
      await page.goto(`${base}/en/${name}`);
      assert.equal(await page.locator('img[src="x"], b:has-text("alert"), main script').count(), 0, name);
      assert.equal(await page.locator('a[href^="javascript:"], a[href^="data:"]').count(), 0, name);
    }
    await page.goto(`${base}/en/hostile-step`);
    const quoted = await page.locator('blockquote p').allTextContents();
    assert.ok(quoted.includes('<img src=x onerror=alert(1)>"\'`</script><script>alert(2)</script>{{7*7}}'));
    assert.deepEqual(complaints, []);
    await close();
  });

  test('what has the keyboard shows it', async () => {
    const { page, close } = await open(browser, { width: 768 });
    for (const name of ['intro', 'bank-found', 'agree', 'code', 'grant', 'overview']) {
      await page.goto(`${base}/en/${name}`);
      const stops = await page
        .locator('main :is(a[href], button:enabled, input:not([type=hidden]), summary)')
        .filter({ visible: true })
        .count();
      await page.locator('main').focus();
      for (let stop = 0; stop < stops; stop++) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement as Element);
          return `${outlineStyle} ${outlineWidth}`;
        });
        assert.equal(outline, 'solid 3px', `${name}, stop ${stop + 1}`);
      }
    }
    await close();
  });

  test('search answers as one types, and arrow keys walk through what was found', async () => {
    const { page, close, complaints } = await open(browser, { width: 390 });
    await page.goto(`${base}/en/bank`);
    await page.getByLabel('Find your bank').fill('nor');
    await page.getByRole('button', { name: 'Nordlicht Sparkasse' }).waitFor();
    assert.match((await page.locator('#found').textContent()) ?? '', /first 5/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLButtonElement).value), 'de-nordlicht');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a waiting page goes on by itself when something has happened', async () => {
    const { page, close, complaints } = await open(browser, { width: 390 });
    await page.goto(`${base}/en/waits-then-grants`);
    await page.getByRole('heading', { level: 1, name: 'Approve it' }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Which accounts' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    assert.match(await page.title(), /^Which accounts/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a form is sent once, however often it is pressed', async () => {
    const { page, close } = await open(browser, { width: 390 });
    await page.goto(`${base}/en/intro`);
    await page.evaluate(() => {
      const form = document.querySelector('main form') as HTMLFormElement;
      const button = form.querySelector('button') as HTMLButtonElement;
      button.click();
      button.click();
      button.click();
    });
    await page.getByText('posted').waitFor();
    assert.equal(posted, 1);
    await close();
  });
});

let posted = 0;
let waited = 0;

function paths(): string[] {
  return [...samples().map((sample) => sample.name), ...OWN.map((page) => `own/${page}`)];
}

/** Serves `/<locale>/<sample>`, and `/rtl/<sample>` as if the words ran from right to left. */
function serve(): Server {
  const shown = { en: samples('en'), de: samples('de') };
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST')
      return response.writeHead(200, { 'content-type': 'text/html' }).end(`posted ${++posted}`);
    if (pathname === `${context.action}/live`)
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 60000\n\n');
    if (pathname === `${context.action}/search` && searchParams.has('q')) {
      const found = shown.en.find((sample) => sample.name === 'bank-found');
      return response.writeHead(200, { 'content-type': 'text/html' }).end(found && resultsOf(found));
    }
    const [, locale = 'en', ...rest] = pathname.split('/');
    const name = rest.join('/');
    const all = locale === 'de' ? shown.de : shown.en;
    const page = name.startsWith('own/')
      ? ownPage(name.slice(4) as OwnPage, { ...context, locale, retryPath: '/x', digits: '481220' })
      : undefined;
    const wanted = name === 'waits-then-grants' ? (waited++ === 0 ? 'wait' : 'grant') : name;
    const sample = all.find((one) => one.name === wanted);
    const answer = page ?? (sample && renderScreen(sample.screen, sample.context));
    if (!answer) return response.writeHead(404).end();
    // The page that hands a bank's answer over sends itself away at once: here it stays, to be looked at.
    const still = answer.html.replace(' data-fragment', '');
    const html = locale === 'rtl' ? still.replace('dir="ltr"', 'dir="rtl"') : still;
    response.writeHead(200, answer.headers).end(html);
  });
}

function resultsOf(sample: ReturnType<typeof samples>[number]): string {
  return sample.screen.kind === 'bank' ? renderResults(sample.screen, sample.context).html : '';
}

type Opened = { page: Page; complaints: string[]; close(): Promise<void> };

async function open(
  browser: Browser,
  options: { width: number; scripts?: boolean; colorScheme?: 'light' | 'dark' },
): Promise<Opened> {
  const { width, scripts = true, colorScheme = 'light' } = options;
  // The redirect screens would leave for hosts that do not exist.
  const browserContext = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme,
    javaScriptEnabled: scripts,
    reducedMotion: 'reduce',
  });
  const page = await browserContext.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  return { page, complaints, close: () => browserContext.close() };
}

/** What axe-core finds, short enough to read in a failing test. Evaluated by the debugger, so the page's policy stays as it is. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
      }
    ).axe;
    const { violations } = await axe.run();
    return violations.flatMap((found) =>
      found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
    );
  });
}
