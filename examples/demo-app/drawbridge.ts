/** The objects of the API that this app uses, as they come. */
export type Customer = { id: string };
/** What a person allowed, and where to send them to allow it. */
export type Consent = { id: string; status: string; provider: string | null; redirect: { consent_url: string } };
/** An account of the person, with its stable id. */
export type BankAccount = {
  id: string;
  consent: string;
  provider: string;
  name: string | null;
  account_type: string;
  currency: string;
  status: string;
  identification: { iban?: string | null; masked_pan?: string | null; account_number?: string | null };
  stale_since: string | null;
};
/** An amount at a moment. Amounts are signed decimal strings. */
export type Balance = { type: 'booked' | 'available' | 'expected'; amount: string; currency: string };
/** One entry of an account. Minus = money out. */
export type Transaction = {
  id: string;
  status: 'booked' | 'pending';
  amount: string;
  currency: string;
  booked_on: string | null;
  value_on: string | null;
  description: string;
  counterparty: { name?: string | null } | null;
};

/** The API said no: its problem document's `detail` is the message, to be shown to whoever runs the app. */
export class DrawbridgeError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, problem: { code?: string; detail?: string }) {
    super(problem.detail ?? `HTTP ${status}`);
    this.name = 'DrawbridgeError';
    this.status = status;
    this.code = problem.code ?? 'unknown';
  }
}

/** A client for the few calls this app makes. A real app needs no more than this either. */
export function drawbridge(baseUrl: string, key: string) {
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${baseUrl}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    const json = text === '' ? {} : JSON.parse(text);
    if (!answer.ok) throw new DrawbridgeError(answer.status, json);
    return json as T;
  }
  const list = async <T>(path: string) => (await call<{ data: T[] }>('GET', path)).data;
  const of = encodeURIComponent;

  return {
    findCustomer: async (reference: string) => (await list<Customer>(`/customers?reference=${of(reference)}`))[0],
    createCustomer: (reference: string) => call<Customer>('POST', '/customers', { reference }),
    createConsent: (customer: string, returnUrl: string) =>
      call<Consent>('POST', '/consents', {
        customer,
        scopes: ['accounts', 'balances', 'transactions'],
        return_url: returnUrl,
        purpose: 'Show your money in one place',
      }),
    getConsent: (id: string) => call<Consent>('GET', `/consents/${of(id)}`),
    revokeConsent: (id: string) => call<Consent>('POST', `/consents/${of(id)}/revoke`),
    listAccounts: (customer: string) => list<BankAccount>(`/bank_accounts?customer=${of(customer)}&limit=100`),
    listBalances: (account: string) => list<Balance>(`/bank_accounts/${of(account)}/balances`),
    listTransactions: (account: string) => list<Transaction>(`/bank_accounts/${of(account)}/transactions?limit=25`),
  };
}
