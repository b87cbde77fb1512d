import { randomUUID } from 'node:crypto';
import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, BankRequest, Person } from '../../banking/connector.ts';
import { readJson, type Wire } from '../../banking/formats/values.ts';
import { refusalOf } from './errors.ts';
import type { Facts } from './facts.ts';

/** A bank's answer with its JSON read; `json` is empty where there was none to read. */
export type Reply = {
  status: number;
  headers: Record<string, string>;
  json: Wire;
  raw: Uint8Array;
  url: string;
  purpose: string;
};

/** A request and the token in whose right it is made. */
export type Call = BankRequest & { token: string };

/** Sends one request with the headers that every call has (standard §4.4), and returns the answer whatever its status. */
export async function send(context: BankContext, call: Call): Promise<Reply> {
  const { token, ...request } = call;
  const { financial_id: financialId } = context.facts as unknown as Facts;
  const reply = await context.http({
    ...request,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'x-fapi-interaction-id': randomUUID(),
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...(context.person && presence(context.person)),
      ...(financialId !== undefined && { 'x-fapi-financial-id': financialId }),
      ...request.headers,
    },
  });
  const json = readJson(reply.body);
  if (json === undefined && isSuccess(reply.status))
    throw new BankError('unexpected', `${call.purpose} answered ${reply.status} with something that is not JSON`, {
      status: reply.status,
    });
  const { status, headers, body: raw, url } = reply;
  return { status, headers, json: json ?? {}, raw, url, purpose: call.purpose };
}

/** Throws the bank's no as a `BankError`. */
export function accepted(context: BankContext, reply: Reply): Reply {
  if (!isSuccess(reply.status)) throw refusalOf(reply, context.now());
  return reply;
}

/** 2xx. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** That the person is there and where: sending it while nobody is would be a lie. */
function presence(person: Person): Record<string, string> {
  const agent = person.userAgent?.replace(/[^\x20-\x7e]/g, ' ');
  return {
    'x-fapi-customer-ip-address': person.ipAddress.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, ''),
    ...(agent && { 'x-customer-user-agent': agent }),
  };
}
