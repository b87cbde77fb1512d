import type { PlainVisitor } from '../visitor/plain.ts';
import type { Asked, World } from '../world.ts';
import { agrees, approvesAtBank, begins, goesToBank, logsInAtBank, WAYS, type Way } from '../journeys/ways.ts';

/** A person with a cookie jar of their own. */
export async function somebody(here: World): Promise<PlainVisitor> {
  return (await here.person('plain HTTP')) as PlainVisitor;
}

/** A visit that stands before the bank's own page. */
export async function untilBank(here: World, person: PlainVisitor, way: Way = WAYS.oauth): Promise<Asked> {
  const asked = await here.asksForConsent({ provider: way.bank });
  await begins(person, asked.url, way);
  await agrees(person);
  await goesToBank(person, way.bankName);
  return asked;
}

/** Approves at the bank's page and stops at the redirect that leads back to us; returns its address. */
export async function untilReturn(here: World, person: PlainVisitor, way: Way = WAYS.oauth): Promise<string> {
  return here.stopsBefore(person, `${here.url}/back/`, async () => {
    await logsInAtBank(person, way.login, way.password);
    await approvesAtBank(person);
  });
}

/** How often the bank's token endpoint was asked. */
export async function tokenCalls(here: World, bank: string): Promise<number> {
  return (await here.bank.calls(bank)).filter(({ operation }) => operation === 'token').length;
}

/** Accounts, balances, transactions: what an attacker is after. Counts what the app's key can read of a customer. */
export async function dataOf(here: World, customer: string): Promise<number> {
  let fields = 0;
  for (const path of ['bank_accounts', 'transactions/sync']) {
    const answer = await here.app.call('GET', `/v1/${path}?customer=${customer}`);
    fields += answer.status === 200 ? (answer.body.data?.length ?? 0) : 0;
  }
  return fields;
}

/** The status of a consent as the app sees it. */
export async function statusOf(here: World, consent: string): Promise<string> {
  return (await here.app.get(`/v1/consents/${consent}`)).status;
}
