import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { type Authority, type CertificateHolder, readHolder } from './authority.ts';
import { readBody } from './body.ts';
import { FINTS_INSTEAD } from './fints/misbehave.ts';
import * as fints from './fints/serve.ts';
import { AFTERWARDS, type Behaviour, type Fault, INSTEAD, type Written } from './misbehave.ts';
import { OPEN_BANKING_AFTERWARDS, OPEN_BANKING_INSTEAD } from './open-banking-uk/deviations.ts';
import * as openBanking from './open-banking-uk/serve.ts';
import { speaksOpenBanking } from './open-banking-uk/server/provider.ts';
import type { Stage } from './stage.ts';
import { storeCall } from './store.ts';
import { type Bank, type Face, findBank } from './world/banks.ts';
import type { Call } from './xs2a/call.ts';
import { formatError, presentRefusal, Refused, type Reply } from './xs2a/errors.ts';
import { oddly, packed, serialOf } from './xs2a/odd/answers.ts';
import { findRoute, type Operation } from './xs2a/routes.ts';
import { checkDemands, preStepToken } from './xs2a/security/demands.ts';
import {
  authorizationServerMetadata,
  exchangeToken,
  hasAuthorizationServer,
  signInByPassword,
} from './xs2a/security/oauth.ts';
import { publicKeys } from './xs2a/security/passwords.ts';
import { checkSignature } from './xs2a/security/signatures.ts';

/** A request as far as it was understood before anything was looked up. */
type Arrived = {
  bank: Bank | undefined;
  face: Face | undefined;
  operation: string;
  path: string;
  query: URLSearchParams;
  part: Record<string, string>;
  answer: Operation | undefined;
  /** No part of the XS2A file (OAuth, keys): needs no `X-Request-ID`, and nobody judges it. */
  outside: boolean;
  /** A message at a FinTS interface. */
  fints?: fints.Arrival;
  /** A request at a bank that speaks UK Open Banking. */
  uk?: openBanking.UkArrival;
  /** What such a bank's log says of the request. */
  logged?: openBanking.Logged;
};

