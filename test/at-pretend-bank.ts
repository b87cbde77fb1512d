import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BankError } from '../src/banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../src/banking/connector.ts';
import { type Clock, createClock } from '../src/base/clock.ts';
import { openDatabase } from '../src/base/database.ts';
import { createEgress, EgressFailed, EgressRefused } from '../src/base/egress.ts';
import { createLog } from '../src/base/log.ts';
import { signMessage } from '../src/base/message-signature.ts';
import { createOAuthClient, type OAuthTransport } from '../src/base/oauth/index.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { berlinGroupJudge, type SentRequest } from './berlin-group-file.ts';
import { freshDatabase } from './database.ts';
import { root } from './sources.ts';

/** The pretend banks running, and a way for a connector to each of their interfaces without any platform between. */
export type PretendBanks = {
  sandbox: Sandbox;
  clock: Clock;
  sent: SentRequest[];
  /** Everything the pretend banks have logged. */
  log(): string;
  /** A context for one interface of a bank, by the facts of its provider file; a person is there. */
  at(bank: string, way?: string): BankContext & { hold(grant: Grant): void };
  /** Our client certificate and its key, and a call to any bank with it. */
  identity: { organization: string; organizationId: string; certificate: string; privateKey: string };
  call: OAuthTransport;
  close(): Promise<void>;
};

type ProviderFile = { interfaces: { id: string; base_url: string; facts?: object }[] };

const judge = berlinGroupJudge();

/** Starts the pretend banks on free ports and gives the connector a client certificate. */
export async function pretendBanks(connector: Connector, options: { judged?: false } = {}): Promise<PretendBanks> {
  const fresh = await freshDatabase();
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const clock = createClock();
  const database = await openDatabase(fresh.url, { log, named: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'drawbridge-banks-'));
  const ports = { people: 0, machine: 0, control: 0 };
  const sandbox = await startSandbox({ database, clock, log, host: '127.0.0.1', ports, dataDir });
  const egress = createEgress({ allowPrivate: () => true });
  const tpp = { organization: 'Example Ltd', organizationId: 'PSDDE-BAFIN-123456', commonName: 'example.test' };
  const identity = await sandbox.issueCertificate(tpp);
  const tls = { cert: identity.certificate, key: identity.privateKey, ca: sandbox.ca };
  const sent: SentRequest[] = [];

  return {
    identity: { ...tpp, ...identity },
    call: (request) => egress.request({ ...request, hosts: [new URL(sandbox.machineUrl('any')).host], tls }),
    sandbox,
    clock,
    sent,
    log: () => lines.join(''),
    at(bank, way) {
      const file = parse(readFileSync(join(root, 'providers', `${bank}.yaml`), 'utf8')) as ProviderFile;
      const entry = file.interfaces.find(({ id }) => way === undefined || id === way);
      assert.ok(entry);
      const machine = new URL(sandbox.machineUrl(bank)).origin;
      const base = entry.base_url.replace('{sandbox}', machine);
      const given = JSON.parse(JSON.stringify(entry.facts ?? {}).replaceAll('{sandbox}', machine));
      const hosts = [new URL(machine).host];
      const returnUrl = 'http://127.0.0.1:8400/back/bank?state=a-state-that-nobody-guesses';
      let held: Grant | undefined;
      return {
        facts: connector.facts.parse(given),
        async http(request) {
          const relative = request.path === '' ? base : `${base}/${request.path}`;
          const url = /^https?:/.test(request.path) ? request.path : relative;
          const body = request.body === undefined ? request.text : JSON.stringify(request.body);
          const { method, headers = {} } = request;
          if (url.startsWith(base)) {
            const record = {
              method,
              headers,
              path: url.slice(base.length),
              ...(request.body !== undefined && { body: request.body }),
            };
            sent.push(record);
            // A bank that is told to differ from the standard is asked for what it wants.
            if (connector.standard === 'berlin-group' && options.judged !== false)
              assert.deepEqual(judge?.(record) ?? [], []);
          }
          try {
            const message = { method, url, headers, ...(body !== undefined && { body }) };
            const sealed = request.signature ? signMessage(identity, message, request.signature) : {};
            return await egress.request({ ...message, headers: { ...headers, ...sealed }, hosts, tls });
          } catch (error) {
            if (error instanceof EgressRefused) throw new BankError('unexpected', error.message);
            if (error instanceof EgressFailed) throw new BankError('unavailable', error.message);
            throw error;
          }
        },
        oauth: createOAuthClient({
          request: (request) => egress.request({ ...request, hosts, tls }),
          returnUrl,
          now: () => clock.now(),
        }),
        requester: {
          name: tpp.organization,
          organizationId: tpp.organizationId,
          productId: '9FA6681DEC0CF3046BFC2F8A6',
        },
        now: () => clock.now(),
        returnUrl,
        person: { ipAddress: '192.0.2.7', userAgent: 'Test', acceptLanguage: 'de' },
        async refreshGrant(call) {
          assert.ok(held, 'no grant is held');
          held = await call(held);
          return held;
        },
        hold(grant) {
          held = grant;
        },
      };
    },
    async close() {
      await egress.close();
      await sandbox.close();
      await database.close();
      await fresh.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
