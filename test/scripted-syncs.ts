import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Account, Balance, Page, Transaction } from '../src/banking/account.ts';
import { BankError } from '../src/banking/bank-error.ts';
import type { Connector, Grant, Person } from '../src/banking/connector.ts';
import { sql } from '../src/base/database.ts';
import { EgressFailed } from '../src/base/egress.ts';
import { createJobs } from '../src/base/jobs.ts';
import { listTransactions } from '../src/platform/accounts/accounts.ts';
import { type AccountLink, storeAccounts } from '../src/platform/accounts/storing.ts';
import { sealGrant } from '../src/platform/connections/grants.ts';
import { findKeys } from '../src/platform/keys/data-keys.ts';
import type { Caller } from '../src/platform/platform.ts';
import { createProviders } from '../src/platform/providers/providers.ts';
import { enqueueSync, getSyncState, type SyncState } from '../src/platform/syncs/syncs.ts';
import { workSyncs } from '../src/platform/syncs/work.ts';
import { makeLink, openStoredData, type StoredData } from './stored-data.ts';

/** What a bank holds, and what it says instead of an answer. */
export type Script = {
  pages: Page[];
  balances: Balance[];
  /** What it lists when asked again; at first what `connect` was given. */
  accounts: Account[];
  no?: BankError | 'ask';
  /** What its connector makes of an entry when kept pages are read once more. */
  mapping?: (entry: Transaction) => Transaction;
  /** Nothing answers at its address. */
  away?: boolean;
  /** Called with each request of the connector before it is answered. */
  onCall?: (what: string, attended: boolean, since?: string) => Promise<void> | void;
};

/** The part of the platform that syncs, on a real database and real jobs, with a scripted connector at its edge. */
export type ScriptedSyncs = {
  data: StoredData;
  /** The script of the latest `connect`. */
  bank: Script;
  /** A fresh tenant with a connection to these accounts; nothing of former ones is planned any more. */
  connect(
    accounts?: Account[],
    provider?: string,
    grant?: Partial<Grant>,
  ): Promise<{ caller: Caller; link: AccountLink; ids: string[] }>;
  /** The sync that follows a grant, attended unless `by` is null. */
  first(link: AccountLink, by?: Person | null): Promise<void>;
  idle(): Promise<void>;
  state(caller: Caller, link: AccountLink): Promise<SyncState>;
  rows(caller: Caller, account: string): Promise<{ booked_on: string; amount: string }[]>;
  events(link: AccountLink): Promise<{ type: string }[]>;
  connectionOf(
    link: AccountLink,
  ): Promise<{ status: string; next_sync_at: Date | null; last_synchronization: Date | null } | undefined>;
  close(): Promise<void>;
};

/** Somebody who is there. */
export const PERSON: Person = { ipAddress: '203.0.113.7', userAgent: 'Test' };

/** An account as the scripted bank lists it. */
export const ACCOUNT: Account = {
  reference: 'r1',
  type: 'checking',
  usage: 'personal',
  currency: 'EUR',
  identification: { iban: 'DE75512108001245126199' },
  status: 'enabled',
};

/** A booked entry of that day. */
export function entry(day: string, amount: string): Transaction {
  return { status: 'booked', amount, currency: 'EUR', bookedOn: day, description: `entry of ${day}` };
}

/** A page with these entries, and the cursor of the next one where there is one: an index into the script's pages. */
export function page(booked: Transaction[], next?: string): Page {
  const raw = Buffer.from(JSON.stringify({ booked, next }));
  return { raw, booked, pending: [], rejected: [], ...(next === undefined ? {} : { next }) };
}

const FILE = `name: Bank
country: DE
environment: sandbox
interfaces:
  - id: main
    standard: scripted
    account_types: [checking]
    sca: [redirected]
    base_url: "{sandbox}/bank"
`;

