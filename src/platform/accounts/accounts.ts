import type { AccountType, Balance, Identification } from '../../banking/account.ts';
import { keysOf } from '../keys/data-keys.ts';
import type { Caller, Platform } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { openAccount, revealBytes, type SealedAccount } from './concealed/concealing.ts';
import { beginning, separator } from './shown.ts';
import {
  findAccount,
  findClosed,
  findScope,
  type PageRow,
  selectAccounts,
  selectBalances,
  selectPage,
} from './store.ts';

export { type Changes, readChanges } from './changes.ts';

/** An account as kept. Reading stays possible after its consent has ended; `staleSince` says since when it may be behind. */
export type BankAccount = {
  id: string;
  customer: string;
  /** The connection that reads it now, or read it last. */
  connection: string;
  /** The latest consent that covered it. */
  consent: string;
  provider: string;
  interface: string;
  name: string | null;
  holderName: string | null;
  accountType: AccountType;
  usage: 'personal' | 'business' | 'unknown';
  currency: string;
  identification: Identification;
  fingerprint: string;
  status: 'active' | 'closed' | 'blocked';
  staleSince: Date | null;
  /** When its transactions were last read completely. */
  lastCompleteAt: Date | null;
  /** The account that goes on for it since both were found to be one. */
  mergedInto: string | null;
  /** Accounts that may be the same one, until the app or the person decides. */
  maybeSame: { bankAccount: string; reason: MaybeSame }[] | null;
  createdAt: Date;
  updatedAt: Date;
};

/** Why two accounts may be one: the same number in another currency or form, the same last digits, or one that is no longer read and was called the same. */
export type MaybeSame = 'same_number' | 'same_ending' | 'same_name';

type AccountRow = BankAccount & SealedAccount;

/** A balance as kept; `amount` is a signed decimal string. */
export type BalanceRow = {
  type: Balance['type'];
  amount: string;
  currency: string;
  at: Date;
  creditLimitIncluded: boolean | null;
  /** The bank's own word for it. */
  bankType: string;
  readAt: Date;
};

/** Whose data: exactly one of these. */
export type Scope = { consent: string } | { customer: string } | { connection: string } | { bankAccount: string };

/** Which transactions. `from` and `to` are days, both inclusive, of the day an entry stands under. `after` is `next` of the page before. */
export type PageRequest = {
  status?: 'booked' | 'pending';
  from?: string;
  to?: string;
  limit: number;
  after?: Position;
  consent?: string;
};

/** A place in the list of an account's transactions. */
export type Position = { sortOn: string; seq: number };

/** `elements` is JSON in UTF-8, in pieces, ready to stand between the brackets of `data`. */
export type TransactionPage = { elements: readonly (string | Buffer)[]; hasMore: boolean; next?: Position };

/** Accounts newest first. By customer: of all consents, past and present. Problem `not_found` for a scope that is not the app's. */
export async function listBankAccounts(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  request: {
    consent?: string;
    customer?: string;
    connection?: string;
    limit: number;
    after?: { createdAt: Date; id: string };
    /** Accounts that wait for a claim are left out where they would be the problem `claim_needed`. */
    leaveOutClosed?: true;
  },
): Promise<{ rows: BankAccount[]; hasMore: boolean }> {
  const { limit, after } = request;
  const scopes = scopesOf(request);
  // A customer's list goes on without what waits for a claim; who asks for just that is told.
  await Promise.all(
    scopes.map((scope) => checkScope(platform, caller, scope, 'customer' in scope || request.leaveOutClosed)),
  );
  const rows = await platform.database.read.rows<AccountRow>(selectAccounts(caller.tenant, scopes, limit, after));
  const opened = rows.slice(0, limit).map((row) => openAccount(platform, caller.tenant, row));
  return { rows: opened, hasMore: rows.length > limit };
}

/** One account; with `consent` only if that consent covers it. Otherwise the problem `not_found`. */
export async function getBankAccount(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  id: string,
  consent?: string,
): Promise<BankAccount> {
  const row = await platform.database.read.first<AccountRow>(findAccount(caller.tenant, id, consent));
  if (!row) throw await missing(platform, caller, id, consent);
  return openAccount(platform, caller.tenant, row);
}

/** The balances of an account as last read: booked, available, expected. */
export async function listBalances(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  account: string,
  consent?: string,
): Promise<BalanceRow[]> {
  const rows = await platform.database.read.rows<BalanceRow>(selectBalances(caller.tenant, account, consent));
  if (rows.length === 0) throw await missing(platform, caller, account, consent);
  return rows.filter(({ type }) => type !== null);
}

/** A page of an account's transactions, newest first, at most 500. One statement; the rows' JSON is passed through unread. */
export async function listTransactions(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  account: string,
  request: PageRequest,
): Promise<TransactionPage> {
  const limit = Math.min(request.limit, 500);
  const statement = selectPage(caller.tenant, account, { ...request, limit }, separator(account));
  const row = await platform.database.firstAsBytes<PageRow>(statement);
  if (!row) throw await missing(platform, caller, account, request.consent);
  return {
    elements:
      row.rows === null
        ? []
        : [
            beginning(account),
            revealBytes(
              () => keysOf(platform, { tenant: caller.tenant, holder: row.customer, ring: row.ring }),
              row.rows,
            ),
            '}',
          ],
    hasMore: row.more,
    ...(row.more ? { next: { sortOn: row.sortOn!, seq: row.seq! } } : {}),
  };
}

/** The problem `not_found` unless what the scope names is the caller's; `claim_needed` where some of it waits for a claim. */
export async function checkScope(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  scope: Scope,
  closedToo = false,
): Promise<void> {
  const [word] = Object.keys(scope);
  const found = await platform.database.read.first<{ closed: boolean }>(findScope(caller.tenant, scope));
  if (!found) throw notFound(word === 'bankAccount' ? 'bank account' : word!);
  if (found.closed && !closedToo) throw claimNeeded();
}

/** Why there is no such row: nothing of the caller's, or closed until its consent is claimed. */
async function missing(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  id: string,
  consent: string | undefined,
): Promise<Problem> {
  const closed = await platform.database.read.first(findClosed(caller.tenant, id, consent));
  return closed ? claimNeeded() : notFound('bank account');
}

/** What was asked for waits for the app to claim it. */
export function claimNeeded(): Problem {
  return new Problem(
    'claim_needed',
    'Redeem the fx_claim of the return with POST /v1/consents/{id}/claim; `claim` of the consent says how it stands.',
  );
}

function scopesOf({
  consent,
  customer,
  connection,
}: {
  consent?: string;
  customer?: string;
  connection?: string;
}): Scope[] {
  return [
    ...(consent === undefined ? [] : [{ consent }]),
    ...(customer === undefined ? [] : [{ customer }]),
    ...(connection === undefined ? [] : [{ connection }]),
  ];
}
