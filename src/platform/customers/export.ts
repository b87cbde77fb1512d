import { listBankAccounts, listBalances, listTransactions, type Position } from '../accounts/accounts.ts';
import { listConsents, listTimeline } from '../consents/consents.ts';
import type { Caller, Platform } from '../platform.ts';
import { listBankCalls } from '../syncs/ledger.ts';
import type { CustomerRow } from './store.ts';

const AT_ONCE = 500;

/**
 * Everything kept of a person, as the text of one JSON object: what is said about them, their consents with every change,
 * accounts with balances and transactions, and the calls to banks on their behalf. Written while it is read.
 */
export async function* exportPerson(platform: Platform, caller: Caller, row: CustomerRow): AsyncGenerator<string> {
  const { id } = row;
  yield `{"customer":${JSON.stringify(row)},"consents":[`;
  const consents = await listConsents(platform, caller, { customer: id, limit: AT_ONCE });
  for (const [at, { tenant: _, ...consent }] of consents.rows.entries()) {
    const timeline = await listTimeline(platform, caller, consent.id);
    yield `${at ? ',' : ''}${JSON.stringify({ ...consent, timeline })}`;
  }
  yield '],"bank_accounts":[';
  const accounts = await listBankAccounts(platform, caller, { customer: id, limit: AT_ONCE });
  for (const [at, account] of accounts.rows.entries()) {
    const balances = await listBalances(platform, caller, account.id);
    yield `${at ? ',' : ''}${JSON.stringify({ ...account, balances }).slice(0, -1)},"transactions":[`;
    yield* transactionsOf(platform, caller, account.id);
    yield ']}';
  }
  yield '],"bank_calls":[';
  let after: { at: Date; id: string } | undefined;
  for (let more = true, first = true; more; first = false) {
    const page = await listBankCalls(platform, caller, { customer: id, limit: AT_ONCE, ...(after ? { after } : {}) });
    if (page.rows.length > 0) yield `${first ? '' : ','}${page.rows.map((call) => JSON.stringify(call)).join(',')}`;
    after = page.rows.at(-1);
    more = page.hasMore;
  }
  yield ']}\n';
}

async function* transactionsOf(platform: Platform, caller: Caller, account: string): AsyncGenerator<string> {
  let after: Position | undefined;
  for (let more = true, first = true; more; first = false) {
    const page = await listTransactions(platform, caller, account, { limit: AT_ONCE, ...(after ? { after } : {}) });
    if (page.elements.length > 0) yield `${first ? '' : ','}${page.elements.join('')}`;
    after = page.next;
    more = page.hasMore;
  }
}
