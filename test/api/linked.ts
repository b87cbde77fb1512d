import type { Account, Transaction } from '../../src/banking/account.ts';
import { newId } from '../../src/base/ids.ts';
import {
  type AccountLink,
  storeAccounts,
  balancesStatement,
  storeTransactions,
} from '../../src/platform/accounts/storing.ts';
import type { Platform, Tenant } from '../../src/platform/platform.ts';
import { addConsent } from '../stored-data.ts';
import type { ApiWorld } from './world.ts';

/** A customer of one app with one of everything, as if a bank had been connected. */
export type Linked = {
  customer: string;
  consent: string;
  session: string;
  connection: string;
  bankAccount: string;
  event: string;
  webhookEndpoint: string;
  template: string;
};

const EVERYDAY: Account = {
  reference: 'r1',
  name: 'Everyday account',
  holderName: 'Ada Example',
  type: 'checking',
  usage: 'personal',
  currency: 'EUR',
  identification: { iban: 'DE02100100100006820101' },
  status: 'enabled',
};

/** The same account as a card of it would show. */
export const MAYBE_EVERYDAY: Account = { ...EVERYDAY, identification: { maskedPan: '************0101' } };

/** Makes it: customer and session by the API, the link and its data as the platform stores them. */
export async function linkedCustomer(
  world: ApiWorld,
  who: { tenant: Tenant; key: string; returnUrl?: string },
  reference: string,
  transactions = 3,
): Promise<Linked> {
  const { platform } = world;
  const sent = { key: who.key, json: { user: reference, ...(who.returnUrl && { return_url: who.returnUrl }) } };
  const opened = (await world.call('POST', '/v1/connect_user_sessions', sent)).json;
  const link = {
    tenant: who.tenant,
    customer: opened.customer,
    consent: newId('consent'),
    connection: newId('connection'),
    provider: 'de-nordwind',
    interface: 'giro',
  };
  await addConsent({ database: platform.database, clock: platform.clock } as Parameters<typeof addConsent>[0], link);
  const bankAccount = await storeData(platform, link, transactions);
  const told = await world.call('POST', '/v1/webhook_endpoints', {
    key: who.key,
    json: { url: 'https://app.example.com/webhooks', status: 'paused' },
  });
  const made = await world.call('POST', '/v1/templates', { key: who.key, json: { name: 'Plain' } });
  const template = made.json.id;
  const events = await world.call('GET', `/v1/events?customer=${link.customer}`, { key: who.key });
  const ids = { session: opened.id, bankAccount, event: events.json.data[0].id, webhookEndpoint: told.json.id };
  return { ...link, ...ids, template };
}

/** Another account of that customer, at another connection of theirs. */
export async function anotherAccount(
  world: ApiWorld,
  { customer }: Linked,
  account: Account,
  provider = 'de-nordwind',
): Promise<{ id: string; link: AccountLink }> {
  const { platform, app } = world;
  const ids = { consent: newId('consent'), connection: newId('connection') };
  const link = { tenant: app.tenant, customer, ...ids, provider, interface: 'cards' };
  await addConsent({ database: platform.database, clock: platform.clock } as Parameters<typeof addConsent>[0], link);
  const [stored] = await platform.database.transaction((tx) =>
    storeAccounts(platform, tx, { ...link, accounts: [account] }),
  );
  return { id: stored!.id, link };
}

async function storeData(platform: Platform, link: AccountLink, count: number): Promise<string> {
  const at = platform.clock.now();
  const booked = Array.from({ length: count }, (_, index): Transaction => {
    const day = new Date(Date.UTC(2026, 0, 1 + (index % 300))).toISOString().slice(0, 10);
    return {
      status: 'booked',
      amount: `-${index + 1}.50`,
      currency: 'EUR',
      bookedOn: day,
      valueOn: day,
      description: `Coffee no. ${index + 1}`,
    };
  });
  return platform.database.transaction(async (tx) => {
    const { tenant } = link;
    const [stored] = await storeAccounts(platform, tx, { ...link, accounts: [EVERYDAY] });
    const id = stored!.id;
    await tx.run(
      balancesStatement({ tenant, account: id, at }, [
        { type: 'booked', amount: '12.50', currency: 'EUR', bankType: 'closingBooked' },
      ]),
    );
    const reading = {
      booked,
      pending: [],
      complete: true,
      since: '2025-01-01',
      today: '2026-12-31',
      pages: [],
      everyPage: true,
    };
    await storeTransactions(platform, tx, { tenant, account: id, sync: newId('sync'), at }, reading);
    return id;
  });
}
