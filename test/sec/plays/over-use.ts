import { comesHome, connects, WAYS } from '../../journeys/ways.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

const { bank } = WAYS.none;
const HOUR_MS = 3_600_000;

/** T21: reading more often than four times in 24 hours without the person (RTS Art. 36(5)). */
export const overUse: Play = {
  id: 'T21',
  threat: 'Unattended over-use, and pretending that a person is there',
  quick: false,
  async play({ ownWorld, attack, control, note }) {
    const here = await ownWorld();
    const asked = await here.asksForConsent({ provider: bank });
    const person = await somebody(here);
    await connects(person, asked.url, WAYS.none, here.bank);
    await comesHome(person);
    await here.server.platform.jobs.idle();
    const [account] = (await here.app.get(`/v1/bank_accounts?customer=${asked.customer}`)).data;
    await here.bank.forgetsCalls(bank);
    const reads: { at: number; operation: string; attended: boolean; path: string }[] = [];
    const end = here.server.sandbox!.onWire(({ bank: slug, path, requestHeaders }) => {
      const operation = /balances|transactions/.exec(path)?.[0];
      if (slug !== bank || !operation || path.includes('pageIndex')) return;
      reads.push({ at: here.clock.now().getTime(), operation, attended: 'psu-ip-address' in requestHeaders, path });
    });
    for (let hour = 0; hour < 7 * 24; hour += 2) {
      await here.clock.advance(2 * HOUR_MS);
      await here.app.call('POST', `/v1/bank_accounts/${account.id}/sync`, {});
      await here.server.platform.jobs.idle();
    }
    end();
    const alone = reads.filter(({ attended }) => !attended);
    const most = Math.max(
      0,
      ...['balances', 'transactions'].map((operation) =>
        mostWithin(
          alone.filter((one) => one.operation === operation && !/[?&]page/i.test(one.path)).map(({ at }) => at),
          24 * HOUR_MS,
        ),
      ),
    );
    note(`${alone.length} unattended reads in seven days, at most ${most} of a kind within 24 hours`);
    control('it was read', alone.length > 0);
    await attack(
      'more than four unattended reads of an endpoint within 24 hours',
      async () => Math.max(0, most - 4),
      reads.length,
    );
    await attack(
      'reads that pretend the person is there, while nobody was',
      async () => reads.length - alone.length,
      reads.length,
    );
  },
};

function mostWithin(times: number[], span: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + span).length));
}
