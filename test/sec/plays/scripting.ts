import { HOSTILE_TEXTS } from '../../../src/sandbox/world/hostile.ts';
import { agrees, begins, signsIn, WAYS } from '../../journeys/ways.ts';
import type { BrowserVisitor } from '../../visitor/browser.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

const BANK = WAYS.many.bank;
const HARMFUL =
  /<script|onerror|onload|onmouseover|onfocus|ontoggle|javascript:|<iframe|<svg|<base|<meta http-equiv="?refresh/i;

/** T15: what a bank sends is text, whatever it says. */
export const scripting: Play = {
  id: 'T15',
  threat: 'Scripts in what banks, apps and people write',
  quick: true,
  async play({ world, attack, control }) {
    const here = await world();
    const victim = (await here.person('Chromium')) as BrowserVisitor;
    const { url } = await here.asksForConsent({ provider: BANK });
    for (const operation of ['accounts', 'start_authorisation', 'update_authorisation', 'create_consent'])
      await here.bank.misbehaves(BANK, { operation, kind: 'hostile_text', times: 'until_cleared' });
    try {
      const several = await here.asksForConsent({ provider: BANK });
      await begins(victim, several.url, WAYS.many);
      await agrees(victim);
      await signsIn(victim, 'clara', 'lindental-1');
      await victim.sees('How would you like');
      await attack(
        'elements that the name of a method brought along',
        () => foreignElements(victim),
        HOSTILE_TEXTS.length,
      );
      await begins(victim, url, WAYS.one);
      await agrees(victim);
      await WAYS.one.signIn(victim);
      await victim.sees(/accounts may be shared|will be shared/);
      const text = await victim.text();
      control(
        'the bank’s texts are shown as text',
        HOSTILE_TEXTS.some((one) => text.includes(one.replace(/\s+/g, ' ').trim())),
      );
      await attack(
        'dialogs, refusals of the content policy, requests elsewhere',
        async () => victim.complaints.length,
        HOSTILE_TEXTS.length,
      );
      await attack('elements that a text brought along', () => foreignElements(victim), HOSTILE_TEXTS.length);
    } finally {
      await here.bank.behavesAgain(BANK);
      victim.complaints.length = 0;
      await victim.close();
    }
    // Texts of the app, of a person and of an address, in the page as it is sent.
    const person = await somebody(here);
    let won = 0;
    let tried = 0;
    for (const hostile of HOSTILE_TEXTS.filter((text) => HARMFUL.test(text))) {
      const customer = (await here.app.post('/v1/customers', { name: hostile })).id;
      const answer = await here.app.call('POST', '/v1/consents', { customer, purpose: hostile.slice(0, 100) });
      const address =
        answer.status < 300 ? answer.body.redirect.consent_url : (await here.asksForConsent({ customer })).url;
      await person.opens(address);
      await person.opens(`${here.url}/connect/nothing?locale=${encodeURIComponent(hostile)}`);
      tried += 2;
      await person.opens(`${address}?template=${encodeURIComponent(hostile)}`);
      won += Number(person.page().html.includes(hostile));
    }
    await attack('texts of apps and addresses arrive in the page as they were', async () => won, tried);
    await attack('an answer of the API that a browser could take for a page', async () => {
      const { headers } = await here.app.call('GET', '/v1/customers?limit=100');
      return !/json/.test(headers['content-type'] ?? '') || headers['x-content-type-options'] !== 'nosniff';
    });
  },
};

function foreignElements({ page }: BrowserVisitor): Promise<number> {
  const selectors = [
    'script:not([src])',
    'iframe',
    'svg[onload]',
    '[onerror]',
    'base',
    'form[action*="invalid"]',
    'a[href^="javascript:"]',
  ];
  return page.locator(selectors.map((selector) => `body ${selector}`).join()).count();
}
