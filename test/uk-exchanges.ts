import { decodeJwt } from 'jose';
import type { Exchange } from '../src/sandbox/index.ts';
import type { ExchangeJudge } from './berlin-group-file.ts';
import { ukJudge } from './uk-file.ts';
import { registrationJudge } from './uk-registration-file.ts';

/** The official files each pretend bank of the United Kingdom is held against: of its interface and of registration. */
const FILES = {
  'gb-thornfield': { version: '3.1', registration: '3.3' },
  'gb-calderwye': { version: '4.0', registration: '3.4' },
} as const;

/**
 * Says what of an exchange with a pretend bank of the United Kingdom the official files forbid, of the request and of the
 * answer; undefined where `BANK_SPECS` is not set. The authorization server's own addresses are in no file.
 */
export function ukExchangeJudge(): ((exchange: Exchange) => string[]) | undefined {
  if (!ukJudge('3.1')) return undefined;
  const banks = Object.entries(FILES).map(([bank, { version, registration }]) => {
    const judges = { data: ukJudge(version)!, registration: registrationJudge(registration)! };
    return [bank, judges] as const;
  });
  const judges = new Map(banks);
  return (exchange) => {
    const found = judges.get(exchange.bank);
    if (!found) return [];
    const { path, method, status, responseBody } = exchange;
    const lines = path.startsWith('/register')
      ? judgeRegistration(found.registration, exchange)
      : AUTHORIZATION_SERVER.test(path) || status === 404
        ? []
        : judgeData(found.data, exchange);
    return lines.map((line) => `${exchange.bank}: ${method} ${path} ${status}: ${line} ${inBrief(responseBody)}`);
  };
}

const AUTHORIZATION_SERVER = /^\/(\.well-known\/.*|token|par|jwks|backchannel|userinfo)$/;

function judgeData(judge: ExchangeJudge, exchange: Exchange): string[] {
  const query = new URLSearchParams(exchange.query).toString();
  const request = {
    method: exchange.method,
    path: query ? `${exchange.path}?${query}` : exchange.path,
    headers: exchange.requestHeaders,
    body: exchange.requestBody,
  };
  const { status, responseHeaders: headers, responseBody: body } = exchange;
  const silent = headers['x-fapi-interaction-id'] ? [] : ['no x-fapi-interaction-id'];
  return [...silent, ...judge(request, { status, headers, body })];
}

function judgeRegistration(judge: NonNullable<ReturnType<typeof registrationJudge>>, exchange: Exchange): string[] {
  const { method, status, requestBody, responseBody } = exchange;
  const claims = typeof requestBody === 'string' && requestBody !== '' ? decodeJwt(requestBody) : undefined;
  const name = method.toLowerCase() as 'post' | 'get' | 'put' | 'delete';
  return [...(claims ? judge.claims(claims) : []), ...judge.answer(name, status, responseBody)];
}

const inBrief = (body: unknown): string => (body === undefined ? '' : JSON.stringify(body).slice(0, 200));
