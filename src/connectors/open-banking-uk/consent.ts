import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, Permission } from '../../banking/connector.ts';
import { asRecord, asText } from '../../banking/formats/values.ts';
import { refusalOf } from './errors.ts';
import type { Facts, PermissionName } from './facts.ts';
import { sendOwn } from './tokens.ts';
import { type ConsentState, VERSIONS } from './versions.ts';
import { accepted, isSuccess, type Reply } from './wire.ts';

/** A consent that waits for the person. `untilMs`: when it ends, where it does. */
export type NewConsent = { consentId: string; party: boolean; untilMs?: number };

/** What may go when a bank does not know it: a name is a comfort, and no reason to fail. */
const COMFORTS: PermissionName[] = ['ReadParty'];

/** `POST /account-access-consents`. A bank that refuses a permission refuses all, so the comforts are left out once. */
export async function makeConsent(context: BankContext, permission: Permission): Promise<NewConsent> {
  const all = permissionsFor(context.facts as unknown as Facts, permission);
  const first = await postConsent(context, permission, all);
  const few = all.filter((name) => !COMFORTS.includes(name));
  const again = first.status === 400 && few.length < all.length;
  const reply = accepted(context, again ? await postConsent(context, permission, few) : first);
  const data = asRecord(reply.json.Data);
  const consentId = asText(data.ConsentId, 128);
  if (consentId === undefined) throw new BankError('unexpected', 'the consent has no id');
  const untilMs = Date.parse(asText(data.ExpirationDateTime, 60) ?? '');
  const party = (again ? few : all).includes('ReadParty');
  return { consentId, party, ...(!Number.isNaN(untilMs) && { untilMs }) };
}

/** `GET /account-access-consents/{ConsentId}`. A consent that was deleted is answered with 400: that is `over`. */
export async function stateOf(context: BankContext, consentId: string): Promise<ConsentState> {
  const reply = await sendOwn(context, { method: 'GET', path: pathOf(consentId), purpose: 'consent' });
  if (!isSuccess(reply.status)) {
    if (reply.status === 400 || reply.status === 404) return 'over';
    throw refusalOf(reply, context.now());
  }
  const { version } = context.facts as unknown as Facts;
  const status = asText(asRecord(reply.json.Data).Status, 60) ?? '';
  const states = {
    ...VERSIONS['3.1'].consentStates,
    ...VERSIONS['4.0'].consentStates,
    ...VERSIONS[version].consentStates,
  };
  const state = Object.hasOwn(states, status) ? states[status] : undefined;
  if (state === undefined) throw new BankError('unexpected', 'the consent has no status we know');
  return state;
}

/** Where a consent stands. */
export function pathOf(consentId: string): string {
  return `account-access-consents/${encodeURIComponent(consentId)}`;
}

/**
 * The permissions for what the person is about to allow (§4.3): accounts always; a kind of transactions never without
 * credits and debits. Cards are masked: `ReadPAN` is never asked for.
 */
export function permissionsFor({ permissions_never: never }: Facts, { scopes }: Permission): PermissionName[] {
  const known = (name: PermissionName) => !never.includes(name);
  const either = (wished: PermissionName, instead: PermissionName) => (known(wished) ? wished : instead);
  const wanted: PermissionName[] = [either('ReadAccountsDetail', 'ReadAccountsBasic'), 'ReadParty'];
  if (scopes.includes('balances')) wanted.push('ReadBalances');
  if (scopes.includes('transactions'))
    wanted.push(
      either('ReadTransactionsDetail', 'ReadTransactionsBasic'),
      'ReadTransactionsCredits',
      'ReadTransactionsDebits',
    );
  return wanted.filter(known);
}

async function postConsent(context: BankContext, permission: Permission, names: PermissionName[]): Promise<Reply> {
  const { consent_ends: ends } = context.facts as unknown as Facts;
  return sendOwn(context, {
    method: 'POST',
    path: 'account-access-consents',
    purpose: 'consent',
    body: {
      Data: {
        Permissions: names,
        // The last day the app asked for is part of it: the consent ends with that day.
        ...(ends === 'asked' && { ExpirationDateTime: `${permission.validUntil}T23:59:59+00:00` }),
      },
      Risk: {},
    },
  });
}
