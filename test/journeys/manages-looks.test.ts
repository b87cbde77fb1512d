import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { BrowserVisitor } from '../visitor/browser.ts';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS } from './ways.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LONG = 'Buchhaltungsgesellschaft für Handwerk und Mittelstand mit sehr langem Namen 🧾 شركة';

describe('the pages of managing, looked at with axe', () => {
  let here: World;
  let link: string;
  let refuse: string;
  let customer: string;
  before(async () => {
    here = await world();
    await here.app.post('/v1/account', { mail: true, name: LONG });
    customer = (await here.app.post('/v1/customers', { email: 'looks@example.com' })).id;
    for (const way of [WAYS.explicit, WAYS.none]) {
      const asked = await here.asksForConsent({ provider: way.bank, customer });
      const person = await here.person('plain HTTP');
      await connects(person, asked.url, way, here.bank);
      await comesHome(person);
    }
    await fetch(`${here.url}/control`, {
      method: 'POST',
      body: new URLSearchParams({ do: 'ask', email: 'looks@example.com' }),
    });
    await here.eventually(async () => {
      const mail = here.server.sandbox!.mails.find(({ text }) => /\/control\/\S/.test(text));
      link = /https?:\/\/\S+\/control\/\S+/.exec(mail?.text ?? '')![0];
      refuse = /<(http[^>]+)>/.exec(mail!.headers['list-unsubscribe'] ?? '')![1]!;
    });
  });
  after(() => here.close());

  for (const { width, dark, language } of [
    { width: 320, dark: false, language: 'de' },
    ...(process.env.LONG ? [{ width: 360, dark: true, language: 'pl' }] : []),
    { width: 1440, dark: true, language: 'en' },
  ])
    test(`at ${width} pixels, ${dark ? 'dark' : 'light'}, in ${language}`, async () => {
      const person = (await here.person('Chromium', { width, dark, language })) as BrowserVisitor;
      const { page } = person;
      // Colours on their way to others are nobody's to read.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const looked = async (what: string, off = '') => {
        const axe = `${AXE}; axe.run(document, { resultTypes: ['violations'], rules: {${off}} }).then((result) => result.violations.map(
          ({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 150)).join(' | ')))`;
        assert.deepEqual(await page.evaluate(axe), [], what);
        const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.ok(((await page.evaluate(wide)) as number) <= 0, `${what} scrolls sideways`);
        const small = `[...document.querySelectorAll('a, button, input')].filter((one) => {
          const { width, height } = one.getBoundingClientRect();
          return width > 0 && height > 0 && height < 24 && getComputedStyle(one).display !== 'inline'; }).length`;
        assert.equal(await page.evaluate(small), 0, `${what} has small targets`);
      };
      await person.opens(`${here.url}/control`);
      await looked('asking for the address');
      await page.locator('input[type=email]').fill('nobody@example.com');
      await page.locator('main button').click();
      await looked('the answer');
      await person.opens(`${here.url}/control/nothing`);
      await looked('a link that is over');
      await person.opens(link);
      await looked('what is allowed');
      await page.locator('a[href*="/receipt/"]').first().click();
      await page.waitForLoadState();
      await looked('the receipt');
      await page.emulateMedia({ media: 'print' });
      await looked('the receipt in print');
      await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
      // Which colours these are is the person's own choice, and axe compares ours: that they are taken is what is looked at.
      await looked('the receipt in forced colours', "'color-contrast': { enabled: false }");
      const colours = `[...document.querySelectorAll('main a.button')].map((one) => getComputedStyle(one).color)`;
      assert.deepEqual(await page.evaluate(colours), [dark ? 'rgb(255, 255, 0)' : 'rgb(0, 0, 159)']);
      await page.emulateMedia({ forcedColors: 'none' });
      await person.opens(`${here.url}/control`);
      await page.locator('main button[value=revoke]').first().click();
      await page.waitForLoadState();
      await looked('ending, asked once more');
      await person.opens(refuse);
      await looked('refusing mail');
      await person.opens((await here.app.post('/v1/management_sessions', { customer })).url);
      await page.locator('main button[value=continue]').first().click();
      await page.waitForLoadState();
      await looked('the overview');
      await person.close();
    });
});
