import type { BankRequest } from '../../banking/connector.ts';
import { asList, asRecord, type Wire } from '../../banking/formats/values.ts';
import type { Json } from '../../banking/step.ts';

/**
 * The names of openFinance v2 beside those of XS2A 1.3, which the rest of the connector speaks. UNTESTED: made from the
 * published overview, no bank that speaks v2 and no official file was within reach.
 */
const V2 = {
  paths: [
    ['v1/consents', 'v2/consents/account-access'],
    ['v1/accounts', 'v2/accounts'],
    ['v1/card-accounts', 'v2/card-accounts'],
  ],
  headers: {
    'tpp-redirect-uri': 'client-redirect-uri',
    'tpp-nok-redirect-uri': 'client-nok-redirect-uri',
    'tpp-explicit-authorisation-preferred': 'client-explicit-authorisation-preferred',
    'tpp-notification-uri': 'client-notification-uri',
    'tpp-notification-content-preferred': 'client-notification-content-preferred',
  } as Record<string, string>,
} as const;

/** A request in the names of v2. */
export function inNamesOfV2<Request extends Pick<BankRequest, 'method' | 'path' | 'headers' | 'body'>>(
  request: Request,
): Request {
  const { path, headers = {}, body } = request;
  const [from, to] = V2.paths.find(([old]) => path === old || path.startsWith(`${old}/`)) ?? ['', ''];
  const { 'tpp-redirect-preferred': redirect, 'tpp-decoupled-preferred': decoupled, ...rest } = headers;
  const renamed = Object.fromEntries(Object.entries(rest).map(([name, value]) => [V2.headers[name] ?? name, value]));
  const wish = decoupled === 'true' ? 'decoupled' : redirect === 'true' ? 'redirect' : 'embedded';
  return {
    ...request,
    path: from === '' ? path : `${to}${path.slice(from.length)}`,
    headers: { ...renamed, ...(redirect !== undefined && { 'client-sca-approach-preference': wish }) },
    ...(body !== undefined && { body: path === 'v1/consents' ? consentOfV2(body) : body }),
  };
}

/** An answer of v2 in the names of 1.3. */
export function inNamesOfV1(json: Wire): Wire {
  const { apiClientMessages, validTo, transactions, ...rest } = json;
  return {
    ...rest,
    ...(apiClientMessages !== undefined && { tppMessages: apiClientMessages }),
    ...(validTo !== undefined && { validUntil: validTo }),
    ...(transactions !== undefined && { transactions: reportOfV1(asRecord(transactions)) }),
  };
}

function consentOfV2(body: Json): Json {
  const { validUntil, combinedServiceIndicator: _, access, ...rest } = body as { [name: string]: Json };
  const named = asRecord(access);
  const consentType = 'allPsd2' in named ? 'global' : 'availableAccounts' in named ? 'availableAccounts' : 'detailed';
  return {
    ...rest,
    ...(access !== undefined && { access }),
    consentType,
    ...(validUntil !== undefined && { validTo: validUntil }),
  };
}

function reportOfV1(report: Wire): Wire {
  const lists = ['booked', 'pending'].filter((name) => report[name] !== undefined);
  return { ...report, ...Object.fromEntries(lists.map((name) => [name, asList(report[name]).map(entryOfV1)])) };
}

/** Parties are objects in v2, and what points elsewhere stands together in `references`. */
function entryOfV1(entry: unknown): Wire {
  const { creditor, debtor, references, ...rest } = asRecord(entry);
  return {
    ...asRecord(references),
    ...rest,
    ...(creditor !== undefined && { creditorName: asRecord(creditor).name }),
    ...(debtor !== undefined && { debtorName: asRecord(debtor).name }),
  };
}
