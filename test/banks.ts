import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox } from '../src/sandbox/index.ts';
import type { Body } from './app.ts';

/** One request in a bank's own log. */
export type BankCall = { operation: string; method: string; path: string; status: number; person_present: boolean };

/** What a test can do at the pretend banks. */
export type BankControl = {
  approvesOnPhone(bank: string, login: string): Promise<void>;
  refusesOnPhone(bank: string, login: string): Promise<void>;
  /** Approves on the phone whatever comes, until the returned function is called. */
  approvesEverything(bank: string, login: string): () => Promise<void>;
  /** Tells a bank to misbehave: `{ kind: 'outage', times: 1 }`. */
  misbehaves(bank: string, behaviour: object): Promise<void>;
  behavesAgain(bank: string): Promise<void>;
  /** The bank's log, oldest first. */
  calls(bank: string): Promise<BankCall[]>;
  /** The bank's consents of a person, newest first. */
  consents(bank: string, login: string): Promise<{ id: string; status: string; recurring: boolean }[]>;
  forgetsCalls(bank: string): Promise<void>;
  order(path: string, body?: object): Promise<Body>;
};

/** Through control, as an integrator's tests would do it; the sandbox is asked for each time, because it may restart. */
export function controlBanks(sandbox: () => Sandbox): BankControl {
  const order = (path: string, body?: object) => sandbox().control(path, body) as Promise<Body>;
  const onPhone = (verdict: 'approve' | 'refuse') => async (bank: string, login: string) => {
    // The bank is still being told of it: the phone rings a moment later.
    for (const until = performance.now() + 10_000; ; await wait(50)) {
      const { waiting } = await order(`/banks/${bank}/phone`);
      const mine = waiting.filter((one: { login: string }) => one.login === login).at(-1);
      if (mine) return void (await order(`/banks/${bank}/phone/${verdict}`, { authorisation: mine.id }));
      if (performance.now() > until) throw new Error(`nothing waits on the phone of ${login}`);
    }
  };
  return {
    approvesOnPhone: onPhone('approve'),
    refusesOnPhone: onPhone('refuse'),
    approvesEverything(bank, login) {
      let over = false;
      const looking = (async () => {
        for (; !over; await wait(50)) {
          const { waiting } = await order(`/banks/${bank}/phone`);
          for (const one of waiting)
            if (one.login === login) await order(`/banks/${bank}/phone/approve`, { authorisation: one.id });
        }
      })();
      return async () => {
        over = true;
        await looking;
      };
    },
    misbehaves: (bank, behaviour) => order(`/banks/${bank}/behaviour`, behaviour),
    behavesAgain: (bank) => order(`DELETE /banks/${bank}/behaviour`),
    calls: async (bank) => (await order(`/banks/${bank}/calls`)).calls,
    forgetsCalls: async (bank) => void (await order(`DELETE /banks/${bank}/calls`)),
    consents: async (bank, login) =>
      (await order(`/banks/${bank}/consents`)).consents.filter(
        (consent: { person?: string }) => consent.person === login,
      ),
    order,
  };
}