/** The banks' machine endpoints: TLS with client certificates, at `/<bank>/…`. */
export function createMachineServer(stage: Stage, authority: Authority): Server {
  const { certificate, privateKey } = authority.server;
  const options = {
    cert: certificate,
    key: privateKey,
    ca: authority.ca,
    requestCert: true,
    // A missing or wrong certificate gets an answer of the standard, not a broken handshake.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  } as const;
  return createServer(options, (request, response) => {
    serve(stage, request, response).catch((error: unknown) => {
      stage.log.error('sandbox.failed', { error });
      response.destroy();
    });
  });
}

async function serve(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const began = performance.now();
  const text = await readBody(request);
  const listed = /^\/directory(\/[^?]*)/.exec(request.url ?? '')?.[1];
  if (listed) return send(request, response, { written: await openBanking.answerDirectory(stage, listed) });
  const arrived = arrive(stage, request, text);
  const { bank, face, operation } = arrived;
  const behaviour = bank ? await stage.misbehaviours.take(bank.slug, operation) : undefined;
  if (behaviour?.kind === 'slow') await wait(behaviour.delay_ms ?? 3000, undefined, { ref: false });
  const fault = behaviour && insteadOf(arrived, behaviour);
  const written = fault ? fault.written : await work(stage, request, arrived, text, behaviour);
  const odd = written && face && !arrived.outside ? oddAnswer(request, face, written) : written;
  const spoiled =
    odd && behaviour ? (spoilerOf(arrived, behaviour)?.(odd, behaviour) ?? { written: odd }) : { written: odd };
  const outcome: Fault = { ...(spoiled as Fault), ...(fault?.end ? { end: fault.end } : {}) };
  if (bank) await record(stage, request, arrived, text, outcome, behaviour, performance.now() - began);
  const isPacked = outcome.written && face && !arrived.outside;
  send(request, response, isPacked ? { ...outcome, written: packed(outcome.written!, face.oddities) } : outcome);
}

function oddAnswer(request: IncomingMessage, { oddities }: Face, written: Written): Written {
  const serial = serialOf(String(request.headers['x-request-id']));
  return oddly(written, oddities, { method: request.method ?? '', serial });
}

const spoilerOf = ({ uk }: Arrived, { kind }: Behaviour) =>
  (uk ? OPEN_BANKING_AFTERWARDS[kind] : undefined) ?? AFTERWARDS[kind];

function insteadOf({ fints: arrival, uk }: Arrived, behaviour: Behaviour): Fault | undefined {
  if (uk) return OPEN_BANKING_INSTEAD[behaviour.kind]?.(uk, behaviour) ?? INSTEAD[behaviour.kind]?.(behaviour);
  if (!arrival) return INSTEAD[behaviour.kind]?.(behaviour);
  // A return code is the bank's own answer.
  if (behaviour.kind === 'error') return undefined;
  const written = FINTS_INSTEAD[behaviour.kind]?.(behaviour);
  return written ? { written } : INSTEAD[behaviour.kind]?.(behaviour);
}

function arrive(stage: Stage, request: IncomingMessage, text: string | undefined): Arrived {
  const url = new URL(request.url ?? '/', 'https://bank.invalid');
  const segments = url.pathname.split('/').slice(1);
  // RFC 8414 §3.1 puts the well-known part before the issuer's path; many servers append it. Both are served.
  const wellKnown = segments[0] === '.well-known' && segments.length === 3;
  const bank = findBank((wellKnown ? segments[2] : segments[0]) ?? '');
  const rest = wellKnown ? '/.well-known/oauth-authorization-server' : `/${segments.slice(1).join('/')}`;
  const faces = bank ? stage.facts.facesOf(bank) : [];
  const face = faces.find((one) => one.path === '' || rest.startsWith(`/${one.path}/`));
  const path = face?.path ? rest.slice(face.path.length + 1) : rest;
  const arrived = { bank, face, path, query: url.searchParams, part: {}, outside: false, answer: undefined };
  if (fints.speaksFints(bank) && path === '/fints' && request.method === 'POST') {
    const arrival = fints.arrive(bank, text);
    return { ...arrived, fints: arrival, operation: arrival.operation };
  }
  if (speaksOpenBanking(bank)) {
    const uk = openBanking.arrive(bank, request.method ?? '', rest);
    return { ...arrived, uk, outside: uk.kind !== 'data', operation: uk.operation, path: uk.path, part: uk.part };
  }
  const outside = face && outsideOperation(face, request.method ?? '', path);
  if (outside) return { ...arrived, outside: true, operation: outside };
  const route = face && servedRoute(face, request.method ?? '', path);
  if (route && OUTSIDE.includes(route.operation)) arrived.outside = true;
  return { ...arrived, operation: route?.operation ?? 'unknown', part: route?.part ?? {}, answer: route?.answer };
}

/** Operations with a place of their own that the official file does not have. */
const OUTSIDE: readonly string[] = ['update_consent', 'download'];

function outsideOperation(face: Face, method: string, path: string): string | undefined {
  if (path === '/keys/passwords.json') return 'keys';
  if (path === '/pre-auth/token' && method === 'POST' && face.preStep === 'password') return 'sign_in';
  if (!hasAuthorizationServer(face)) return undefined;
  if (path === '/token') return 'token';
  return path === '/.well-known/oauth-authorization-server' ? 'metadata' : undefined;
}

/** The route, unless this interface does not have it. */
function servedRoute(face: Face, method: string, path: string): ReturnType<typeof findRoute> {
  const route = findRoute(method, path);
  if (!route) return undefined;
  const { operation } = route;
  const missing = face.oddities.includes('no_sub_resources') && /^(balances|authorisation_status)$/.test(operation);
  if (missing || (face.cardAccounts === 'none' && operation.startsWith('card_'))) return undefined;
  const below =
    operation === 'update_consent' ? face.authorisation === 'consent' : face.authorisation === 'sub_resource';
  return /authorisation|update_consent/.test(operation) && !below ? undefined : route;
}

async function work(
  stage: Stage,
  request: IncomingMessage,
  arrived: Arrived,
  text: string | undefined,
  behaviour: Behaviour | undefined,
): Promise<Written> {
  const { face, bank, operation } = arrived;
  try {
    if (arrived.fints) return await answerFints(stage, arrived.fints, behaviour);
    if (arrived.uk) {
      const { query, uk: arrival } = arrived;
      const said = await openBanking.answer({ stage, arrival, request, text, query, behaviour });
      arrived.logged = said.logged;
      return said.written;
    }
    if (!bank || !face) throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such bank.');
    if (operation === 'metadata') return write(authorizationServerMetadata(stage, bank));
    if (operation === 'keys') return write({ status: 200, body: publicKeys() });
    const client = await holderOf(request.socket as TLSSocket);
    if (text === undefined) throw new Refused(400, 'FORMAT_ERROR', 'The body is too large.');
    if (operation === 'token') return write(await exchangeToken(stage, bank, client, text, request));
    const headers = flat(request);
    if (face.signature === 'required') {
      const signed = { method: request.method ?? '', target: request.url ?? '', headers, text };
      await checkSignature(signed, face, { ca: stage.ca, client: client.organizationId, now: stage.clock.now() });
    }
    if (operation === 'sign_in') {
      return write(await signInByPassword(stage, bank, client, parseJson(headers, text)), headers['x-request-id']);
    }
    if (!/^[0-9a-f-]{36}$/i.test(headers['x-request-id'] ?? ''))
      throw formatError('header X-Request-ID must be a UUID');
    if (!arrived.answer) {
      const known = ['GET', 'POST', 'PUT', 'DELETE'].some((method) => servedRoute(face, method, arrived.path));
      throw known
        ? new Refused(405, 'SERVICE_INVALID', 'This method is not supported here.')
        : new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such resource.');
    }
    const { part, query } = arrived;
    const call: Call = {
      stage,
      bank,
      face,
      client,
      now: stage.clock.now(),
      headers,
      query,
      part,
      body: parseJson(headers, text),
    };
    checkDemands(call, operation);
    const signedIn = (await preStepToken(call, operation))?.detail.person;
    return write(await arrived.answer(signedIn ? { ...call, signedIn } : call), headers['x-request-id']);
  } catch (error) {
    if (error instanceof Refused) return write(presentRefusal(error, face), flat(request)['x-request-id']);
    stage.log.error('sandbox.failed', { error, ...(bank ? { bank: bank.slug } : {}), operation });
    return write({ status: 500 }, flat(request)['x-request-id']);
  }
}

/** FinTS answers 200 whatever it says; no client certificate is asked for. */
async function answerFints(stage: Stage, arrival: fints.Arrival, behaviour: Behaviour | undefined): Promise<Written> {
  const body = await fints.answer(stage, arrival, behaviour);
  return { status: 200, headers: { 'content-type': 'text/plain; charset=ISO-8859-1' }, body };
}

const holders = new WeakMap<TLSSocket, Promise<CertificateHolder>>();

/** Who the other side is, by its certificate; asked once a connection. */
function holderOf(socket: TLSSocket): Promise<CertificateHolder> {
  const known = holders.get(socket);
  if (known) return known;
  const asked = identify(socket);
  holders.set(socket, asked);
  return asked;
}

async function identify(socket: TLSSocket): Promise<CertificateHolder> {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) throw new Refused(401, 'CERTIFICATE_MISSING', 'A client certificate is needed.');
  if (!socket.authorized) {
    const expired = String(socket.authorizationError) === 'CERT_HAS_EXPIRED';
    throw new Refused(
      401,
      expired ? 'CERTIFICATE_EXPIRED' : 'CERTIFICATE_INVALID',
      'The client certificate is not accepted.',
    );
  }
  const holder = await readHolder(certificate.raw);
  if (!holder) throw new Refused(401, 'CERTIFICATE_INVALID', 'The client certificate has no authorisation number.');
  if (!holder.roles.includes('PSP_AI'))
    throw new Refused(401, 'ROLE_INVALID', 'The certificate lacks the role PSP_AI.');
  return holder;
}

