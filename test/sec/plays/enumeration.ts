import { randomBytes } from 'node:crypto';
import { newId } from '../../../src/base/ids.ts';
import { agrees, begins, signsIn, WAYS } from '../../journeys/ways.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

/** T12: guessing ids, links and user names. */
export const enumeration: Play = {
  id: 'T12',
  threat: 'Enumeration of ids, links and the bank’s user names',
  quick: true,
  async play({ world, attack, control, note }) {
    const here = await world();
    const KINDS = ['customers', 'consents', 'connections', 'bank_accounts', 'connect_user_sessions'] as const;
    const IDS = {
      customers: 'customer',
      consents: 'consent',
      connections: 'connection',
      bank_accounts: 'bankAccount',
      connect_user_sessions: 'session',
    } as const;
    const many = 2000;
    await attack(
      'random ids that exist, or are answered otherwise than the first',
      async () => {
        let won = 0;
        for (const kind of KINDS) {
          const shapes = new Set<string>();
          for (let done = 0; done < many / KINDS.length; done += 50) {
            const answers = await Promise.all(
              Array.from({ length: 50 }, () => here.app.call('GET', `/v1/${kind}/${newId(IDS[kind])}`)),
            );
            for (const { status, body, headers } of answers)
              shapes.add(
                `${status} ${JSON.stringify({ ...body, request_id: '', instance: '' })} ${Object.keys(headers).sort().join()}`,
              );
          }
          won += shapes.size - 1 + Number(![...shapes][0]!.startsWith('404'));
        }
        return won;
      },
      many,
    );
    const limited: string[] = [];
    await attack(
      'random links that open something',
      async () => {
        let won = 0;
        const guesser = await somebody(here);
        const guess = async () => {
          const { status } = await here.app.call(
            'GET',
            `/connect/${randomBytes(32).toString('base64url')}`,
            undefined,
            { authorization: '', 'x-forwarded-for': guesser.address },
          );
          if (status === 429) limited.push('429');
          won += Number(status < 400);
        };
        await Promise.all(Array.from({ length: 300 }, guess));
        return won;
      },
      300,
    );
    control('guessing links is slowed down by address', limited.length > 0);
    await attack(
      'random keys that are taken',
      async () => {
        let won = 0;
        for (let times = 0; times < 100; times += 1) {
          const authorization = `Bearer dbk_test_${randomBytes(32).toString('base64url')}`;
          won += Number((await here.app.call('GET', '/v1/account', undefined, { authorization })).status < 400);
        }
        return won;
      },
      100,
    );
    // A name the bank knows and one it does not: our page must say the same of both.
    const says = async (login: string) => {
      const person = await somebody(here);
      const { url } = await here.asksForConsent({ provider: WAYS.one.bank });
      await begins(person, url, WAYS.one);
      await agrees(person);
      await signsIn(person, login, 'certainly wrong');
      return (await person.text()).replace(/req_\w+|ses_\w+/g, '');
    };
    const known = await says('emil');
    await attack(
      'a user name the bank knows is told from one it does not',
      async () => (await says('nobody')) !== known,
    );
    note(`both are told: ${/[^.]*wrong[^.]*\./i.exec(known)?.[0].trim() ?? known.slice(0, 80)}`);
  },
};
