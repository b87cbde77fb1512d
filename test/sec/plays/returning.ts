import { WAYS } from '../../journeys/ways.ts';
import { createJar } from '../../visitor/jar.ts';
import type { PlainVisitor } from '../../visitor/plain.ts';
import { somebody, statusOf, tokenCalls, untilBank, untilReturn } from '../at-bank.ts';
import type { Play } from '../play.ts';

const BANK = 'at-alpenhof';

/** T1: a return from the bank in a browser that did not begin the visit. */
export const returning: Play = {
  id: 'T1',
  threat: 'CSRF and login-CSRF on the return from the bank',
  quick: true,
  async play({ world, attack, control }) {
    const here = await world();
    const [owner, other] = [await somebody(here), await somebody(here)];
    const asked = await untilBank(here, owner);
    const others = await untilBank(here, other);
    const way = new URL(await untilReturn(here, owner));
    const otherWay = new URL(await untilReturn(here, other));
    const state = way.searchParams.get('state')!;
    const before = await tokenCalls(here, BANK);

    const comes = (person: PlainVisitor, change: (url: URL) => void) => async () => {
      const url = new URL(way);
      change(url);
      await person.opens(url.href);
      const called = (await tokenCalls(here, BANK)) - before;
      return called > 0 || (await statusOf(here, asked.consent)) === 'authorized' || person.status() < 400;
    };
    const nobody = async () => somebody(here);
    await attack(
      'the right state without a cookie',
      comes(await nobody(), () => {}),
    );
    await attack(
      "the right state with another visit's cookie",
      comes(other, () => {}),
    );
    await attack(
      'a guessed state',
      comes(owner, (url) => url.searchParams.set('state', 'A'.repeat(43))),
    );
    await attack(
      'the state cut short',
      comes(owner, (url) => url.searchParams.set('state', state.slice(0, -1))),
    );
    await attack(
      'no state',
      comes(owner, (url) => url.searchParams.delete('state')),
    );
    await attack(
      'the right state, then a wrong one',
      comes(owner, (url) => url.searchParams.append('state', 'x')),
    );
    await attack(
      'the state of another visit, in one’s own browser',
      comes(owner, (url) => url.searchParams.set('state', otherWay.searchParams.get('state')!)),
    );
    await attack(
      'another visit’s code with the right state, from no browser of ours',
      comes(await nobody(), (url) => url.searchParams.set('code', otherWay.searchParams.get('code')!)),
    );
    await attack(
      'the right state at another bank’s return address',
      comes(owner, (url) => {
        url.pathname = '/back/de-nordwind';
      }),
    );
    await attack('as a form posted from another site, which banks may answer by', async () => {
      const form = way.searchParams.toString();
      for (const [path, body] of [
        [`${way.pathname}${way.search}`, 'x=1'],
        [way.pathname, form],
      ] as const)
        await here.app.call('POST', path, body, {
          authorization: '',
          origin: 'https://evil.example',
          'sec-fetch-site': 'cross-site',
        });
      return (await tokenCalls(here, BANK)) > before || (await statusOf(here, asked.consent)) === 'authorized';
    });
    await attack('a cookie with the owner’s name and a made-up value', async () => {
      const forged = createJar();
      for (const { name } of owner.jar.all)
        forged.store(way, [`${name}=1.${'A'.repeat(43)}.${'A'.repeat(43)}; Path=/`]);
      const liar = here.sameBrowser({ ...(await somebody(here)), jar: forged });
      await liar.opens(way.href);
      return liar.status() < 400 || (await tokenCalls(here, BANK)) > before;
    });

    await owner.opens(way.href);
    await attack(
      'the owner’s own browser, after the state was seen in others',
      async () => (await tokenCalls(here, BANK)) > before || (await statusOf(here, asked.consent)) === 'authorized',
    );
    await owner.presses('Try again');
    await WAYS.oauth.signIn(owner);
    control('the owner begins anew, and the bank is asked once', (await tokenCalls(here, BANK)) === before + 1);
    control('the consent is authorized', (await statusOf(here, asked.consent)) === 'authorized');
    control('the other one is not', (await statusOf(here, others.consent)) === 'pending');
  },
};
