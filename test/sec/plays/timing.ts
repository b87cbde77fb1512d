import { randomBytes } from 'node:crypto';
import { listSources } from '../../sources.ts';
import type { Play } from '../play.ts';

/** T13: learning a secret from how long its comparison takes. */
export const timing: Play = {
  id: 'T13',
  threat: 'Timing of comparisons',
  quick: true,
  async play({ world, attack, control, note }) {
    const here = await world();
    const shipped = listSources('src').filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
    await attack(
      'secrets compared anywhere but in the vault',
      async () =>
        shipped.filter(
          ({ path, text }) =>
            path !== 'src/base/vault.ts' &&
            (/timingSafeEqual/.test(text) ||
              /\b(secret|token|hash|signature|csrf)\b\s*===?\s*\w+\.(token|secret|hash|csrf|headers)/.test(text)),
        ).length,
      shipped.length,
    );
    const times = async (key: () => string) => {
      const taken: number[] = [];
      for (let times = 0; times < 150; times += 1) {
        const began = performance.now();
        await here.app.call('GET', '/v1/account', undefined, { authorization: `Bearer ${key()}` });
        taken.push(performance.now() - began);
      }
      return taken.sort((a, b) => a - b)[50]!;
    };
    const last = () => `${here.key.slice(0, -1)}${here.key.endsWith('A') ? 'B' : 'A'}`;
    const random = () => `dbk_test_${randomBytes(32).toString('base64url')}`;
    await times(random);
    const [near, far] = [await times(last), await times(random)];
    note(`a key wrong in its last character: ${near.toFixed(2)} ms; a random one: ${far.toFixed(2)} ms`);
    // Keys are looked up by their SHA-256: how much of one is right cannot show. Twice as long would be more than noise.
    await attack(
      'a nearly right key takes another time than a random one',
      async () => near > far * 2 + 2 || far > near * 2 + 2,
      300,
    );
    control('the right key is taken', (await here.app.call('GET', '/v1/account')).status === 200);
  },
};