function parseJson(headers: Record<string, string>, text: string): unknown {
  if (text === '') return undefined;
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) throw new Refused(415, 'FORMAT_ERROR', 'Send JSON.');
  try {
    return JSON.parse(text);
  } catch {
    throw formatError('the body is not JSON');
  }
}

function write(reply: Reply, requestId?: string): Written {
  const headers: Record<string, string> = { ...(requestId ? { 'x-request-id': requestId } : {}) };
  if (reply.body !== undefined) headers['content-type'] = 'application/json';
  return {
    status: reply.status,
    headers: { ...headers, ...reply.headers },
    body: reply.content ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)),
  };
}

function send(request: IncomingMessage, response: ServerResponse, { written, end }: Fault): void {
  if (end === 'hang') return;
  if (end === 'reset' || !written) return void (request.socket as TLSSocket).destroy();
  const body = Buffer.from(written.body);
  if (end === 'cut') {
    response.writeHead(written.status, { ...written.headers, 'content-length': body.length });
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
    return;
  }
  if (end === 'headers' || end === 'drip') {
    response.writeHead(written.status, { ...written.headers, 'content-length': body.length });
    response.flushHeaders();
    if (end === 'drip') drip(response, body);
    return;
  }
  if (written.headers['transfer-encoding'] === 'chunked') {
    response.writeHead(written.status, written.headers);
    for (let at = 0; at < body.length; at += PIECE) response.write(body.subarray(at, at + PIECE));
    response.end();
    return;
  }
  const length = written.status === 204 ? {} : { 'content-length': body.length };
  response.writeHead(written.status, { ...written.headers, ...length });
  response.end(body);
}

