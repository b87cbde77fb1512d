import { randomUUID, type X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { type CertificateHolder, readHolder } from '../authority.ts';
import type { Behaviour, Written } from '../misbehave.ts';
import type { Stage } from '../stage.ts';
import { getAccount, getAccounts, getBalances, getParty, getProducts } from './data/accounts.ts';
import { getBeneficiaries, getDirectDebits, getScheduledPayments, getStandingOrders } from './data/arrangements.ts';
import type { UkCall, UkReading } from './data/call.ts';
import { createConsent, deleteConsent, findConsent, getConsent, isOpen } from './data/consents.ts';
import { Declined, presentDeclined, type Reply } from './data/refusals.ts';
import { getTransactions } from './data/transactions.ts';
import { spoilTokens } from './deviations.ts';
import { readDirectory } from './directory.ts';
import { aispPath } from './face.ts';
import { ask } from './server/asking.ts';
import { type IssuedToken, ProviderMissing, providerOf, type UkBank } from './server/provider.ts';
import { register } from './server/registration.ts';
import { settingsOf } from './settings.ts';

/** A request at such a bank as far as its address says what it is. */
export type UkArrival = {
  bank: UkBank;
  operation: string;
  /** As in the specification, `/accounts`; at the authorization server its own path. */
  path: string;
  kind: 'data' | 'registration' | 'server';
  part: Record<string, string>;
  answer?: ((call: UkCall) => Promise<Reply>) | ((call: UkReading) => Promise<Reply>);
};

type Route = [method: string, path: string, operation: string, answer: NonNullable<UkArrival['answer']>];

const CONSENT = '/account-access-consents';
const ACCOUNT = '/accounts/{AccountId}';

/** Every operation of the interface that these banks offer. Offers and statements are none of them: 404. */
const ROUTES: readonly Route[] = [
  ['POST', CONSENT, 'create_consent', createConsent],
  ['GET', `${CONSENT}/{ConsentId}`, 'get_consent', getConsent],
  ['DELETE', `${CONSENT}/{ConsentId}`, 'delete_consent', deleteConsent],
  ['GET', '/accounts', 'accounts', getAccounts],
  ['GET', ACCOUNT, 'account', getAccount],
  ['GET', `${ACCOUNT}/balances`, 'balances', getBalances],
  ['GET', '/balances', 'balances', getBalances],
  ['GET', `${ACCOUNT}/transactions`, 'transactions', getTransactions],
  ['GET', '/transactions', 'transactions', getTransactions],
  ['GET', `${ACCOUNT}/party`, 'party', getParty],
  ['GET', `${ACCOUNT}/parties`, 'party', getParty],
  ['GET', '/party', 'party', getParty],
  ['GET', `${ACCOUNT}/product`, 'products', getProducts],
  ['GET', '/products', 'products', getProducts],
  ['GET', `${ACCOUNT}/beneficiaries`, 'beneficiaries', getBeneficiaries],
  ['GET', '/beneficiaries', 'beneficiaries', getBeneficiaries],
  ['GET', `${ACCOUNT}/direct-debits`, 'direct_debits', getDirectDebits],
  ['GET', '/direct-debits', 'direct_debits', getDirectDebits],
  ['GET', `${ACCOUNT}/standing-orders`, 'standing_orders', getStandingOrders],
  ['GET', '/standing-orders', 'standing_orders', getStandingOrders],
  ['GET', `${ACCOUNT}/scheduled-payments`, 'scheduled_payments', getScheduledPayments],
  ['GET', '/scheduled-payments', 'scheduled_payments', getScheduledPayments],
];

const COMPILED = ROUTES.map(([method, path, operation, answer]) => ({
  method,
  operation,
  answer,
  form: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]{1,128})')}$`),
}));

const SERVER_OPERATIONS: Readonly<Record<string, string>> = {
  '/.well-known/openid-configuration': 'metadata',
  '/.well-known/oauth-authorization-server': 'metadata',
  '/jwks': 'keys',
  '/token': 'token',
  '/par': 'pushed_request',
  '/backchannel': 'backchannel',
  '/userinfo': 'userinfo',
};

/** The names of all operations at these banks, as control orders misbehaviour for them. */
export const OPEN_BANKING_OPERATIONS: readonly string[] = [
  ...new Set([
    ...ROUTES.map(([, , operation]) => operation),
    'register',
    'client',
    ...Object.values(SERVER_OPERATIONS),
  ]),
  'authorize',
  'approval',
  '*',
];