/** Starts it all. */
export async function openScriptedSyncs(): Promise<ScriptedSyncs> {
  const data = await openStoredData();
  const { platform, database } = data;
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-providers-'));
  writeFileSync(join(folder, 'de-bank.yaml'), FILE);
  writeFileSync(
    join(folder, 'gb-bank.yaml'),
    FILE.replace('country: DE', 'country: GB').replace('name: Bank', 'name: UK Bank'),
  );
  const world: ScriptedSyncs = {
    data,
    bank: { pages: [], balances: [], accounts: [] },
    async connect(accounts = [ACCOUNT], provider = 'de-bank', grant = {}) {
      world.bank = {
        accounts,
        pages: [page([entry('2026-03-02', '-2'), entry('2026-03-01', '1')])],
        balances: [{ type: 'booked', amount: '10.00', currency: 'EUR', bankType: 'interimBooked' }],
      };
      await database.run(sql`update connections set next_sync_at = null where tenant > 0`);
      const { caller, link } = await makeLink(data, { provider });
      const sealed = sealGrant(
        await findKeys(platform, database, link.tenant, link.customer),
        link.tenant,
        link.connection,
        { secret: {}, ...grant },
      );
      await database.run(sql`update connections set grant_sealed = ${sealed}, grant_version = 1
        where tenant = ${link.tenant} and id = ${link.connection}`);
      const stored = await database.transaction((tx) => storeAccounts(platform, tx, { ...link, accounts }));
      return { caller, link, ids: stored.map(({ id }) => id) };
    },
    first: (link, by = PERSON) =>
      database.transaction(async (tx) => {
        await enqueueSync(platform, tx, { ...link, reason: 'connect', person: by, requestId: 'req_1' });
      }),
    idle: () => platform.jobs.idle(),
    state: (caller, link) => getSyncState(platform, caller, { connection: link.connection }),
    async rows(caller, account) {
      const { elements } = await listTransactions(platform, caller, account, { limit: 500 });
      return JSON.parse(`[${elements.join('')}]`);
    },
    events: (link) => database.rows(sql`select type from events where tenant = ${link.tenant} order by seq`),
    connectionOf: (link) =>
      database.first(sql`select * from connections where tenant = ${link.tenant} and id = ${link.connection}`),
    async close() {
      await platform.jobs?.stop();
      platform.providers?.close();
      await data.close();
      rmSync(folder, { recursive: true });
    },
  };
  try {
    await complete(world, folder);
  } catch (error) {
    await world.close();
    throw error;
  }
  return world;
}

async function complete(world: ScriptedSyncs, folder: string): Promise<void> {
  const { platform, clock, database, url } = world.data;
  platform.providers = await createProviders({
    folders: [{ path: folder, owner: 'ours' }],
    factSchemas: { scripted: z.strictObject({}) },
    sandbox: { baseUrl: 'https://127.0.0.1:1', hosts: ['127.0.0.1:1'] },
    log: platform.log,
  });
  assert.deepEqual(platform.providers.problems(), []);
  platform.connectors = { scripted: scriptedConnector(world) };
  platform.publicUrl = 'http://localhost';
  platform.sandboxIdentity = { certificate: '', privateKey: '', organizationId: 'X', name: 'Ledger' };
  platform.egress = {
    request: async (request) => {
      if (world.bank.away) throw new EgressFailed('connect', 'nothing listens');
      return { status: 200, headers: {}, body: new Uint8Array(), url: request.url };
    },
    refusal: () => undefined,
    close: async () => undefined,
  };
  platform.jobs = await createJobs({ url, database, clock, log: platform.log });
  await workSyncs(platform);
  await platform.jobs.start();
}

/** Speaks to the script, and through the ledgered way out, as every connector does. */
function scriptedConnector(world: ScriptedSyncs): Connector {
  const absent = () => Promise.reject(new Error('not in this script'));
  return {
    standard: 'scripted',
    facts: z.strictObject({}),
    authorise: absent,
    revoke: () => Promise.resolve(),
    async accounts(context) {
      await context.http({ method: 'GET', path: 'accounts', purpose: 'accounts' });
      const { no } = world.bank;
      if (no === 'ask') return { kind: 'ask', step: { kind: 'redirect', url: 'https://bank.example' }, memory: null };
      if (no) throw no;
      return { kind: 'done', result: world.bank.accounts };
    },
    async balances(context, { account }) {
      await context.http({ method: 'GET', path: 'balances', purpose: 'balances', account: account.reference });
      await world.bank.onCall?.('balances', context.person !== undefined);
      const { no } = world.bank;
      if (no === 'ask') return { kind: 'ask', step: { kind: 'redirect', url: 'https://bank.example' }, memory: null };
      if (no) throw no;
      return { kind: 'done', result: world.bank.balances };
    },
    async transactions(context, { account, since, cursor }) {
      const reference = account.reference;
      const reply = await context.http({ method: 'GET', path: 'list', purpose: 'transactions', account: reference });
      if (reply.body.length > 0) {
        const kept = JSON.parse(Buffer.from(reply.body).toString()) as { booked: Transaction[]; next?: string };
        return { kind: 'done', result: page(kept.booked.map(world.bank.mapping ?? ((one) => one)), kept.next) };
      }
      await world.bank.onCall?.('transactions', context.person !== undefined, since);
      const { no } = world.bank;
      if (no instanceof BankError) throw no;
      return { kind: 'done', result: world.bank.pages[Number(cursor ?? 0)]! };
    },
  };
}