/** Bytes of an answer that comes in pieces. */
const PIECE = 700;

/** A byte a second for as long as anyone listens. */
function drip(response: ServerResponse, body: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    // Looked at each time: the connection may have ended before this began.
    if (response.destroyed || at >= body.length) {
      clearInterval(timer);
      response.end();
    } else response.write(body.subarray(at, ++at));
  }, 1000);
}

async function record(
  stage: Stage,
  request: IncomingMessage,
  arrived: Arrived,
  text: string | undefined,
  outcome: Fault,
  behaviour: Behaviour | undefined,
  ownMs: number,
): Promise<void> {
  const { bank, face, path, query, operation, part, outside } = arrived;
  const headers = flat(request);
  const status = outcome.written && outcome.end !== 'reset' ? outcome.written.status : 0;
  const now = stage.clock.now();
  const consentId = headers['consent-id'] ?? part.consentId;
  await storeCall(stage.database, bank!.slug, now, {
    at: now.toISOString(),
    operation,
    method: request.method ?? '',
    path: face?.path ? `/${face.path}${path}` : path,
    query: query.toString(),
    status,
    ...(consentId ? { consent_id: consentId } : {}),
    person_present: !!(headers['psu-ip-address'] ?? headers['x-fapi-customer-ip-address']),
    ...arrived.logged,
    ...(arrived.fints ? fints.loggedAs(arrived.fints) : {}),
    ...(behaviour ? { misbehaviour: behaviour.kind } : {}),
    own_ms: Math.round(ownMs * 100) / 100,
  });
  if (outside || arrived.fints || !outcome.written) return;
  const odd = behaviour?.kind ?? face?.oddities.join(' ');
  stage.tell({
    bank: bank!.slug,
    face: face?.path ?? '',
    method: request.method ?? '',
    path,
    query: Object.fromEntries(query),
    requestHeaders: headers,
    requestBody: readable(text),
    status,
    responseHeaders: outcome.written.headers,
    responseBody: readable(`${outcome.written.body}`),
    ...(odd ? { misbehaviour: odd } : {}),
  });
}

/** JSON parsed where it is JSON, the text where it is not, undefined where there is none. */
function readable(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function flat(request: IncomingMessage): Record<string, string> {
  const pairs = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(pairs);
}
