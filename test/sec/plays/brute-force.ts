import { agrees, begins, signsIn, WAYS } from '../../journeys/ways.ts';
import type { World } from '../../world.ts';
import { somebody } from '../at-bank.ts';
import { sweepSessions } from '../../../src/platform/sessions/sweeping.ts';
import type { Play } from '../play.ts';

const { bank } = WAYS.one;

/** T11: trying codes and passwords, and getting somebody locked out of their bank. */
export const bruteForce: Play = {
  id: 'T11',
  threat: 'Brute force of codes and passwords, and locking a person out of their bank',
  quick: true,
  async play({ ownWorld, attack, control, atLength }) {
    const here = await ownWorld();
    const answers = async () =>
      (await here.bank.calls(bank)).filter(
        ({ operation, method }) =>
          operation === 'update_authorisation' || (operation === 'start_authorisation' && method === 'POST'),
      ).length;

    const person = await untilCode(here);
    const before = await answers();
    await person.fills(/^Code/, '000000');
    await person.pressesAtOnce('Confirm', 50);
    const sent = (await answers()) - before;
    await attack('a wrong code sent 50 times at once: calls beyond three', async () => Math.max(0, sent - 3), 50);
    control('the bank was asked at all', sent >= 1);

    await attack(
      'wrong passwords for one person in many visits: calls beyond ten in an hour',
      async () => {
        const counted = await answers();
        const tries = 12;
        for (let visit = 0; visit < tries; visit += 1) {
          const other = await somebody(here);
          const { url } = await here.asksForConsent({ provider: bank });
          await begins(other, url, WAYS.one);
          await agrees(other);
          await signsIn(other, 'EMIL ', `wrong-${visit}`);
        }
        return Math.max(0, (await answers()) - counted - 2 * 10);
      },
      12,
    );
    const limited = await somebody(here);
    const { url } = await here.asksForConsent({ provider: bank });
    await begins(limited, url, WAYS.one);
    await agrees(limited);
    const counted = await answers();
    await signsIn(limited, 'emil', 'lindental-2');
    await attack('one more, from another app’s visit and browser', async () => (await answers()) > counted);
    control('the person is told why', /too (often|many)/i.test(await limited.text()));
    const other = await somebody(here);
    const free = await here.asksForConsent({ provider: bank });
    await begins(other, free.url, WAYS.none);
    await agrees(other);
    await WAYS.none.signIn(other);
    control('other people of the same bank sign in as always', /may be shared/.test(await other.text()));

    if (!atLength) return;
    // A server that stops while a code is at the bank: nothing is sent again by itself.
    const late = await untilCode(here, WAYS.many);
    await here.bank.misbehaves(bank, { operation: 'update_authorisation', kind: 'hang', times: 1 });
    await late.fills(/^Code/, '111111');
    const pressed = late.presses('Confirm').catch(() => undefined);
    const asked = await answers();
    await here.eventually(async () => {
      if ((await answers()) < asked) throw new Error('not sent yet');
    });
    await attack('a server that stops and starts while the bank is silent sends the code again', async () => {
      await here.restart();
      await pressed;
      const then = await answers();
      // The stopped server listens to the clock too, and has no database any more.
      await here.clock.advance(120_000).catch(() => undefined);
      await sweepSessions(here.server.platform);
      await here.server.platform.jobs.idle();
      return (await answers()) - then;
    });
  },
};

async function untilCode(here: World, way: typeof WAYS.one | typeof WAYS.many = WAYS.one) {
  const person = await somebody(here);
  const { url } = await here.asksForConsent({ provider: bank });
  await begins(person, url, way);
  await agrees(person);
  await signsIn(person, way.login, way.password);
  if (await person.canPress(/SMS/)) await person.presses(/SMS/);
  await person.sees('Enter the code');
  return person;
}
