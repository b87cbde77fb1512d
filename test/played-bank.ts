import assert from 'node:assert/strict';
import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import type { Page } from '../src/banking/account.ts';
import type { BankContext, BankOAuth, Grant } from '../src/banking/connector.ts';
import { sumAmounts } from '../src/banking/money.ts';
import type { Answer, Json } from '../src/banking/step.ts';
import type { Seal } from '../src/base/message-signature.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { readProviderFile } from '../src/platform/providers/file.ts';
import { PERMISSION, type Scripted, type ScriptedBank, scriptedBank } from './scripted-bank.ts';
import { Visit } from './visit.ts';

/** What the bank answers, by operation. */
export type Script = Record<string, Scripted | Scripted[]>;

/** The facts of a bank as its dropped-in file says them, through the reader of provider files. */
export function factsIn(written: string): Json {
  const indented = written.trim() === '' ? '' : `    facts:\n${written.replace(/^\s*(?=\S)/gm, '      ')}`;
  const file = [
    'name: Played Bank',
    'country: DE',
    'environment: live',
    'interfaces:',
    '  - id: main',
    '    standard: berlin-group',
    '    account_types: [checking]',
    '    sca: [redirected]',
    '    base_url: https://bank.example/psd2',
    indented,
  ].join('\n');
  const rules = { factSchemas: { 'berlin-group': berlinGroup.facts }, allowPrivate: () => false };
  const { providers, problems } = readProviderFile('de-played.yaml', file, rules);
  assert.deepEqual(problems, []);
  return providers[0]!.interfaces[0]!.facts as Json;
}

/** An account of the person. */
export const ACCOUNT = { resourceId: 'r1', iban: 'DE02120300000000202051', currency: 'EUR', cashAccountType: 'CACC' };
/** The browser came back from the bank. */
export const back: Answer = { kind: 'returned', params: [] };
/** A consent that was made. */
export const made = (more: object, headers: Record<string, string> = {}): Scripted => ({
  status: 201,
  headers,
  json: { consentStatus: 'received', consentId: 'c1', ...more },
});

/** What every bank of these can do once the consent is valid. */
export const VALID: Script = {
  'GET /v1/consents/c1/status': { json: { consentStatus: 'valid' } },
  'GET /v1/consents/c1': { json: { consentStatus: 'valid', validUntil: '2026-12-31' } },
  'GET /v1/accounts': { json: { accounts: [ACCOUNT] } },
  'GET /v1/accounts/r1/balances': {
    json: { balances: [{ balanceType: 'closingBooked', balanceAmount: { amount: '75.50', currency: 'EUR' } }] },
  },
};

/** Money out. */
export const ENTRY = {
  transactionId: 't1',
  bookingDate: '2026-11-02',
  transactionAmount: { amount: '-24.50', currency: 'EUR' },
  creditorName: 'Corner Bakery',
};
/** Money in; both together are the balance. */
export const EARLIER = {
  transactionId: 't0',
  bookingDate: '2026-11-01',
  transactionAmount: { amount: '100', currency: 'EUR' },
};
/** Where entries are read. */
export const REPORT = 'GET /v1/accounts/r1/transactions';
/** The entries as JSON. */
export const JSON_REPORT: Script = { [REPORT]: { json: { transactions: { booked: [ENTRY, EARLIER], pending: [] } } } };

/** The same entries as camt.052. */
export const CAMT = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt><Rpt>
<Ntry><Amt Ccy="EUR">24.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-02</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Corner Bakery</Nm></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">100</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-01</Dt></BookgDt></Ntry>
</Rpt></BkToCstmrAcctRpt></Document>`;
/** The same entries as MT940. */
export const MT940 = [
  ':20:STARTUMS',
  ':25:12030000/0000202051',
  ':28C:1/1',
  ':60F:C261031EUR0,00',
  ':61:2611011101CR100,00NTRFNONREF',
  ':86:166?00GUTSCHRIFT?20Hallo',
  ':61:2611021102DR24,50NTRFNONREF',
  ':86:105?00KARTE?32Corner Bakery',
  ':62F:C261102EUR75,50',
  '-',
].join('\r\n');

/** An authorization server that gives one token; `seen` takes what it was asked. */
export const oauth = (seen: object[] = []): Partial<BankOAuth> => ({
  begin: async (request) => {
    seen.push(request);
    return { url: 'https://login.bank.example/authorize', memory: { verifier: 'v' } };
  },
  finish: async () => ({ accessToken: 'the-token', refreshToken: 'r', expiresAt: Date.parse('2099-01-01') }),
});

/** An account of the person. */
export async function readAll(
  context: BankContext,
  grant: Grant,
): Promise<{ pages: Page[]; sum: string; balance: string }> {
  const accounts = await berlinGroup.accounts(context, { grant });
  assert.ok(accounts.kind === 'done' && accounts.result[0]);
  const account = accounts.result[0];
  const balances = await berlinGroup.balances(context, { grant, account });
  const pages: Page[] = [];
  for (let cursor: string | undefined, turn = 0; turn < 20; turn += 1) {
    const request = { grant, account, since: '2026-10-01', ...(cursor !== undefined && { cursor }) };
    const page = await berlinGroup.transactions(context, request);
    assert.ok(page.kind === 'done');
    pages.push(page.result);
    cursor = page.result.next;
    if (cursor === undefined) break;
  }
  const sum = sumAmounts(pages.flatMap(({ booked }) => booked).map(({ amount }) => amount));
  const balance = balances.kind === 'done' ? balances.result.find(({ type }) => type === 'booked')?.amount : undefined;
  return { pages, sum, balance: balance ?? 'none' };
}

/** The consent is there, and what was booked adds up to the balance, whatever the reports were written in. */
export async function endsRight(bank: ScriptedBank, visit: Visit<Grant>): Promise<void> {
  const { sum, balance, pages } = await readAll(bank.context, visit.result);
  assert.equal(Number(sum), Number(balance));
  assert.deepEqual(
    pages.flatMap(({ rejected }) => rejected),
    [],
  );
  assert.equal(
    pages.flatMap(({ booked }) => booked).find(({ amount }) => amount === '-24.50')?.counterparty?.name,
    'Corner Bakery',
  );
}

/** A bank by its dropped-in file and its script. */
export function playing(
  written: string,
  script: Script,
  options: Parameters<typeof scriptedBank>[2] = {},
): ScriptedBank {
  return scriptedBank(berlinGroup, { ...VALID, ...JSON_REPORT, ...script }, { ...options, facts: factsIn(written) });
}

/** The first turn of a visit. */
export const begins = (bank: ScriptedBank) => Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);

/** What a compact JWE holds, opened as the bank would. */
export function decrypted(bankKey: Seal, jwe: string): string {
  const [header = '', key = '', vector = '', sealed = '', tag = ''] = jwe.split('.');
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), { alg: 'RSA-OAEP-256', enc: 'A256GCM' });
  const once = privateDecrypt(
    { key: bankKey.privateKey, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING },
    Buffer.from(key, 'base64url'),
  );
  const decipher = createDecipheriv('aes-256-gcm', once, Buffer.from(vector, 'base64url'));
  decipher.setAAD(Buffer.from(header)).setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]).toString();
}
