import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createClock } from '../src/base/clock.ts';
import { openDatabase } from '../src/base/database.ts';
import { createLog } from '../src/base/log.ts';
import { type Exchange, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { berlinGroupExchangeJudge } from './berlin-group-file.ts';
import { freshDatabase } from './database.ts';

/** What of these exchanges the official file forbids, but for ordered misbehaviour; undefined without `BANK_SPECS`. */
export function wrongInExchanges(exchanges: readonly Exchange[]): string[] | undefined {
  const judge = berlinGroupExchangeJudge();
  if (!judge) return undefined;
  const judged = exchanges.filter((exchange) => !exchange.misbehaviour);
  return judged.flatMap((exchange) => {
    const query = new URLSearchParams(exchange.query).toString();
    const { method, path, requestHeaders, requestBody, status, responseHeaders, responseBody } = exchange;
    const asked = { method, path: query ? `${path}?${query}` : path, headers: requestHeaders };
    return judge(
      { ...asked, ...(requestBody === undefined ? {} : { body: requestBody }) },
      { status, headers: responseHeaders, ...(responseBody === undefined ? {} : { body: responseBody }) },
    );
  });
}

/** The pretend banks running alone, with a clock of their own and everything that went over the wire. */
export type Trial = {
  sandbox: Sandbox;
  clock: Clock;
  exchanges: Exchange[];
  /** Calls with a fresh client certificate. */
  caller(): Promise<Caller>;
  /** Ends the banks and starts them again on the same database and folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** What a bank answered. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers wherever they please
  body: any;
  text: string;
};

/** Someone who calls a bank's interface. `path` is added to the interface's address, absolute addresses are called as they are. */
export type Caller = {
  organizationId: string;
  call(
    base: string,
    method: string,
    path: string,
    options?: { body?: unknown; form?: Record<string, string>; headers?: Record<string, string>; unattended?: true },
  ): Promise<Answer>;
  close(): Promise<void>;
};

/** Starts the pretend banks on free ports. */
export async function startTrial(now?: string): Promise<Trial> {
  const fresh = await freshDatabase();
  const log = createLog('silent');
  const database = await openDatabase(fresh.url, { log, named: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'pretend-banks-'));
  const clock = createClock(now ? Math.max(0, Date.parse(now) - Date.now()) : 0);
  const exchanges: Exchange[] = [];
  const callers: Caller[] = [];
  const start = async () => {
    const sandbox = await startSandbox({
      database,
      clock,
      log,
      host: '127.0.0.1',
      ports: { people: 0, machine: 0, control: 0 },
      dataDir,
    });
    sandbox.onWire((exchange) => exchanges.push(exchange));
    return sandbox;
  };
  const trial: Trial = {
    sandbox: await start(),
    clock,
    exchanges,
    async caller() {
      const made = await createCaller(trial.sandbox, `PSDDE-BAFIN-${100000 + callers.length}`);
      callers.push(made);
      return made;
    },
    async restart() {
      await trial.sandbox.close();
      trial.sandbox = await start();
    },
    async close() {
      for (const caller of callers) await caller.close();
      await trial.sandbox.close();
      await database.close();
      await fresh.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return trial;
}

/** A caller with the certificate given, a new one of the sandbox's authority, or none (`null`). */
export async function createCaller(
  sandbox: Sandbox,
  organizationId: string,
  identity?: { certificate: string; privateKey: string } | null,
): Promise<Caller> {
  const issued =
    identity === undefined
      ? await sandbox.issueCertificate({ organization: 'Trial GmbH', organizationId, commonName: 'trial.example' })
      : identity;
  const pem = issued ? { cert: issued.certificate, key: issued.privateKey } : {};
  const agent = new Agent({ ca: sandbox.ca, keepAlive: true, ...pem });
  return {
    organizationId,
    async call(base, method, path, options = {}) {
      const url = path.startsWith('https:') ? path : base + path;
      const { body, form, unattended } = options;
      const sent = form ? new URLSearchParams(form).toString() : body === undefined ? '' : JSON.stringify(body);
      const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
      return exchange(agent, url, method, sent, {
        accept: 'application/json',
        'x-request-id': randomUUID(),
        ...(unattended ? {} : { 'psu-ip-address': '203.0.113.9' }),
        ...(sent ? { 'content-type': type } : {}),
        ...options.headers,
      });
    },
    close: async () => agent.destroy(),
  };
}

function exchange(
  agent: Agent,
  url: string,
  method: string,
  sent: string,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { agent, method, headers: { ...headers, 'content-length': Buffer.byteLength(sent) } },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('error', reject);
        reply.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const flat = Object.entries(reply.headers).map(([name, value]) => [name, String(value)]);
          resolve({ status: reply.statusCode ?? 0, headers: Object.fromEntries(flat), text, body: parse(text) });
        });
      },
    );
    asked.once('error', reject);
    asked.end(sent);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
