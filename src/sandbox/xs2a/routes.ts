import { getAccount, getAccounts, getBalances } from './accounts.ts';
import { getAuthorisation, startAuthorisation, updateAuthorisation, updateConsent } from './authorisations.ts';
import type { Call } from './call.ts';
import { getCardAccount, getCardAccounts, getCardBalances, getCardTransactions } from './cards.ts';
import { createConsent, deleteConsent, getAuthorisations, getConsent, getConsentStatus } from './consents.ts';
import type { Reply } from './errors.ts';
import { downloadTransactions, getTransaction, getTransactions } from './report.ts';

/** Answers a call or throws `Refused`. */
export type Operation = (call: Call) => Promise<Reply>;

const AUTHORISATION = '/v1/consents/{consentId}/authorisations/{authorisationId}';

/** Every operation of the standard that these banks offer (standards §3.1), by the name control knows it under. */
const ROUTES: readonly [method: string, path: string, operation: string, answer: Operation][] = [
  ['POST', '/v1/consents', 'create_consent', createConsent],
  ['GET', '/v1/consents/{consentId}', 'get_consent', getConsent],
  ['DELETE', '/v1/consents/{consentId}', 'delete_consent', deleteConsent],
  ['PUT', '/v1/consents/{consentId}', 'update_consent', updateConsent],
  ['GET', '/v1/consents/{consentId}/status', 'consent_status', getConsentStatus],
  ['POST', '/v1/consents/{consentId}/authorisations', 'start_authorisation', startAuthorisation],
  ['GET', '/v1/consents/{consentId}/authorisations', 'list_authorisations', getAuthorisations],
  ['GET', AUTHORISATION, 'authorisation_status', getAuthorisation],
  ['PUT', AUTHORISATION, 'update_authorisation', updateAuthorisation],
  ['GET', '/v1/accounts', 'accounts', getAccounts],
  ['GET', '/v1/accounts/{accountId}', 'account', getAccount],
  ['GET', '/v1/accounts/{accountId}/balances', 'balances', getBalances],
  ['GET', '/v1/accounts/{accountId}/transactions', 'transactions', getTransactions],
  ['GET', '/v1/accounts/{accountId}/transactions/download/', 'download', downloadTransactions],
  ['GET', '/v1/accounts/{accountId}/transactions/{transactionId}', 'transaction', getTransaction],
  ['GET', '/v1/card-accounts', 'card_accounts', getCardAccounts],
  ['GET', '/v1/card-accounts/{accountId}', 'card_account', getCardAccount],
  ['GET', '/v1/card-accounts/{accountId}/balances', 'card_balances', getCardBalances],
  ['GET', '/v1/card-accounts/{accountId}/transactions', 'card_transactions', getCardTransactions],
];

/** The names of all operations, as control orders misbehaviour for them. */
export const OPERATIONS: readonly string[] = [
  ...ROUTES.map(([, , operation]) => operation),
  'token',
  'metadata',
  'sign_in',
  'keys',
  'approval',
  '*',
];

const COMPILED = ROUTES.map(([method, path, operation, answer]) => ({
  method,
  operation,
  answer,
  form: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]{1,200})')}$`),
}));

/** The operation at that method and path, with the parts of the path. */
export function findRoute(
  method: string,
  path: string,
): { operation: string; answer: Operation; part: Record<string, string> } | undefined {
  for (const route of COMPILED) {
    const match = route.method === method ? route.form.exec(path) : null;
    if (match) return { operation: route.operation, answer: route.answer, part: decoded(match.groups) };
  }
  return undefined;
}

function decoded(groups: Record<string, string> | undefined): Record<string, string> {
  const entries = Object.entries(groups ?? {}).map(([name, value]) => {
    try {
      return [name, decodeURIComponent(value)];
    } catch {
      return [name, value];
    }
  });
  return Object.fromEntries(entries);
}
