import { request } from 'node:http';
import { somebody, statusOf, tokenCalls, untilBank, untilReturn } from '../at-bank.ts';
import type { Play } from '../play.ts';

const BANK = 'at-alpenhof';
const HOUR_MS = 3_600_000;

/** T9: the same return many times at once, and again later. */
export const replay: Play = {
  id: 'T9',
  threat: 'Replayed or doubled returns from the bank',
  quick: true,
  async play({ world, attack, control }) {
    const here = await world();
    const person = await somebody(here);
    const { consent } = await untilBank(here, person);
    const way = new URL(await untilReturn(here, person));
    const before = await tokenCalls(here, BANK);
    const cookie = person.jar.header({ url: way, crossSite: true, method: 'GET' })!;
    const answers = await Promise.all(Array.from({ length: 100 }, () => get(way, cookie, person.address)));
    const called = (await tokenCalls(here, BANK)) - before;
    await attack(
      '100 equal returns at once: calls of the token endpoint beyond the first',
      async () => Math.max(0, called - 1),
      100,
    );
    control('exactly one of them asked the bank', called === 1);
    control('all 100 are sent to the same page', new Set(answers).size === 1 && answers[0]!.startsWith('303 /visit/'));
    await here.eventually(async () => {
      if ((await statusOf(here, consent)) !== 'authorized') throw new Error('not authorized');
    });
    const events = (await here.app.get(`/v1/events?consent=${consent}&type=consent.authorized`)).data.length;
    control('one event says so', events === 1);

    const timeline = async () => JSON.stringify(await here.app.get(`/v1/consents/${consent}/timeline`));
    const unchanged = async (act: () => Promise<unknown>) => {
      const [before, spent] = [await timeline(), await tokenCalls(here, BANK)] as const;
      await act();
      return (await timeline()) !== before || (await tokenCalls(here, BANK)) !== spent;
    };
    await attack('the same return once more', () => unchanged(() => get(way, cookie, person.address)));
    await here.clock.advance(HOUR_MS);
    await here.server.platform.jobs.idle();
    await attack('the same return an hour later', () => unchanged(() => get(way, cookie, person.address)));
    await attack('the same return in another browser an hour later', () =>
      unchanged(async () => (await somebody(here)).opens(way.href)),
    );
  },
};

function get(url: URL, cookie: string, address: string): Promise<string> {
  return new Promise((done, failed) => {
    const headers = { cookie, accept: 'text/html', 'x-forwarded-for': address };
    request(url, { headers, agent: false }, (answer) => {
      answer.resume();
      done(`${answer.statusCode} ${answer.headers.location}`);
    })
      .once('error', failed)
      .end();
  });
}
