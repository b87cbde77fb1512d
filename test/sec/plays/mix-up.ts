import { somebody, statusOf, tokenCalls, untilBank, untilReturn } from '../at-bank.ts';
import type { Play } from '../play.ts';

const BANK = 'at-alpenhof';

/** T3: a bank in the middle that wants another bank's code. */
export const mixUp: Play = {
  id: 'T3',
  threat: 'Mix-up: the code of one bank is sent to another',
  quick: true,
  async play({ world, attack, control }) {
    const here = await world();
    const variants: [string, (url: URL, honest: string) => void][] = [
      ['the issuer of another bank', (url, honest) => url.searchParams.set('iss', honest.replace(BANK, 'de-nordwind'))],
      ['an issuer elsewhere', (url) => url.searchParams.set('iss', 'https://evil.example')],
      ['the issuer with a slash more', (url, honest) => url.searchParams.set('iss', `${honest}/`)],
      ['no issuer, although the bank announces one', (url) => url.searchParams.delete('iss')],
      ['two issuers', (url) => url.searchParams.append('iss', 'https://evil.example')],
      [
        'two issuers, the honest one last',
        (url, honest) => {
          url.searchParams.set('iss', 'https://evil.example');
          url.searchParams.append('iss', honest);
        },
      ],
      ['an answer of another response type', (url) => url.searchParams.append('id_token', 'e30.e30.e30')],
      ['two codes', (url) => url.searchParams.append('code', 'stolen')],
    ];
    for (const [what, change] of variants) {
      const person = await somebody(here);
      const { consent } = await untilBank(here, person);
      const way = new URL(await untilReturn(here, person));
      change(way, way.searchParams.get('iss') ?? '');
      const before = await tokenCalls(here, BANK);
      await attack(what, async () => {
        await person.opens(way.href);
        return (await tokenCalls(here, BANK)) > before || (await statusOf(here, consent)) === 'authorized';
      });
    }
    const person = await somebody(here);
    const { consent } = await untilBank(here, person);
    const way = new URL(await untilReturn(here, person));
    control('the bank says who it is (RFC 9207)', way.searchParams.has('iss'));
    await attack('the whole answer at the address of another bank', async () => {
      const before = (await tokenCalls(here, BANK)) + (await tokenCalls(here, 'de-nordwind'));
      await person.opens(way.href.replace(`/back/${BANK}`, '/back/de-nordwind'));
      return (await tokenCalls(here, BANK)) + (await tokenCalls(here, 'de-nordwind')) > before;
    });
    await attack('metadata of the bank that names a token endpoint elsewhere is not followed', async () => {
      const { data } = await here.app.get('/v1/bank_calls?limit=100');
      return data.some((call: { url?: string }) => call.url?.includes('evil.example'));
    });
    await person.opens(way.href);
    control('the honest answer is accepted', (await statusOf(here, consent)) === 'authorized');
  },
};
