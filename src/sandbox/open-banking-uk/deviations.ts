import { type Behaviour, deeply, type Fault, type Written } from '../misbehave.ts';
import type { Stage } from '../stage.ts';
import { HOSTILE_TEXTS } from '../world/hostile.ts';
import { CODES, type Code, Declined, presentDeclined } from './data/refusals.ts';
import type { UkArrival } from './serve.ts';
import { claimsOf, signJwt } from './server/jwt.ts';
import { keyFor, keysOf } from './server/keys.ts';
import type { UkBank } from './server/provider.ts';

type Json = Record<string, unknown>;

/** What real banks' identity tokens have or lack (standards §13.1, 23), by the name control knows it under. */
const ID_TOKENS: Readonly<Record<string, (claims: Json) => Json>> = {
  id_token_without_nonce: ({ nonce: _, ...claims }) => claims,
  id_token_without_acr: ({ acr: _, ...claims }) => claims,
  id_token_without_auth_time: ({ auth_time: _, ...claims }) => claims,
  id_token_without_intent: ({ openbanking_intent_id: _, ...claims }) => claims,
  id_token_other_subject: (claims) => ({ ...claims, sub: 'customer-0001' }),
  id_token_other_intent: (claims) => ({ ...claims, openbanking_intent_id: 'aac-of-somebody-else' }),
  id_token_other_audience: (claims) => ({ ...claims, aud: 'another-client' }),
  id_token_other_issuer: (claims) => ({ ...claims, iss: 'https://another-bank.invalid' }),
  id_token_milliseconds: (claims) => ({ ...claims, exp: Number(claims.exp) * 1000 }),
  id_token_expired: (claims) => ({ ...claims, iat: Number(claims.iat) - 7200, exp: Number(claims.exp) - 7200 }),
};

/** The same of answers of the token endpoint. */
const TOKENS: Readonly<Record<string, (body: Json) => Json>> = {
  without_id_token: ({ id_token: _, ...body }) => body,
  token_type_upper: (body) => ({ ...body, token_type: 'BEARER' }),
  scope_empty: (body) => ({ ...body, scope: '' }),
  scope_more: (body) => ({ ...body, scope: `${body.scope ?? ''} openid offline_access payments`.trim() }),
};

/** And of answers to a registration (24). */
const REGISTRATIONS: Readonly<Record<string, (body: Json) => Json>> = {
  scope_list: (body) => ({ ...body, scope: String(body.scope).split(' ') }),
  milliseconds: (body) => ({ ...body, client_id_issued_at: Number(body.client_id_issued_at) * 1000 }),
};

/** And of accounts and transactions. */
const DATA: Readonly<Record<string, (body: Json) => unknown>> = {
  amount_numbers: (body) => deeply(body, (value, key) => (key === 'Amount' ? Number(value) : value)),
  unknown_fields: (body) => ({ ...body, FutureField: { Nested: [1, 'two', null] } }),
  missing_ids: (body) => deeply(body, (value, key) => (/^Transaction(Id|Reference)$/.test(key) ? undefined : value)),
  same_ids: (body) => deeply(body, (value, key) => (key === 'TransactionId' ? 'NOTPROVIDED' : value)),
  currency_unknown: (body) => deeply(body, (value, key) => (key === 'Currency' ? 'XXX' : value)),
  duplicated: (body) => onTransactions(body, (all) => [...all, ...all.slice(0, 1)]),
  reordered: (body) => onTransactions(body, (all) => [...all].reverse()),
  bad_entry: (body) => onTransactions(body, (all) => [{ Amount: { Amount: 'a lot', Currency: 7 } }, ...all]),
};

/** The names of all deviations that `off_standard` knows at these banks. */
export const OPEN_BANKING_VARIANTS: readonly string[] = [ID_TOKENS, TOKENS, REGISTRATIONS, DATA].flatMap(Object.keys);

/** Kinds that answer instead of such a bank, in the words of its standard. */
export const OPEN_BANKING_INSTEAD: Readonly<Record<string, (arrival: UkArrival, behaviour: Behaviour) => Fault>> = {
  outage: () => ({ written: { status: 503, headers: {}, body: '' } }),
  rate_limited: (_arrival, { retry_after_s }) => ({
    written: {
      status: 429,
      headers: { ...(retry_after_s === undefined ? {} : { 'retry-after': String(retry_after_s) }) },
      body: '',
    },
  }),
  reauthenticate: (arrival) => ({ written: refusal(arrival, 403, 'U028', 'Please approve anew.') }),
  error: (arrival, { status, code }) => ({
    written: refusal(arrival, status ?? 400, code ?? 'U002', 'As ordered by control.'),
  }),
  ok_with_error: (arrival) => ({
    written: { ...refusal(arrival, 400, 'U000', 'An error in a good answer.'), status: 200 },
  }),
};

