import assert from 'node:assert/strict';
import { visit } from './bank-page.ts';
import { type Answer, type Caller, startTrial, type Trial, wrongInExchanges } from './caller.ts';

/** Where a person returns to; nothing listens there. */
export const BACK = 'http://127.0.0.1:1/back?state=one';
/** The access model that needs no account to be named. */
export const GLOBAL = { allPsd2: 'allAccounts' };

/** One pretend bank, called by a plain HTTP client and changed by control. */
export type PretendBank = {
  trial: Trial;
  caller: Caller;
  base: string;
  /** Makes the bank like this, and like nothing else. */
  is(facts: Record<string, unknown>): Promise<void>;
  /** `POST /v1/consents` for everything, unless said otherwise. */
  asks(headers?: Record<string, string>, body?: object): Promise<Answer>;
  /** Follows a link of an answer, by its name. */
  follows(
    answer: Answer,
    link: string,
    method: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** The consent's status. */
  status(answer: Answer): Promise<string>;
  /** A consent that the person has approved on the bank's page. */
  approved(headers?: Record<string, string>): Promise<string>;
  /** Reads under a consent. */
  reads(consentId: string, path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Asserts that the official file allows everything that went over the wire, but for oddities that were ordered. */
  keptToTheFile(): void;
};

/** Starts the pretend banks and takes one of them, with a person of it. */
export async function pretendBank(slug: string, [login, password]: [string, string]): Promise<PretendBank> {
  const trial = await startTrial();
  const caller = await trial.caller();
  const base = trial.sandbox.machineUrl(slug);
  const at = (href: string) => {
    if (/^https?:/.test(href)) return href;
    return href.startsWith('/v1/') ? base + href : new URL(base).origin + href;
  };
  const bank: PretendBank = {
    trial,
    caller,
    base,
    async is(facts) {
      await trial.sandbox.control(`DELETE /banks/${slug}/facts`);
      await trial.sandbox.control(`/banks/${slug}/facts`, facts);
    },
    asks: (headers = {}, body = {}) =>
      caller.call(base, 'POST', '/v1/consents', {
        headers: { 'tpp-redirect-uri': BACK, ...headers },
        body: { ...ASKED, ...body },
      }),
    follows(answer, link, method, body, headers = {}) {
      const found = answer.body?._links?.[link];
      assert.ok(found, `there is no link ${link}: ${answer.status} ${answer.text}`);
      return caller.call(base, method, at(found.href), { headers, ...(body ? { body } : {}) });
    },
    status: async ({ body }) =>
      (await caller.call(base, 'GET', `/v1/consents/${body.consentId}/status`)).body.consentStatus,
    async approved(headers) {
      const created = await bank.asks(headers);
      assert.equal(created.status, 201, created.text);
      const page = await visit(created.body._links.scaRedirect.href);
      await page.logIn(login, password);
      await page.press('approve');
      return created.body.consentId;
    },
    reads: (consentId, path, headers = {}) =>
      caller.call(base, 'GET', path.startsWith('/v1/') ? path : at(path), {
        headers: { 'consent-id': consentId, ...headers },
      }),
    keptToTheFile() {
      const wrong = wrongInExchanges(trial.exchanges);
      if (wrong) assert.deepEqual([...new Set(wrong)], []);
    },
  };
  return bank;
}

const ASKED = {
  access: GLOBAL,
  recurringIndicator: true,
  validUntil: '9999-12-31',
  frequencyPerDay: 4,
  combinedServiceIndicator: false,
};