/** Reads what a request is by its method and its path below the bank's address. */
export function arrive(bank: UkBank, method: string, rest: string): UkArrival {
  const aisp = aispPath(bank.openBanking);
  if (rest.startsWith(`${aisp}/`)) {
    const path = rest.slice(aisp.length);
    for (const { form, answer, operation, ...route } of COMPILED) {
      const match = route.method === method ? form.exec(path) : null;
      if (match) return { bank, kind: 'data', operation, path, part: { ...match.groups }, answer };
    }
    return { bank, kind: 'data', operation: 'unknown', path, part: {} };
  }
  const [, client] = /^\/register(?:\/([^/]{1,64}))?$/.exec(rest) ?? [];
  if (rest === '/register' || client)
    return {
      bank,
      kind: 'registration',
      operation: client ? 'client' : 'register',
      path: rest,
      part: client ? { ClientId: client } : {},
    };
  return { bank, kind: 'server', operation: SERVER_OPERATIONS[rest] ?? 'unknown', path: rest, part: {} };
}

/** What the log says of a request besides what is said of every bank's. */
export type Logged = { consent_id?: string; client?: string; interaction_id?: string; customer_ip?: string };

type Request = {
  stage: Stage;
  arrival: UkArrival;
  request: IncomingMessage;
  text: string | undefined;
  query: URLSearchParams;
  behaviour: Behaviour | undefined;
};

