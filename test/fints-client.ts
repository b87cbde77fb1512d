import assert from 'node:assert/strict';
import tls from 'node:tls';
import { type BankAnswer, FinTSClient, FinTSConfig } from 'lib-fints';
import { startTrial, type Trial } from './caller.ts';

/** A product id in the form in which they are registered. */
export const PROGRAM = '9FA6681DEC0CF3046BFC2F8A6';
/** The pretend banks that speak FinTS. */
export const HAVELSTEIN = { slug: 'de-havelstein', code: '99960600' };
/** MT940 only, pages that end anywhere, a code for every statement. */
export const MOORWERDER = { slug: 'de-moorwerder', code: '99970700' };

/** The pretend banks, and lib-fints to talk to them over TLS: a client nobody here wrote. */
export type FintsTrial = {
  trial: Trial;
  url(slug: string): string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers wherever they please
  order(path: string, body?: object): Promise<any>;
  /** What the bank counts of a login. */
  // biome-ignore lint/suspicious/noExplicitAny: the same
  counted(login: string, slug?: string): Promise<any>;
  newClient(login: string, pin: string, bank?: typeof HAVELSTEIN, program?: string): FinTSClient;
  /** A client that knows the bank and has chosen a method. */
  chosen(login: string, pin: string, method: number, bank?: typeof HAVELSTEIN): Promise<FinTSClient>;
  /** A client that has proved itself with a code, and so knows the accounts. */
  proved(login: string, pin: string, method: number, code: string, bank?: typeof HAVELSTEIN): Promise<FinTSClient>;
  close(): Promise<void>;
};

/** Starts the pretend banks and trusts their authority in this process until closed. */
export async function startFintsTrial(): Promise<FintsTrial> {
  const trial = await startTrial();
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, trial.sandbox.ca]);
  const fints: FintsTrial = {
    trial,
    url: (slug) => `${trial.sandbox.machineUrl(slug)}/fints`,
    order: (path, body) => trial.sandbox.control(path, body),
    counted: async (login, slug = HAVELSTEIN.slug) =>
      (await fints.order(`/banks/${slug}/fints`)).logins.find((one: { login: string }) => one.login === login),
    newClient: (login, pin, bank = HAVELSTEIN, program = PROGRAM) =>
      new FinTSClient(FinTSConfig.forFirstTimeUse(program, '1.0', fints.url(bank.slug), bank.code, login, pin)),
    async chosen(login, pin, method, bank = HAVELSTEIN) {
      const client = fints.newClient(login, pin, bank);
      const first = await client.synchronize();
      assert.equal(first.success, true, JSON.stringify(first.bankAnswers));
      client.selectTanMethod(method);
      return client;
    },
    async proved(login, pin, method, code, bank = HAVELSTEIN) {
      const client = await fints.chosen(login, pin, method, bank);
      const asked = await client.synchronize();
      assert.equal(asked.requiresTan, true, JSON.stringify(asked.bankAnswers));
      const done = await client.synchronizeWithTan(asked.tanReference!, code);
      assert.deepEqual([done.success, done.requiresTan], [true, false], JSON.stringify(done.bankAnswers));
      return client;
    },
    async close() {
      tls.setDefaultCACertificates(trusted);
      await trial.close();
    },
  };
  return fints;
}

/** The return codes of an answer. */
export const codes = (answer: { bankAnswers: BankAnswer[] }): number[] => answer.bankAnswers.map((one) => one.code);
