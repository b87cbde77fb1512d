import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { findChromium } from '../../../test/chromium.ts';
import { pairwise } from '../../../test/pairs.ts';
import { SPOKEN } from '../words/index.ts';
import { samples } from './samples/index.ts';
import { serveSamples, STATES } from './samples/serve.ts';

/** As if they were a language, the words of German running from right to left. */
const OTHERS = [...SPOKEN.map(({ language }) => language).filter((language) => language !== 'en'), 'rtl'];
const WIDTHS = ['320', '768', '1440'];
const SCHEMES = ['light', 'dark'];
const SCRIPTS = ['on', 'off'];
const CHROMIUM = findChromium();
const WASM = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('every state of the page in a real browser', {
  skip: CHROMIUM ? false : 'no Chromium on this machine',
  // Some sixty states, each seen several times: on a busy machine that takes its time.
  timeout: 600_000,
}, () => {
  let server: Server;
  let browser: Browser;
  let base: string;
  let posted: () => number;

  before(async () => {
    const served = serveSamples();
    server = served.server;
    posted = served.posted;
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ ...(CHROMIUM ? { executablePath: CHROMIUM } : {}), args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  test('English in full: axe-core finds nothing, nothing is cut off or scrolls sideways, also 60 % longer', async () => {
    const { page, close } = await open(browser, { width: 390 });
    const wrong: string[] = [];
    for (const state of STATES) {
      await page.goto(`${base}/en/${state}`);
      wrong.push(...(await violations(page)).map((found) => `${state}: ${found}`));
      await page.emulateMedia({ colorScheme: 'dark' });
      wrong.push(...(await violations(page, 'color-contrast')).map((found) => `${state}, dark: ${found}`));
      await page.emulateMedia({ colorScheme: 'light' });
      // 320 by 256 is what is left of 1280 by 1024 at 400 % (WCAG 1.4.10).
      for (const [width, height] of [
        [320, 256],
        [360, 800],
        [768, 800],
        [1440, 800],
      ] as const) {
        await page.setViewportSize({ width, height });
        wrong.push(...(await misfits(page)).map((found) => `${state} at ${width}: ${found}`));
      }
      await page.evaluate(STRETCH);
      for (const width of [1440, 320]) {
        await page.setViewportSize({ width, height: 800 });
        wrong.push(...(await misfits(page)).map((found) => `${state} at ${width}, 60 % longer: ${found}`));
      }
    }
    assert.deepEqual(wrong, []);
    await close();
  });

  test('the other languages, sizes, colours, directions, with and without scripts', async () => {
    const rows = process.env.LONG
      ? OTHERS.flatMap((language) =>
          WIDTHS.flatMap((width) =>
            SCHEMES.flatMap((scheme) => SCRIPTS.map((scripts) => ({ language, width, scheme, scripts }))),
          ),
        )
      : pairwise([
          { name: 'language', values: Object.fromEntries(OTHERS.map((name) => [name, name])) },
          { name: 'width', values: Object.fromEntries(WIDTHS.map((name) => [name, name])) },
          { name: 'scheme', values: Object.fromEntries(SCHEMES.map((name) => [name, name])) },
          { name: 'scripts', values: Object.fromEntries(SCRIPTS.map((name) => [name, name])) },
        ]);
    const wrong: string[] = [];
    for (const [index, row] of rows.entries()) {
      const { language = 'de', width, scheme, scripts } = row;
      const colorScheme = scheme === 'dark' ? 'dark' : 'light';
      const { page, close } = await open(browser, { width: Number(width), colorScheme, scripts: scripts === 'on' });
      const states = process.env.LONG ? STATES : STATES.filter((_, at) => at % rows.length === index);
      for (const state of states) {
        await page.goto(`${base}/${language}/${state}`);
        const found = [...(await misfits(page)), ...(scripts === 'on' ? await violations(page) : [])];
        wrong.push(...found.map((one) => `${Object.values(row).join(' ')} ${state}: ${one}`));
      }
      await close();
    }
    assert.deepEqual(wrong, []);
  });

  test('every language fits where words are longest', async () => {
    const { page, close } = await open(browser, { width: 320 });
    const wrong: string[] = [];
    for (const language of OTHERS)
      for (const state of ['bank-found', 'agree', 'redirect-app', 'wait', 'grant', 'overview', 'ended-finished']) {
        await page.goto(`${base}/${language}/${state}`);
        wrong.push(...(await misfits(page)).map((one) => `${language} ${state}: ${one}`));
      }
    assert.deepEqual(wrong, []);
    await close();
  });

  test('codes for phones and readers are read back from a picture of the page, in light and dark', async () => {
    const wasmBinary = Uint8Array.from(readFileSync(WASM)).buffer;
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [state, width, text] of [
        ['redirect-app', 1440, /^https:\/\/connect\.operator\.example\/phone\//],
        ['code-photo', 1440, /^Kontozugriff 1183$/],
        ['code-photo', 320, /^Kontozugriff 1183$/],
      ] as const) {
        const { page, close } = await open(browser, { width, colorScheme });
        await page.goto(`${base}/en/${state}`);
        const read = await readBarcodes(await page.screenshot({ fullPage: true }), { formats: ['QRCode'] });
        assert.match(read.map(({ text }) => text).join(' '), text, `${state}, ${colorScheme}, ${width}`);
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
    const first = await page.goto(`${base}/en/waits-then-grants`);
    // By now the page may have gone on already.
    assert.match((await first?.text()) ?? '', /<h1[^>]*>Approve it/);
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
    assert.equal(posted(), 1);
    await close();
  });
});

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
async function violations(page: Page, only?: string): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (only) => {
    const axe = (
      globalThis as unknown as {
        axe: {
          run(
            options: object,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
        };
      }
    ).axe;
    const { violations } = await axe.run(only ? { runOnly: [only] } : { rules: { 'target-size': { enabled: true } } });
    return violations.flatMap((found) =>
      found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
    );
  }, only);
}

/** What does not fit: the page wider than the window, text that is cut off or stands outside. Names of 200 letters may be shortened. */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`${root.scrollWidth - root.clientWidth} pixels too wide`] : [];
    if (document.title.length > 150 || location.pathname.includes('hostile')) return found;
    for (const element of document.querySelectorAll<HTMLElement>('body *:not(svg *, option)')) {
      const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
      if (!says || element.closest('.spoken, .live, .skip, .bars, blockquote, details:not([open]) > :not(summary)'))
        continue;
      const { left, right, width } = element.getBoundingClientRect();
      const hides = getComputedStyle(element).overflow !== 'visible';
      const cut =
        hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2);
      if (width > 0 && (cut || left < -1 || right > root.clientWidth + 1))
        found.push(`${cut ? 'cut off' : 'outside'}: ${element.outerHTML.slice(0, 120)}`);
    }
    return found;
  });
}

/** Makes every text of the page 60 % longer, by letters that break nowhere else than the words themselves do. */
const STRETCH = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (!text.textContent.trim() || text.parentElement.closest('svg, script, style, code, .digits')) continue;
    text.textContent = text.textContent.replace(/\\p{L}{2,}/gu, (word) => word + 'ô'.repeat(Math.ceil(word.length * 0.6)));
  }
})()`;
