import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { asProblem, change, deeply, type Json, type Written } from '../../misbehave.ts';
import type { Oddity } from '../../world/oddities.ts';
import { ODD_ENTRIES } from './entries.ts';

/** The answer as this bank's oddities leave it; `serial` differs from answer to answer. */
export function oddly(written: Written, oddities: readonly Oddity[], at: { method: string; serial: string }): Written {
  return oddities.reduce((odd, name) => {
    const body = BODIES[name];
    const whole = WHOLE[name];
    if (whole) return whole(odd, at);
    return body && odd.status < 400 ? change(odd, (json) => body(json, at) as Json) : odd;
  }, written);
}

/** The answer as it goes over the wire of a bank that packs: last of all, because nothing can be changed in it after. */
export function packed(written: Written, oddities: readonly Oddity[]): Written {
  if (!oddities.includes('gzip') || !written.body.length || written.headers['content-encoding']) return written;
  return {
    ...written,
    headers: { ...written.headers, 'content-encoding': 'gzip' },
    body: gzipSync(written.body),
  };
}

type At = { method: string; serial: string };

const WHOLE: Partial<Record<Oddity, (written: Written, at: At) => Written>> = {
  problem_json: asProblem,
  odd_statuses: (written, { method }) => {
    if (written.status !== 200) return written;
    const status = { GET: 202, PUT: 201 }[method] ?? 200;
    return { ...written, status };
  },
  chunked: (written) => ({ ...written, headers: { ...written.headers, 'transfer-encoding': 'chunked' } }),
  location_json: (written) => {
    const { location } = written.headers;
    return location
      ? { ...written, headers: { ...written.headers, location: JSON.stringify({ href: location }) } }
      : written;
  },
};

const BODIES: Partial<Record<Oddity, (body: Json, at: At) => unknown>> = {
  loose_types: (body) => looseTypes(body, ''),
  relative_links: (body) => onHrefs(body, (href) => pathOf(href).replace(/^\/[^?]*?(?=v1\/)/, '')),
  doubled_scheme_links: (body) => onHrefs(body, (href) => href.replace(/^(https?:\/\/)/, 'https://$1')),
  plain_string_links: plainLinks,
  joined_next_link: (body) =>
    onHrefs(body, (href, name) =>
      name === 'next' ? href.replace(/&?(dateFrom=)/, '$1').replace('?dateFrom', 'dateFrom') : href,
    ),
  unknown_links: (body) => onLinks(body, (links) => ({ 'x-bank-help': { href: 'https://help.invalid/' }, ...links })),
  no_links: (body) => ({
    ...body,
    ...(Array.isArray(body.accounts)
      ? { accounts: (body.accounts as Json[]).map(({ _links: _, ...account }) => account) }
      : {}),
  }),
  links_list: (body) => onLinks(body, (links) => [links]),
  next_foreign_host: (body) =>
    onHrefs(body, (href, name) => (name === 'next' ? `https://elsewhere.invalid${pathOf(href)}` : href)),
  next_loop: (body) =>
    onHrefs(body, (href, name) => (name === 'next' ? href.replace(/pageIndex=\d+/, 'pageIndex=0') : href)),
  detail_unwrapped: (body) => (body.transactionsDetails as Json | undefined) ?? body,
  push_dec: (body) => deeply(body, (value) => (value === 'PUSH_OTP' ? 'PUSH_DEC' : value)),
  unknown_method_type: (body) =>
    deeply(body, (value, key) => (key === 'authenticationType' ? `X_${String(value).slice(0, 4)}_NEW` : value)),
  masked_pan_as_iban: (body) => renamed(body, 'maskedPan', 'iban'),
  balance_information: (body) => onBalances(body, (one) => ({ ...one, balanceType: 'information' })),
  only_expected: (body) =>
    onBalances(body, (one, index) => (index === 0 ? { ...one, balanceType: 'expected' } : undefined)),
  balance_meanings: (body) =>
    onBalances(body, (one, index) =>
      index === 0
        ? { ...one, balanceType: 'expected' }
        : {
            ...one,
            balanceType: 'interimAvailable',
            balanceAmount: { ...(one.balanceAmount as Json), amount: '1000.00' },
          },
    ),
  currency_xxx: (body) => ({
    ...body,
    ...(Array.isArray(body.accounts)
      ? { accounts: (body.accounts as Json[]).map((account) => ({ ...account, currency: 'XXX' })) }
      : {}),
    ...(isJson(body.account) ? { account: { ...body.account, currency: 'XXX' } } : {}),
  }),
  three_decimals: (body) => onAmounts(body, (amount) => (amount.includes('.') ? `${amount}0` : amount)),
  decimal_comma: (body) => onAmounts(body, (amount) => amount.replace('.', ',')),
  ...ODD_ENTRIES,
};

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const pathOf = (href: string) => href.replace(/^https?:\/\/[^/]+/, '');

