import { agrees, begins, comesHome, connects, grants, signsIn, WAYS } from '../../journeys/ways.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

/** T14: a session the attacker chose, and secrets in addresses. */
export const fixation: Play = {
  id: 'T14',
  threat: 'Session fixation, and tokens in addresses, referrers and logs',
  quick: true,
  async play({ world, attack, control }) {
    const here = await world();
    const person = await somebody(here);
    const asked = await here.asksForConsent({ provider: WAYS.one.bank });
    const token = new URL(asked.url).pathname.split('/').at(-1)!;
    const addresses: string[] = [];
    const bare: string[] = [];
    const look = () => {
      addresses.push(person.url());
      const { headers } = person.page();
      if (headers['referrer-policy'] !== 'no-referrer' || !String(headers['cache-control']).includes('no-store'))
        bare.push(person.url());
      if (person.page().html.includes(token)) addresses.push(token);
    };
    await begins(person, asked.url, WAYS.one);
    look();
    await agrees(person);
    look();
    await signsIn(person, 'emil', 'lindental-2');
    look();
    await WAYS.one.signIn(person);
    look();
    const secret = person.jar.all.map(({ value }) => value);
    await attack(
      'a token of the link or cookie in an address or page',
      async () => addresses.filter((url) => url.includes(token) || secret.some((value) => url.includes(value))).length,
      addresses.length,
    );
    await attack('a page that tells its address to others or is kept', async () => bare.length, addresses.length);

    const lines = await here.cookiesSetBy((await here.asksForConsent({})).url);
    control(
      'the cookie is HttpOnly, SameSite=Lax, for the whole host and no other',
      lines.length > 0 &&
        lines.every(
          (line) => /HttpOnly/.test(line) && /SameSite=Lax/.test(line) && /Path=\//.test(line) && !/Domain/i.test(line),
        ),
    );
    await attack('opening the same link twice gives two browsers the same secret', async () => {
      const link = (await here.asksForConsent({})).url;
      const [first, second] = [await here.cookiesSetBy(link), await here.cookiesSetBy(link)];
      return first[0] === second[0];
    });
    await attack('a cookie the attacker made up is taken for the victim’s visit', async () => {
      const [a, v] = [await somebody(here), await somebody(here)];
      const link = (await here.asksForConsent({ provider: WAYS.one.bank })).url;
      const other = (await here.asksForConsent({ provider: WAYS.one.bank })).url;
      await a.opens(other);
      await v.opens(link);
      const wanted = v.jar.all[0]!;
      // The attacker's own, rightly signed for another link, under the name of the victim's.
      v.jar.store(new URL(link), [`${wanted.name}=${a.jar.all[0]!.value}; Path=/`]);
      await v.opens(link);
      return v.jar.all[0]!.value === a.jar.all[0]!.value;
    });
    await grants(person);
    await comesHome(person);
    const finished = addresses[0]!;
    await attack('the old cookie sends something after the end', async () => {
      const before = JSON.stringify(await here.app.get(`/v1/consents/${asked.consent}`));
      const cookie = person.jar.all.map(({ name, value }) => `${name}=${value}`).join('; ');
      for (const action of ['agree', 'refuse', 'continue', 'back', 'grant', 'retry'])
        await here.app.call('POST', new URL(finished).pathname, `do=${action}&turn=0&csrf=x`, {
          authorization: '',
          cookie,
        });
      return JSON.stringify(await here.app.get(`/v1/consents/${asked.consent}`)) !== before;
    });
    const kept = await here.everythingKept();
    await attack(
      'the link’s token, or a cookie’s secret, in the log or the database',
      async () => [token, ...secret.map((value) => value.split('.')[1]!)].filter((one) => kept.includes(one)).length,
    );
    const way = await somebody(here);
    const again = await here.asksForConsent({ provider: WAYS.none.bank });
    await connects(way, again.url, WAYS.none, here.bank);
    control('an ordinary visit reaches its end', (await way.text()).length > 0);
  },
};
