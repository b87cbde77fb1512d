import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { looksWithAxe } from '../visitor/axe.ts';
import type { BrowserVisitor } from '../visitor/browser.ts';
import { type World, world } from '../world.ts';
import {
  agrees,
  approvesAtBank,
  begins,
  comesHome,
  goesToBank,
  grants,
  logsInAtBank,
  namesThemselves,
  signsIn,
  WAYS,
  type Way,
} from './ways.ts';

const LOOKS = [
  { width: 320, dark: false },
  { width: 1440, dark: true },
];

describe('every page on the way, looked at with axe', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const look of LOOKS) {
    const name = `at ${look.width} pixels, ${look.dark ? 'dark' : 'light'}`;

    const ways = look.dark ? [WAYS.many, WAYS.turned] : [WAYS.redirected, WAYS.one];
    for (const way of ways as Way[]) {
      test(`${way.name}, ${name}`, async () => {
        const person = lookedAt((await here.person('Chromium', look)) as BrowserVisitor);
        const { url } = await here.asksForConsent({ provider: way.bank });
        await begins(person, url, way);
        await agrees(person);
        await way.signIn(person, here.bank);
        if (way.grants) await grants(person);
        await person.sees(/Welcome back|Back to Leafbook/);
        await person.close();
      });
    }

    test(`what goes wrong on the way, ${name}`, async () => {
      const person = lookedAt((await here.person('Chromium', look)) as BrowserVisitor);
      const { url } = await here.asksForConsent({});
      await person.opens(url);
      await person.presses('Continue');
      await person.fills('Find your bank', 'zzzzqqqq');
      await person.presses('Search');
      await person.sees('Nothing found');
      const typing = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, typing.url, WAYS.one);
      await agrees(person);
      await signsIn(person, 'emil', 'wrong');
      await person.sees('The bank did not accept');
      const waiting = await here.asksForConsent({ provider: 'nl-polderbank' });
      await begins(person, waiting.url, WAYS.decoupled);
      await agrees(person);
      await namesThemselves(person, 'sanne');
      await person.sees('Approve it in the app');
      await here.bank.misbehaves('de-kobold', { kind: 'outage', times: 'until_cleared' });
      const down = await here.asksForConsent({ provider: 'de-kobold' });
      await begins(person, down.url, { ...WAYS.redirected, accountType: undefined } as never);
      await agrees(person);
      await person.sees(/try again/i);
      await here.bank.behavesAgain('de-kobold');
      for (const path of [
        '/connect/nobody-knows-this',
        '/connect/help',
        '/visit/ses_0000000000000000000000',
        '/back/de-nordwind?state=x',
      ])
        await person.opens(`${here.url}${path}`);
      await person.close();
    });

    test(`digits from one browser to the other, ${name}`, async () => {
      const way = WAYS.oauth;
      const chromium = (await here.person('Chromium', look)) as BrowserVisitor;
      const owner = lookedAt(chromium);
      const { consent, url } = await here.asksForConsent({ provider: way.bank });
      await begins(owner, url, way);
      await agrees(owner);
      await goesToBank(owner, way.bankName);
      await logsInAtBank(owner, way.login, way.password);
      // The bank's answer is carried to another browser, as a bank's app does that opens its own.
      let back = '';
      const wire = await chromium.page.context().newCDPSession(chromium.page);
      wire.on('Fetch.requestPaused', ({ requestId, responseHeaders = [] }) => {
        back = responseHeaders.find(({ name }) => name.toLowerCase() === 'location')?.value ?? '';
        const body = Buffer.from('<title>Approved</title>').toString('base64');
        void wire.send('Fetch.fulfillRequest', { requestId, responseCode: 200, body });
      });
      await wire.send('Fetch.enable', { patterns: [{ urlPattern: '*/decide', requestStage: 'Response' }] });
      await approvesAtBank(owner);
      await wire.detach();
      assert.ok(back.startsWith(`${here.url}/back/`), back);
      const other = lookedAt((await here.person('Chromium', look)) as BrowserVisitor);
      await other.opens(back);
      await other.sees('type these digits');
      const digits = /\b(\d{6})\b/.exec(await other.text())?.[1] ?? '';
      await owner.opens(url);
      await owner.sees('Type the six digits');
      await owner.fills('Six digits', digits === '000000' ? '000001' : '000000');
      await owner.presses('Go on');
      await owner.sees('2 tries are left');
      await owner.fills('Six digits', digits);
      await owner.presses('Go on');
      if (way.grants) await grants(owner);
      await comesHome(owner);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      await Promise.all([owner.close(), other.close()]);
    });

    test(`managing what is connected, ${name}`, async () => {
      const { customer, url } = await here.asksForConsent({ provider: 'de-lindental' });
      const person = lookedAt((await here.person('Chromium', look)) as BrowserVisitor);
      await begins(person, url, WAYS.none);
      await agrees(person);
      await WAYS.none.signIn(person);
      await grants(person);
      await comesHome(person);
      const managed = await here.app.post('/v1/management_sessions', { customer });
      await person.opens(managed.url);
      await person.presses('Continue');
      await person.presses(/^End: Lindental Bank/);
      await person.presses('Yes, end it');
      await person.sees('Your bank connections');
      await person.close();
    });
  }

  const lookedAt = (person: BrowserVisitor) => looksWithAxe(person, here.url);
});
