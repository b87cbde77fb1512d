import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEgress } from '../base/egress.ts';
import { randomText } from '../base/ids.ts';
import { readSettings } from '../settings.ts';
import { createServerClient, type ServerClient } from './connect/server.ts';
import { openTerminal, type Terminal } from './connect/terminal.ts';
import { walk } from './connect/walk.ts';

type Demo = { base_url: string; test_key: string };
type List<T> = { data: T[] };
type Account = { id: string; name: string | null; account_type: string; currency: string };
type Balance = { type: string; amount: string; currency: string };
type Transaction = { amount: string; currency: string; booked_on: string | null; description: string; status: string };

/**
 * `npm run connect -- <provider>`: walks a provider in the terminal, from *who asks* to the accounts, against the running
 * server, with the demo app's key and the page's own JSON. Without a provider, finding the bank is part of the walk.
 */
async function connect(provider: string | undefined, terminal: Terminal): Promise<number> {
  const demo = readDemo(join(readSettings(process.env).dataDir, 'demo.json'));
  const { host } = new URL(demo.base_url);
  const egress = createEgress({ allowPrivate: (name, port) => `${name}:${port}` === host });
  try {
    const server = createServerClient(egress, demo.base_url, demo.test_key);
    const session = await server.post<{ id: string; url: string; customer: string }>('/v1/connect_user_sessions', {
      user: `terminal-${randomText(8)}`,
      recurring: true,
      purpose: 'Walk a provider in the terminal',
      ...(provider && { provider }),
    });
    terminal.say(`Session ${session.id}`);
    await walk(server, session.url, terminal);
    const { status, error_code } = await server.get<{ status: string; error_code: string | null }>(
      `/v1/sessions/${session.id}`,
    );
    terminal.say(`\nThe session is ${status}${error_code ? ` (${error_code})` : ''}.`);
    if (status !== 'finished') return 1;
    await showAccounts(server, session.customer, terminal);
    return 0;
  } finally {
    await egress.close();
  }
}

function readDemo(path: string): Demo {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`There is no ${path}: run npm start first, in another terminal, with the same DATA_DIR.`);
  }
}

async function showAccounts(server: ServerClient, customer: string, terminal: Terminal): Promise<void> {
  const accounts = await server.get<List<Account>>(`/v1/bank_accounts?customer=${customer}&limit=100`);
  for (const account of accounts.data) {
    const path = `/v1/bank_accounts/${account.id}`;
    const balances = await server.get<List<Balance>>(`${path}/balances`);
    const transactions = await server.get<List<Transaction>>(`${path}/transactions?limit=5`);
    terminal.say(`\n${account.name ?? account.id}  (${account.account_type}, ${account.currency})  ${account.id}`);
    for (const { type, amount, currency } of balances.data) terminal.say(`  ${type.padEnd(10)} ${amount} ${currency}`);
    for (const one of transactions.data)
      terminal.say(
        `    ${one.booked_on ?? one.status}  ${one.amount.padStart(12)} ${one.currency}  ${one.description}`,
      );
  }
}

const terminal = openTerminal();
try {
  process.exitCode = await connect(process.argv[2], terminal);
} catch (error) {
  terminal.say(`\n${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  terminal.close();
}
