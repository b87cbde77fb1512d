import { connects, WAYS } from '../../journeys/ways.ts';
import { comesHome } from '../../journeys/ways.ts';
import { somebody, statusOf } from '../at-bank.ts';
import type { Play } from '../play.ts';

const DATA = /^(accounts|account|balances|transactions|transaction|card_)/;
const { bank } = WAYS.none;

/** T20: reading more than was agreed, or after it has ended. */
export const overCollecting: Play = {
  id: 'T20',
  threat: 'Over-collection, and use after the consent has ended',
  quick: false,
  async play({ ownWorld, attack, control }) {
    const here = await ownWorld();
    const reads = async () => (await here.bank.calls(bank)).filter(({ operation }) => DATA.test(operation));
    const connected = async (more: object = {}) => {
      const asked = await here.asksForConsent({ provider: bank, ...more });
      const person = await somebody(here);
      await connects(person, asked.url, WAYS.none, here.bank);
      await comesHome(person);
      await here.server.platform.jobs.idle();
      return asked;
    };
    await here.bank.forgetsCalls(bank);
    const narrow = await connected({ scopes: ['accounts', 'balances'] });
    control('a consent for balances was given', (await statusOf(here, narrow.consent)) === 'authorized');
    const outside = (await reads()).filter(({ operation }) => /transactions/.test(operation));
    await here.app.remove(`/v1/customers/${narrow.customer}`);
    await attack('transactions are read under a consent for balances', async () => outside.length);

    for (const [what, end] of [
      ['revoked by the app', (asked: typeof narrow) => here.app.post(`/v1/consents/${asked.consent}/revoke`)],
      ['whose customer is erased', (asked: typeof narrow) => here.app.remove(`/v1/customers/${asked.customer}`)],
    ] as const) {
      const asked = await connected();
      const connections = (await here.app.get(`/v1/connections?customer=${asked.customer}`)).data;
      const accounts = (await here.app.get(`/v1/bank_accounts?customer=${asked.customer}`)).data;
      control(`${what}: it was read while it lasted`, accounts.length > 0);
      await end(asked);
      await here.server.platform.jobs.idle();
      await here.bank.forgetsCalls(bank);
      await attack(
        `a consent ${what}: asking for a sync, and a week of waiting`,
        async () => {
          for (const { id } of accounts) await here.app.call('POST', `/v1/bank_accounts/${id}/sync`, {});
          for (const { id } of connections)
            await here.app.call('POST', '/v1/synchronization_sessions', { connection: id });
          for (let day = 0; day < 7; day += 1) {
            await here.clock.advance(86_400_000);
            await here.server.platform.jobs.idle();
          }
          return (await reads()).length;
        },
        7,
      );
      if (what === 'revoked by the app')
        control('the bank was told', (await here.bank.consents(bank, 'ida'))[0]?.status !== 'valid');
    }
  },
};