/** The bank's answer and what its log says of it. */
export async function answer(given: Request): Promise<{ written: Written; logged: Logged }> {
  const { stage, arrival, request, text, behaviour } = given;
  const { bank } = arrival;
  const logged: Logged = {};
  try {
    if ((await settingsOf(stage, bank)).userAgent && !request.headers['user-agent'])
      return { written: { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>Forbidden</h1>' }, logged };
    if (text === undefined) throw new Declined(400, 'U010', 'The body is too large.');
    if (arrival.kind === 'data') return { written: await answerData(given, text, logged), logged };
    if (arrival.kind === 'registration') return { written: write(await answerRegistration(given, text)), logged };
    const written = await answerServer(stage, arrival, request, text);
    return { written: await spoilTokens(stage, bank, arrival.operation, written, behaviour), logged };
  } catch (error) {
    if (error instanceof Declined) return { written: write(presentDeclined(bank.openBanking, error)), logged };
    if (!(error instanceof ProviderMissing)) throw error;
    stage.log.error('sandbox.failed', { error, bank: bank.slug });
    return {
      written: write({ status: 503, body: { error: 'temporarily_unavailable', error_description: error.message } }),
      logged,
    };
  }
}

/** The directory's public keys, and those of the software that it lists. */
export async function answerDirectory(stage: Stage, path: string): Promise<Written> {
  const found = await readDirectory(stage, path);
  return write(found ? { status: 200, body: found } : { status: 404 });
}

async function answerServer(
  stage: Stage,
  { bank, path, operation }: UkArrival,
  request: IncomingMessage,
  text: string,
): Promise<Written> {
  const provider = await providerOf(stage, bank);
  const query = /\?.*$/.exec(request.url ?? '')?.[0] ?? '';
  const { method = 'GET', headers, socket } = request;
  const answered = await ask(provider.callback(), {
    method,
    headers,
    socket,
    url: `${path}${query}`,
    mount: `/${bank.slug}`,
    body: text,
  });
  // People go to the bank's own pages, which are elsewhere than its machines.
  const body =
    operation === 'metadata' && answered.status === 200
      ? JSON.stringify({
          ...JSON.parse(answered.body),
          authorization_endpoint: `${stage.peopleUrl(bank.slug)}/authorize`,
        })
      : answered.body;
  return { status: answered.status, headers: answered.headers, body };
}

async function answerRegistration({ stage, arrival, request }: Request, text: string): Promise<Reply> {
  const socket = request.socket as TLSSocket;
  const { ClientId } = arrival.part;
  return register({
    stage,
    bank: arrival.bank,
    method: request.method ?? '',
    clientId: ClientId,
    contentType: (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase(),
    text,
    socket,
    token: ClientId ? (await findToken(stage, arrival.bank, request))?.token : undefined,
  });
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const AUTH_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|UTC)$/;

async function answerData(given: Request, text: string, logged: Logged): Promise<Written> {
  const { arrival, request } = given;
  const sent = header(request, 'x-fapi-interaction-id');
  const interactionId = sent !== undefined && UUID.test(sent) ? sent : randomUUID();
  logged.interaction_id = interactionId;
  const address = header(request, 'x-fapi-customer-ip-address');
  if (address !== undefined) logged.customer_ip = address;
  let reply: Reply;
  try {
    if (sent !== undefined && !UUID.test(sent))
      throw new Declined(400, 'U006', 'x-fapi-interaction-id must be a UUID.', 'x-fapi-interaction-id');
    if (!AUTH_DATE.test(header(request, 'x-fapi-auth-date') ?? 'Fri, 01 Jan 2021 00:00:00 GMT'))
      throw new Declined(400, 'U006', 'x-fapi-auth-date must be as RFC 7231 writes it.', 'x-fapi-auth-date');
    reply = await read(given, text, logged);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    reply = presentDeclined(arrival.bank.openBanking, error);
  }
  return write(reply, { 'x-fapi-interaction-id': interactionId });
}

async function read({ stage, arrival, request, query }: Request, text: string, logged: Logged): Promise<Reply> {
  const { bank, part, path, operation } = arrival;
  if (!arrival.answer) {
    const known = COMPILED.some(({ form }) => form.test(path));
    throw new Declined(known ? 405 : 404);
  }
  if (!/(^|[\s,])(application\/(json|\*)|\*\/\*)/.test(request.headers.accept ?? '*/*')) throw new Declined(406);
  const found = await findToken(stage, bank, request);
  await holderOf(request.socket as TLSSocket);
  if (!found) throw new Declined(401);
  const provider = await providerOf(stage, bank);
  const client = await provider.Client.find(found.token.clientId);
  if (!client) throw new Declined(401);
  logged.client = client.clientId;
  if (!(found.token.scope ?? '').split(' ').includes('accounts')) throw new Declined(403);
  const call: UkCall = {
    stage,
    bank,
    now: stage.clock.now(),
    query,
    part,
    body: parseJson(request, text),
    base: `${stage.machineUrl(bank.slug)}${aispPath(bank.openBanking)}`,
    path: query.size > 0 ? `${path}?${query}` : path,
    clientId: client.clientId,
    clientName: client.clientName ?? client.clientId,
  };
  if (['create_consent', 'get_consent', 'delete_consent'].includes(operation)) {
    if (found.own) {
      if (part.ConsentId) logged.consent_id = part.ConsentId;
      return (arrival.answer as (call: UkCall) => Promise<Reply>)(call);
    }
    throw new Declined(403);
  }
  if (found.own) throw new Declined(403);
  const consent = await findConsent(stage, bank, found.token.accountId ?? '');
  if (!consent || !isOpen(consent) || consent.grantId !== found.token.grantId) throw new Declined(401);
  logged.consent_id = consent.id;
  return (arrival.answer as (call: UkReading) => Promise<Reply>)({ ...call, consent });
}

/** The token of the request, where it is one of ours and bound to the certificate in use; `own`: no person gave it. */
async function findToken(
  stage: Stage,
  bank: UkBank,
  request: IncomingMessage,
): Promise<{ token: IssuedToken; own: boolean } | undefined> {
  const [, value] = /^Bearer ([\w-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!value) return undefined;
  const provider = await providerOf(stage, bank);
  const given = await provider.AccessToken.find(value);
  const token = given ?? (await provider.ClientCredentials.find(value));
  const certificate = (request.socket as TLSSocket).getPeerX509Certificate?.();
  if (!token || !certificate || token['x5t#S256'] !== thumbprint(certificate)) return undefined;
  return { token, own: !given };
}

/** RFC 8705 §3.1. */
const thumbprint = (certificate: X509Certificate): string =>
  Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

/** Whoever is on the other side, by a certificate that has not ended and says account information. */
async function holderOf(socket: TLSSocket): Promise<CertificateHolder> {
  const certificate = socket.getPeerX509Certificate?.();
  if (!certificate || !socket.authorized) throw new Declined(401);
  const holder = await readHolder(certificate.raw);
  if (!holder?.roles.includes('PSP_AI')) throw new Declined(403);
  return holder;
}

function parseJson(request: IncomingMessage, text: string): unknown {
  if (text === '') return undefined;
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Declined(415);
  try {
    return JSON.parse(text);
  } catch {
    throw new Declined(400, 'U010', 'The body is not JSON.');
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function write({ status, body, headers }: Reply, more: Record<string, string> = {}): Written {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...more, ...headers }, body: body === undefined ? '' : JSON.stringify(body) };
}
