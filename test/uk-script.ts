import assert from 'node:assert/strict';
import type { BankContext, BankRequest, Grant } from '../src/banking/connector.ts';
import type { Json } from '../src/banking/step.ts';
import { openBankingUk } from '../src/connectors/open-banking-uk/index.ts';
import type { ExchangeJudge } from './berlin-group-file.ts';
import { type FapiServer, fapiServer, ISSUER, STATE } from './fapi-server.ts';
import { ukJudge } from './uk-file.ts';

/** An answer of the bank: its status, its JSON, headers. `unjudged` where it breaks the file on purpose. */
export type Scripted = { status?: number; json?: unknown; headers?: Record<string, string>; unjudged?: true };

/** A UK bank at the edge of the process: data by script, its authorization server a real one of `fapiServer`. */
export type UkBank = {
  context: BankContext;
  fapi: FapiServer;
  sent: { method: string; path: string; headers: Record<string, string>; body?: Json }[];
  answers(operation: string, ...answers: Scripted[]): void;
  passes(ms: number): void;
  hold(grant: Grant): void;
};

const judges = new Map<string, ExchangeJudge | undefined>();
const MOMENT = '2026-11-20T09:00:00+00:00';

/** A consent as the bank shows it. */
export function consentAnswer(base: string, status: string, permissions: string[], until?: string): Scripted {
  return {
    json: {
      Data: {
        ConsentId: 'consent-1',
        CreationDateTime: MOMENT,
        Status: status,
        StatusUpdateDateTime: MOMENT,
        Permissions: permissions,
        ...(until && { ExpirationDateTime: until }),
      },
      Risk: {},
      Links: { Self: `${base}/account-access-consents/consent-1` },
      Meta: {},
    },
  };
}

/** A bank of one version; every exchange is held against the official file where there is one. */
export function ukBank(
  version: '3.1' | '4.0',
  options: { facts?: Record<string, Json>; person?: false; fapi?: Parameters<typeof fapiServer>[0] } = {},
): UkBank {
  const base = `https://bank.example/open-banking/v${version}/aisp`;
  if (!judges.has(version)) judges.set(version, ukJudge(version));
  const judge = judges.get(version);
  const fapi = fapiServer(options.fapi);
  const script = new Map<string, Scripted[]>();
  const sent: UkBank['sent'] = [];
  let nowMs = Date.parse('2026-11-20T10:00:00Z');
  let held: Grant | undefined;
  const authorised = version === '3.1' ? 'Authorised' : 'AUTH';
  const waiting = version === '3.1' ? 'AwaitingAuthorisation' : 'AWAU';

  const http = async (request: BankRequest) => {
    const url = request.path.startsWith('https:') ? request.path : `${base}/${request.path}`;
    assert.ok(url.startsWith(base), `${url} is not at the bank`);
    const path = url.slice(base.length);
    const { method, headers = {}, body } = request;
    const record = { method, path, headers, ...(body !== undefined && { body }) };
    sent.push(record);
    const waitingAnswers = script.get(`${method} ${path}`) ?? script.get(`${method} ${path.split('?')[0]}`);
    const answer =
      waitingAnswers && waitingAnswers.length > 1 ? waitingAnswers.shift() : (waitingAnswers?.[0] ?? usual(record));
    assert.ok(answer, `the script has no answer to ${method} ${path}`);
    const status = answer.status ?? 200;
    const reply = { status, headers: answer.headers ?? {}, ...(answer.json !== undefined && { body: answer.json }) };
    if (judge && !answer.unjudged) assert.deepEqual(judge(record, reply), []);
    const text = answer.json === undefined ? '' : JSON.stringify(answer.json);
    return { status, headers: answer.headers ?? {}, body: Buffer.from(text), url };
  };

  function usual({ method, path, body }: UkBank['sent'][number]): Scripted | undefined {
    const permissions = ['ReadAccountsDetail'];
    if (method === 'POST' && path === '/account-access-consents') {
      const { Data } = body as { Data: { Permissions: string[]; ExpirationDateTime?: string } };
      return { ...consentAnswer(base, waiting, Data.Permissions, Data.ExpirationDateTime), status: 201 };
    }
    if (path === '/account-access-consents/consent-1')
      return method === 'DELETE' ? { status: 204 } : consentAnswer(base, authorised, permissions);
    return undefined;
  }

  return {
    fapi,
    sent,
    answers: (operation, ...answers) => void script.set(operation, answers),
    passes: (ms) => {
      nowMs += ms;
    },
    hold: (grant) => {
      held = grant;
    },
    context: {
      facts: openBankingUk.facts.parse({
        version,
        metadata_url: `${ISSUER}/.well-known/openid-configuration`,
        ...options.facts,
      }),
      http,
      oauth: { begin: refuse, finish: refuse, refresh: refuse, own: refuse, registered: fapi.client },
      requester: { name: 'Example Ltd' },
      now: () => new Date(nowMs),
      returnUrl: `https://tpp.example/back/bank?state=${STATE}`,
      ...(options.person !== false && { person: { ipAddress: '192.0.2.7', userAgent: 'Test Browser' } }),
      refreshGrant: async (call) => {
        assert.ok(held);
        held = await call(held);
        return held;
      },
    },
  };
}

async function refuse(): Promise<never> {
  throw new Error('only registered clients here');
}
