import assert from 'node:assert/strict';
import { BankError } from '../src/banking/bank-error.ts';
import type {
  BankContext,
  BankOAuth,
  BankReply,
  BankRequest,
  Connector,
  Grant,
  Permission,
  SignatureWish,
} from '../src/banking/connector.ts';
import type { Json } from '../src/banking/step.ts';
import { berlinGroupJudge, type SentRequest } from './berlin-group-file.ts';

/** An answer of the bank: its status, its JSON (or bytes as they are) and headers. */
export type Scripted = { status?: number; json?: unknown; text?: string; headers?: Record<string, string> };

/** A bank at the edge of the process: it answers each `METHOD path` by its script, one answer after the other. */
export type ScriptedBank = {
  context: BankContext;
  sent: (SentRequest & { purpose: string; signature?: SignatureWish })[];
  /** Moves this bank's and the connector's clock. */
  passes: (ms: number) => void;
  answers: (operation: string, ...answers: Scripted[]) => void;
  /** Addresses that are not the bank's: nothing was sent there. */
  refused: string[];
};

const BASE = 'https://bank.example/psd2';
const judge = berlinGroupJudge();

/** Why the check of requests against the official file is left out, if it is. */
export const unjudged = judge ? undefined : 'BANK_SPECS is not set';

/** A scripted bank with its context: a person is there, and every request is held against the official file. */
export function scriptedBank(
  connector: Connector,
  script: Record<string, Scripted | Scripted[]>,
  options: { facts?: Json; person?: false; oauth?: Partial<BankOAuth>; grant?: Grant; judged?: false } = {},
): ScriptedBank {
  const answers = new Map(Object.entries(script).map(([key, value]) => [key, [value].flat()]));
  const sent: ScriptedBank['sent'] = [];
  const refused: string[] = [];
  let nowMs = Date.parse('2026-11-20T10:00:00Z');
  const http = async (request: BankRequest): Promise<BankReply> => {
    const url = new URL(request.path, `${BASE}/`).href;
    if (new URL(url).host !== new URL(BASE).host) {
      refused.push(url);
      throw new BankError('unexpected', 'the bank gave an address that is not its own');
    }
    assert.ok(url.startsWith(`${BASE}/`), `${url} is not at the bank`);
    const path = url.slice(BASE.length);
    const { method, body, purpose, headers = {}, signature } = request;
    const signed = signature ? { signature } : {};
    const record = { method, path, headers, purpose, ...(body !== undefined && { body }), ...signed };
    sent.push(record);
    if (options.judged !== false) assert.deepEqual(judge?.(record) ?? [], []);
    const waiting = answers.get(`${method} ${path}`) ?? answers.get(`${method} ${path.split('?')[0]}`);
    assert.ok(waiting?.[0], `the script has no answer to ${method} ${path}`);
    const answer = waiting.length > 1 ? (waiting.shift() as Scripted) : waiting[0];
    const text = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
    return { status: answer.status ?? 200, headers: answer.headers ?? {}, body: Buffer.from(text), url };
  };
  let grant = options.grant;
  const context: BankContext = {
    facts: connector.facts.parse(options.facts ?? {}),
    http,
    oauth: { begin: refuse, finish: refuse, refresh: refuse, own: refuse, ...options.oauth },
    requester: { name: 'Example Ltd', organizationId: 'PSDDE-BAFIN-123456' },
    now: () => new Date(nowMs),
    returnUrl: 'https://tpp.example/back/bank?state=abc',
    ...(options.person !== false && { person: { ipAddress: '192.0.2.7', userAgent: 'Test', acceptLanguage: 'de' } }),
    refreshGrant: async (call) => {
      assert.ok(grant);
      grant = await call(grant);
      return grant;
    },
  };
  return {
    context,
    sent,
    refused,
    passes: (ms) => {
      nowMs += ms;
    },
    answers: (operation, ...more) => void answers.set(operation, more),
  };
}

/** What a person usually allows. */
export const PERMISSION: Permission = {
  scopes: ['accounts', 'balances', 'transactions'],
  accountTypes: ['checking'],
  recurring: true,
  validUntil: '2027-02-18',
};

async function refuse(): Promise<never> {
  throw new Error('this bank has no OAuth');
}
