import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { agrees, begins, connects, signsIn, WAYS } from '../../journeys/ways.ts';
import type { BrowserVisitor } from '../../visitor/browser.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

/** T10: the page inside somebody else's. */
export const framing: Play = {
  id: 'T10',
  threat: 'Clickjacking, framing, messages between windows',
  quick: true,
  async play({ world, attack, control, after }) {
    const here = await world();
    const person = await somebody(here);
    const bare: string[] = [];
    let seen = 0;
    const look = () => {
      seen += 1;
      const { headers, url, status } = person.page();
      const policy = String(headers['content-security-policy'] ?? '');
      const closed =
        policy.includes("frame-ancestors 'none'") &&
        !/unsafe-|\*/.test(policy) &&
        headers['cross-origin-opener-policy'] === 'same-origin' &&
        headers['x-content-type-options'] === 'nosniff';
      if (!closed) bare.push(`${url.pathname} (${status})`);
    };
    const { url } = await here.asksForConsent({ provider: WAYS.one.bank });
    await person.opens(url);
    look();
    await begins(person, url, WAYS.one);
    look();
    await agrees(person);
    look();
    await signsIn(person, 'emil', 'wrong');
    look();
    for (const path of [
      '/',
      '/docs',
      '/v1/openapi.json',
      '/connect/nothing',
      '/connect/help',
      '/visit/ses_0000000000000000000000',
      '/visit/%00',
      '/back/de-nordwind',
      '/nowhere',
      '/health',
      '/connect/nothing?locale=tlh',
    ]) {
      await person.opens(`${here.url}${path}`);
      if (String(person.page().headers['content-type']).includes('html')) look();
    }
    const done = await here.asksForConsent({ provider: WAYS.none.bank });
    await connects(person, done.url, WAYS.none, here.bank);
    look();
    await attack('a page of any state without the headers that forbid framing', async () => bare.length, seen);
    control(`every page closes itself off ${bare.join(', ')}`, bare.length === 0);

    const framed = await here.asksForConsent({ provider: WAYS.none.bank });
    const evil = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html');
      answer.end(`<!doctype html><title>evil</title><iframe id="f" src="${framed.url}"></iframe><script>
        window.heard = []; addEventListener('message', (event) => heard.push(event.data));
        addEventListener('load', () => { frames[0].postMessage({ do: 'continue' }, '*'); });
      </script>`);
    });
    await new Promise<void>((open) => void evil.listen(0, '127.0.0.1', open));
    after(() => {
      evil.closeAllConnections();
      evil.close();
    });
    const victim = (await here.person('Chromium')) as BrowserVisitor;
    await victim.opens(`http://localhost:${(evil.address() as AddressInfo).port}/`);
    await attack('a frame in a foreign page shows the page', async () => {
      const frame = victim.page.frames().find((one) => one !== victim.page.mainFrame());
      const text = await frame
        ?.locator('body')
        .textContent({ timeout: 1000 })
        .catch(() => '');
      return /Continue|Leafbook/.test(text ?? '');
    });
    await attack(
      'a message from the foreign page is answered',
      async () => (await victim.page.evaluate('window.heard.length')) as number,
    );
    await attack('the foreign page keeps a hold on a pop-up with the page', async () => {
      const [opened] = await Promise.all([
        victim.page.waitForEvent('popup'),
        victim.page.evaluate(`window.w = window.open(${JSON.stringify(framed.url)}); undefined`),
      ]);
      await opened.waitForLoadState('load');
      const held = await victim.page.evaluate(
        '(() => { try { return !w.closed && w.length >= 0 && w.document !== null } catch { return false } })()',
      );
      const opener = await opened.evaluate('window.opener !== null');
      await opened.close();
      return Boolean(held) || Boolean(opener);
    });
    // What Chromium says about the refused frame is what was wanted.
    victim.complaints.length = 0;
    await victim.close();
  },
};
