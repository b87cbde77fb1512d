import { randomUUID } from 'node:crypto';
import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, BankRequest, BankTokens, Person } from '../../banking/connector.ts';
import { readJson, type Wire } from '../../banking/formats/values.ts';
import { refusalOf } from './errors.ts';
import type { Facts } from './facts.ts';
import { inNamesOfV1, inNamesOfV2 } from './names.ts';

/** A bank's answer with its JSON read; `json` is empty where there was none to read. */
export type Reply = {
  status: number;
  headers: Record<string, string>;
  json: Wire;
  raw: Uint8Array;
  url: string;
  purpose: string;
};

/** What a bank gave for a password before there was a consent, and the header it travels in. */
export type Pass = { header: string; value: string };

/** In whose right a request is made: with a token after OAuth, with a pass after a sign-in that came first. */
export type Right = { tokens?: BankTokens | undefined; pass?: Pass | undefined };

/** Only in whose right, out of all that is known of a consent. */
export function rightOf({ tokens, pass }: Right): Right {
  return { ...(tokens && { tokens }), ...(pass && { pass }) };
}

/** A request, in whose right, with the consent's id on account data. `accepts`: something else than JSON is an answer too. */
export type Call = BankRequest & Right & { consentId?: string; accepts?: string };

/** Sends one request with the headers that every call has, and returns the answer whatever its status. */
export async function send(context: BankContext, call: Call): Promise<Reply> {
  const { tokens, pass, consentId, accepts, ...request } = call;
  const facts = context.facts as unknown as Facts;
  const isSigned = facts.signature === 'required';
  const written: BankRequest = {
    ...request,
    headers: {
      accept: accepts ?? 'application/json',
      'x-request-id': randomUUID(),
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...((isSigned || facts.date_header) && { date: context.now().toUTCString() }),
      ...(facts.user_agent !== undefined && { 'user-agent': facts.user_agent }),
      ...(context.person && presence(context.person)),
      ...(consentId !== undefined && { 'consent-id': consentId }),
      ...(tokens && { authorization: `Bearer ${tokens.accessToken}` }),
      ...(pass && { [pass.header.toLowerCase()]: pass.value }),
      ...request.headers,
    },
    ...(isSigned && { signature: { headers: facts.signature_headers, serial: facts.signature_key_id } }),
  };
  const reply = await context.http(facts.version === 'v2' ? inNamesOfV2(written) : written);
  const json = readJson(reply.body);
  if (json === undefined && isSuccess(reply.status) && accepts === undefined)
    throw new BankError('unexpected', `${call.purpose} answered ${reply.status} with something that is not JSON`, {
      status: reply.status,
    });
  const { status, headers, body: raw, url } = reply;
  const read = facts.version === 'v2' ? inNamesOfV1(json ?? {}) : (json ?? {});
  return { status, headers, json: read, raw, url, purpose: call.purpose };
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
  // A header carries nothing else, and some browsers write their makers' names in other letters.
  const agent = person.userAgent?.replace(/[^\x20-\x7e]/g, ' ');
  return {
    'psu-ip-address': plainAddress(person.ipAddress),
    ...(person.port !== undefined && { 'psu-ip-port': String(person.port) }),
    ...(agent && { 'psu-user-agent': agent }),
    ...(person.accept && { 'psu-accept': person.accept }),
    ...(person.acceptLanguage && { 'psu-accept-language': person.acceptLanguage }),
  };
}

/**
 * An IPv4 address that reached us over an IPv6 socket is written as what it is. One that is IPv6 is passed on as it is: the
 * header is defined as the address of the person's own request, and any IPv4 address in its place would be invented, though
 * the file's format says `ipv4` (XS2A 1.3.12, `PSU-IP-Address`).
 */
function plainAddress(address: string): string {
  if (address === '::1') return '127.0.0.1';
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
