import { randomUUID } from 'node:crypto';
import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, BankRequest, BankTokens, Person } from '../../banking/connector.ts';
import { readJson, type Wire } from '../../banking/formats/values.ts';
import { refusalOf } from './errors.ts';

/** A bank's answer with its JSON read; `json` is empty where there was none to read. */
export type Reply = {
  status: number;
  headers: Record<string, string>;
  json: Wire;
  raw: Uint8Array;
  url: string;
  purpose: string;
};

/** A request, and in whose right: with tokens after OAuth, with the consent's id on account data. */
export type Call = BankRequest & { tokens?: BankTokens | undefined; consentId?: string };

/** Sends one request with the headers that every call has, and returns the answer whatever its status. */
export async function send(context: BankContext, call: Call): Promise<Reply> {
  const { tokens, consentId, ...request } = call;
  const reply = await context.http({
    ...request,
    headers: {
      accept: 'application/json',
      'x-request-id': randomUUID(),
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...(context.person && presence(context.person)),
      ...(consentId !== undefined && { 'consent-id': consentId }),
      ...(tokens && { authorization: `Bearer ${tokens.accessToken}` }),
      ...request.headers,
    },
  });
  const json = readJson(reply.body);
  if (json === undefined && isSuccess(reply.status))
    throw new BankError('unexpected', `${call.purpose} answered ${reply.status} with something that is not JSON`, {
      status: reply.status,
    });
  return {
    status: reply.status,
    headers: reply.headers,
    json: json ?? {},
    raw: reply.body,
    url: reply.url,
    purpose: call.purpose,
  };
}

/** Sends one request and throws the bank's no as a `BankError`. */
export async function ask(context: BankContext, call: Call): Promise<Reply> {
  const reply = await send(context, call);
  if (!isSuccess(reply.status)) throw refusalOf(reply, context.now());
  return reply;
}

/** 2xx. Some banks answer a plain `GET` with 202 (seen at Targobank). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** What the person's browser told us, passed on (XS2A §3.2 headers). Sending it while nobody is there would be a lie. */
function presence(person: Person): Record<string, string> {
  return {
    'psu-ip-address': plainAddress(person.ipAddress),
    ...(person.port !== undefined && { 'psu-ip-port': String(person.port) }),
    ...(person.userAgent && { 'psu-user-agent': person.userAgent }),
    ...(person.accept && { 'psu-accept': person.accept }),
    ...(person.acceptLanguage && { 'psu-accept-language': person.acceptLanguage }),
  };
}

/** The header's format is IPv4: an IPv4 address that reached us over an IPv6 socket is written as what it is. */
function plainAddress(address: string): string {
  if (address === '::1') return '127.0.0.1';
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
