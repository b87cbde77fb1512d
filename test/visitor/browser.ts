import assert from 'node:assert/strict';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { findChromium } from '../chromium.ts';
import { PATIENCE_MS, says, type Visitor } from './visitor.ts';

/** A visitor in a real Chromium, with what only this one can tell. */
export type BrowserVisitor = Visitor & {
  readonly page: Page;
  /** What must never happen: dialogs, refusals of the content security policy, requests to hosts that are not ours. */
  readonly complaints: string[];
};

/** The browser stays a moment after the last visitor has left: the next one is about to come. */
const LINGER_MS = 1500;
let shared: Promise<Browser> | undefined;
let visitors = 0;
let ending: NodeJS.Timeout | undefined;

/** A person with Chromium; `scripts: false` blocks them. Close it, or the browser stays. */
export async function browserVisitor(options: {
  scripts: boolean;
  language?: string;
  width?: number;
  dark?: boolean;
  address?: string;
  userAgent?: string;
}): Promise<BrowserVisitor> {
  enter();
  shared ??= launch();
  const browser = await shared;
  const complaints: string[] = [];
  const newContext = () =>
    browser.newContext({
      javaScriptEnabled: options.scripts,
      locale: options.language ?? 'en-GB',
      viewport: { width: options.width ?? 1024, height: 800 },
      colorScheme: options.dark ? 'dark' : 'light',
      ...(options.userAgent && { userAgent: options.userAgent }),
      ...(options.address && { extraHTTPHeaders: { 'x-forwarded-for': options.address } }),
      ...(storage && { storageState: storage }),
    });
  let storage: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
  let context = await newContext();
  const visitor = await onPage(await context.newPage());
  return visitor;

  async function onPage(first: Page): Promise<BrowserVisitor> {
    let page = first;
    let status = 0;
    const watch = () => {
      page.setDefaultTimeout(PATIENCE_MS);
      page.on('dialog', (dialog) => {
        complaints.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('console', (message) => {
        if (message.type() === 'error' && /content security policy|trusted ?types/i.test(message.text()))
          complaints.push(message.text());
      });
      page.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (/^https?:$/.test(protocol) && hostname !== '127.0.0.1' && !hostname.endsWith('localhost'))
          complaints.push(`a request to ${hostname}`);
      });
      page.on('response', (response) => {
        const request = response.request();
        if (request.isNavigationRequest() && request.frame() === page.mainFrame()) status = response.status();
      });
    };
    watch();
    // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen counts
    const text = async () => (await page.locator('body').innerText()).replace(/\s+/g, ' ').trim();
    const one = async (locator: Locator, what: string): Promise<Locator> => {
      try {
        await locator.first().waitFor({ state: 'attached' });
      } catch {
        assert.fail(`no ${what} on ${page.url()}: ${(await text()).slice(0, 1500)}`);
      }
      return locator.first();
    };
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
    const field = (label: string | RegExp) => page.getByLabel(label, { exact: typeof label === 'string' });
    return {
      how: options.scripts ? 'Chromium' : 'Chromium without scripts',
      get page() {
        return page;
      },
      complaints,
      opens: async (url) => void (await page.goto(url)),
      async sees(words, patienceMs = PATIENCE_MS) {
        let seen = '';
        for (const until = performance.now() + patienceMs; performance.now() < until; await page.waitForTimeout(50)) {
          seen = await text().catch(() => seen);
          if (says(seen, words)) return;
        }
        assert.fail(`expected ${words} on ${page.url()}: ${seen.slice(0, 1500)}`);
      },
      async doesNotSee(words) {
        const seen = await text();
        if (says(seen, words)) assert.fail(`did not expect ${words} on ${page.url()}: ${seen.slice(0, 1500)}`);
      },
      fills: async (label, words) => (await one(field(label), `field ${label}`)).fill(words),
      chooses: async (label) => (await one(field(label), `choice ${label}`)).check(),
      unticks: async (label) => (await one(field(label), `choice ${label}`)).uncheck(),
      async ticksAll() {
        for (const box of await page.getByRole('checkbox').all()) await box.check();
      },
      async presses(name) {
        await (await one(button(name), `button ${name}`)).click();
        await page.waitForLoadState('load');
      },
      async follows(name) {
        await (await one(page.getByRole('link', { name, exact: typeof name === 'string' }), `link ${name}`)).click();
        await page.waitForLoadState('load');
      },
      goesBack: async () => void (await page.goBack()),
      reloads: async () => void (await page.reload()),
      async opensSecondTab() {
        const tab = await context.newPage();
        await tab.goto(page.url());
        enter();
        return { ...(await onPage(tab)), close: once(() => leave(() => tab.close())) };
      },
      async restartsBrowser() {
        const kept = await context.storageState();
        storage = { ...kept, cookies: kept.cookies.filter(({ expires }) => expires > 0) };
        await context.close();
        context = await newContext();
        page = await context.newPage();
        watch();
      },
      canPress: async (name) => (await button(name).count()) > 0,
      canFollow: async (name) => (await page.getByRole('link', { name }).count()) > 0,
      canFill: async (label) => (await field(label).count()) > 0,
      url: () => page.url(),
      text,
      status: () => status,
      close: once(() => leave(() => context.close())),
    };
  }
}

async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  assert.ok(executablePath, 'no Chromium on this machine: npm test installs one');
  // Chromium's own sandbox does not run as root.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

function enter(): void {
  clearTimeout(ending);
  visitors += 1;
}

async function leave(close: () => Promise<void>): Promise<void> {
  await close();
  visitors -= 1;
  if (visitors > 0) return;
  ending = setTimeout(() => {
    void shared?.then((last) => last.close());
    shared = undefined;
  }, LINGER_MS);
}

/** Who leaves twice has left once. */
function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= close());
}
