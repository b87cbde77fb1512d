import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { serveSamples, STATES } from '../src/pages/connect/samples/serve.ts';
import { needChromium } from './chromium.ts';

// Pictures of every state of the hosted page, to be looked at: `npm run screens -- [part of a name …]`. With a language
// (`--de`), with `--dark`, with `--print`.
const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
const parts = words.filter((word) => !word.startsWith('--'));
const locale = flags.find((flag) => /^[a-z]{2,3}$/.test(flag)) ?? 'en';
const folder = join('.data', 'screens');
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { server } = serveSamples();
await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const browser = await chromium.launch({ executablePath: needChromium(say), args: ['--no-sandbox'] });
mkdirSync(folder, { recursive: true });
const states = STATES.filter((state) => parts.length === 0 || parts.some((part) => state.includes(part)));
for (const width of [360, 768, 1440]) {
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: flags.includes('dark') ? 'dark' : 'light',
    reducedMotion: 'reduce',
    // What a phone shows sharply is worth looking at sharply.
    deviceScaleFactor: width === 360 ? 2 : 1,
  });
  if (flags.includes('print')) await page.emulateMedia({ media: 'print' });
  for (const state of states) {
    await page.goto(`${base}/${locale}/${state}`, { waitUntil: 'domcontentloaded' });
    await page.screenshot({ path: join(folder, `${state.replace('/', '-')}-${width}.png`), fullPage: true });
  }
  await page.close();
}
await browser.close();
server.closeAllConnections();
server.close();
say(`${states.length} states at three sizes are in ${folder}`);