/** Kinds that spoil such a bank's own answer. */
export const OPEN_BANKING_AFTERWARDS: Readonly<Record<string, (written: Written, behaviour: Behaviour) => Fault>> = {
  off_standard: (written, { variant = 'unknown_fields' }) => ({
    written: change(written, { ...TOKENS, ...REGISTRATIONS, ...DATA }[variant] ?? ((body) => body)),
  }),
  next_other_host: (written, { host }) => ({
    written: changeNext(written, (next) => next.replace(/^https:\/\/[^/]+/, `https://${host ?? 'elsewhere.invalid'}`)),
  }),
  next_loop: (written) => ({ written: changeNext(written, (next) => next.replace(/([?&])page=\d+/, '$1page=1')) }),
  status_late: (written) => ({
    written: change(written, (body) =>
      deeply(body, (value, key, parent) =>
        key === 'Status' && parent === 'Data' ? (value === 'AUTH' ? 'AWAU' : 'AwaitingAuthorisation') : value,
      ),
    ),
  }),
  hostile_text: (written) => {
    let next = 0;
    const texts = /^(Name|FullLegalName|Nickname|Description|TransactionInformation|MerchantName|Reference|Message)$/;
    return {
      written: change(written, (body) =>
        deeply(body, (value, key) =>
          texts.test(key) && typeof value === 'string' ? HOSTILE_TEXTS[next++ % HOSTILE_TEXTS.length] : value,
        ),
      ),
    };
  },
};

/** Signs the identity token of an answer anew with what control ordered of it. */
export async function spoilTokens(
  stage: Stage,
  bank: UkBank,
  operation: string,
  written: Written,
  behaviour: Behaviour | undefined,
): Promise<Written> {
  const changeClaims = behaviour?.kind === 'off_standard' ? ID_TOKENS[behaviour.variant ?? ''] : undefined;
  if (!changeClaims || operation !== 'token' || written.status !== 200) return written;
  const body = JSON.parse(`${written.body}`) as Json;
  if (typeof body.id_token !== 'string') return written;
  return {
    ...written,
    body: JSON.stringify({ ...body, id_token: await signAnew(stage, bank, body.id_token, changeClaims) }),
  };
}

/** The same for the address that a browser is sent back to: its fragment, or the signed answer in its query. */
export async function spoilReturn(
  stage: Stage,
  bank: UkBank,
  address: string,
  behaviour: Behaviour | undefined,
): Promise<string> {
  const changeClaims = behaviour?.kind === 'off_standard' ? ID_TOKENS[behaviour.variant ?? ''] : undefined;
  if (!changeClaims) return address;
  const url = new URL(address);
  const fragment = new URLSearchParams(url.hash.slice(1));
  for (const [values, name] of [
    [fragment, 'id_token'],
    [url.searchParams, 'response'],
  ] as const) {
    const jwt = values.get(name);
    if (jwt) values.set(name, await signAnew(stage, bank, jwt, changeClaims));
  }
  if (fragment.size > 0) url.hash = fragment.toString();
  return url.href;
}

async function signAnew(
  stage: Stage,
  bank: UkBank,
  jwt: string,
  changeClaims: (claims: Json) => Json,
): Promise<string> {
  const header = JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as { alg: string };
  return signJwt(changeClaims(claimsOf(jwt) ?? {}), keyFor(await keysOf(stage, bank.slug), header.alg));
}

function refusal({ bank, kind }: UkArrival, status: number, code: string, text: string): Written {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (kind !== 'data') return { status, headers, body: JSON.stringify({ error: code, error_description: text }) };
  const known = code in CODES ? (code as Code) : 'U000';
  const { body } = presentDeclined(bank.openBanking, new Declined(status === 401 ? 400 : status, known, text));
  return { status, headers, body: JSON.stringify(body) };
}

function change(written: Written, changeBody: (body: Json) => unknown): Written {
  if (!written.body.length || !written.headers['content-type']?.includes('json')) return written;
  return { ...written, body: JSON.stringify(changeBody(JSON.parse(`${written.body}`) as Json)) };
}

function changeNext(written: Written, changeAddress: (address: string) => string): Written {
  return change(written, (body) =>
    deeply(body, (value, key, parent) => (key === 'Next' && parent === 'Links' ? changeAddress(String(value)) : value)),
  );
}

function onTransactions(body: Json, changeList: (all: unknown[]) => unknown[]): Json {
  const data = body.Data as { Transaction?: unknown[] } | undefined;
  return data?.Transaction ? { ...body, Data: { ...data, Transaction: changeList(data.Transaction) } } : body;
}
