import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { type Authority, type CertificateHolder, readHolder } from './authority.ts';
import { readBody } from './body.ts';
import { FINTS_INSTEAD } from './fints/misbehave.ts';
import * as fints from './fints/serve.ts';
import { AFTERWARDS, type Behaviour, type Fault, INSTEAD, type Written } from './misbehave.ts';
import { authorizationServerMetadata, exchangeToken } from './oauth.ts';
import type { Stage } from './stage.ts';
import { storeCall } from './store.ts';
import { type Bank, type Face, findBank } from './world/banks.ts';
import type { Call } from './xs2a/call.ts';
import { formatError, presentRefusal, Refused, type Reply } from './xs2a/errors.ts';
import { findRoute, type Operation } from './xs2a/routes.ts';

/** A request as far as it was understood before anything was looked up. */
type Arrived = {
  bank: Bank | undefined;
  face: Face | undefined;
  operation: string;
  path: string;
  query: URLSearchParams;
  part: Record<string, string>;
  answer: Operation | undefined;
  /** OAuth endpoints are no part of the XS2A file and need no `X-Request-ID`. */
  oauth: boolean;
  /** A message at a FinTS interface. */
  fints?: fints.Arrival;
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
  const arrived = arrive(request, text);
  const { bank, operation } = arrived;
  const behaviour = bank ? await stage.misbehaviours.take(bank.slug, operation) : undefined;
  if (behaviour?.kind === 'slow') await wait(behaviour.delay_ms ?? 3000, undefined, { ref: false });
  const fault = behaviour && insteadOf(arrived, behaviour);
  const written = fault ? fault.written : await work(stage, request, arrived, text, behaviour);
  const spoiled =
    written && behaviour ? (AFTERWARDS[behaviour.kind]?.(written, behaviour) ?? { written }) : { written };
  const outcome: Fault = { ...spoiled, ...(fault?.end ? { end: fault.end } : {}) };
  if (bank) await record(stage, request, arrived, text, outcome, behaviour, performance.now() - began);
  send(request, response, outcome);
}

function insteadOf({ fints: arrival }: Arrived, behaviour: Behaviour): Fault | undefined {
  if (!arrival) return INSTEAD[behaviour.kind]?.(behaviour);
  // A return code is the bank's own answer.
  if (behaviour.kind === 'error') return undefined;
  const written = FINTS_INSTEAD[behaviour.kind]?.(behaviour);
  return written ? { written } : INSTEAD[behaviour.kind]?.(behaviour);
}

function arrive(request: IncomingMessage, text: string | undefined): Arrived {
  const url = new URL(request.url ?? '/', 'https://bank.invalid');
  const segments = url.pathname.split('/').slice(1);
  // RFC 8414 §3.1 puts the well-known part before the issuer's path; many servers append it. Both are served.
  const wellKnown = segments[0] === '.well-known' && segments.length === 3;
  const bank = findBank((wellKnown ? segments[2] : segments[0]) ?? '');
  const rest = wellKnown ? '/.well-known/oauth-authorization-server' : `/${segments.slice(1).join('/')}`;
  const face = bank?.faces.find((one) => one.path === '' || rest.startsWith(`/${one.path}/`));
  const path = face?.path ? rest.slice(face.path.length + 1) : rest;
  const arrived = { bank, face, path, query: url.searchParams, part: {}, oauth: false, answer: undefined };
  if (fints.speaksFints(bank) && path === '/fints' && request.method === 'POST') {
    const arrival = fints.arrive(bank, text);
    return { ...arrived, fints: arrival, operation: arrival.operation };
  }
  if (bank && face?.approach === 'oauth') {
    if (path === '/token') return { ...arrived, oauth: true, operation: 'token' };
    if (path === '/.well-known/oauth-authorization-server') return { ...arrived, oauth: true, operation: 'metadata' };
  }
  const route = face && findRoute(request.method ?? '', path);
  return { ...arrived, operation: route?.operation ?? 'unknown', part: route?.part ?? {}, answer: route?.answer };
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
    if (!bank || !face) throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such bank.');
    if (operation === 'metadata') return write(authorizationServerMetadata(stage, bank));
    const client = await holderOf(request.socket as TLSSocket);
    if (text === undefined) throw new Refused(400, 'FORMAT_ERROR', 'The body is too large.');
    if (operation === 'token') return write(await exchangeToken(stage, bank, client, text, request));
    const headers = flat(request);
    if (!/^[0-9a-f-]{36}$/i.test(headers['x-request-id'] ?? ''))
      throw formatError('header X-Request-ID must be a UUID');
    if (!arrived.answer) {
      const known = ['GET', 'POST', 'PUT', 'DELETE'].some((method) => findRoute(method, arrived.path));
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
    return write(await arrived.answer(call), headers['x-request-id']);
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
    body: reply.body === undefined ? '' : JSON.stringify(reply.body),
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
  const length = written.status === 204 ? {} : { 'content-length': body.length };
  response.writeHead(written.status, { ...written.headers, ...length });
  response.end(body);
}

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
  const { bank, face, path, query, operation, part, oauth } = arrived;
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
    person_present: !!headers['psu-ip-address'],
    ...(arrived.fints ? fints.loggedAs(arrived.fints) : {}),
    ...(behaviour ? { misbehaviour: behaviour.kind } : {}),
    own_ms: Math.round(ownMs * 100) / 100,
  });
  if (oauth || arrived.fints || !outcome.written) return;
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
    ...(behaviour ? { misbehaviour: behaviour.kind } : {}),
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