const onAmounts = (body: Json, changeOne: (amount: string) => string) =>
  deeply(body, (value, key) => (key === 'amount' ? changeOne(String(value)) : value));

/** Links to people's pages stay what they are: only the interface's own are changed. */
function onHrefs(body: unknown, changeOne: (href: string, name: string) => string): unknown {
  return deeply(body, (value, key, name) =>
    key === 'href' && !/^(scaRedirect|scaOAuth)$/.test(name) ? changeOne(String(value), name) : value,
  );
}

function onLinks(value: unknown, changeLinks: (links: Json) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => onLinks(one, changeLinks));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === '_links' && isJson(one) ? changeLinks(one) : onLinks(one, changeLinks),
    ]),
  );
}

function plainLinks(body: unknown): unknown {
  return onLinks(body, (links) =>
    Object.fromEntries(Object.entries(links).map(([name, link]) => [name, isJson(link) ? link.href : link])),
  );
}

function onBalances(value: unknown, changeOne: (balance: Json, index: number) => Json | undefined): unknown {
  if (Array.isArray(value)) return value.map((one) => onBalances(one, changeOne));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === 'balances' && Array.isArray(one)
        ? one.map((balance, index) => changeOne(balance as Json, index)).filter((balance) => balance !== undefined)
        : onBalances(one, changeOne),
    ]),
  );
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, from, to));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name === from ? to : name, renamed(one, from, to)]),
  );
}

/** What banks get wrong in the types of JSON, each as it was seen (standards §13.1, 11). */
const LOOSE: Record<string, (value: unknown) => [name: string, value: unknown]> = {
  otpMaxLength: (value) => ['optMaxLength', String(value)],
  otpFormat: (value) => ['optFormat', value === 'integer' ? 'Integer' : value],
  data: (value) => ['data', Array.isArray(value) ? value[0] : value],
  frequencyPerDay: (value) => ['frequencyPerDay', String(value)],
  recurringIndicator: (value) => ['recurringIndicator', String(value)],
  bookingDate: (value) => ['bookingDate', `${value}T00:00:00.000Z`],
  valueDate: (value) => ['valueDate', `${value}T00:00:00.000Z`],
  amount: (value) => ['amount', Number(value)],
  balances: (value) => ['balances', Array.isArray(value) && value.length === 1 ? value[0] : value],
  pending: (value) => ['pending', Array.isArray(value) && value.length === 1 ? value[0] : value],
  _links: (value) => ['_links', isJson(value) && 'account' in value ? value : [value]],
};

function looseTypes(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((one) => looseTypes(one, key));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const loose = looseTypes(one, name);
      return LOOSE[name]?.(loose) ?? [name, loose];
    }),
  );
}

/** A serial that differs from answer to answer, for ids that change. */
export const serialOf = (requestId: string): string =>
  createHash('sha256').update(requestId).digest('hex').slice(0, 10);
