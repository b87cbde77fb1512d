import { BankError } from '../../banking/bank-error.ts';
import type {
  BankContext,
  BankReply,
  BankRequest,
  Connector,
  Grant,
  Person,
  SignatureWish,
} from '../../banking/connector.ts';
import { EgressFailed, EgressRefused, type EgressReply } from '../../base/egress.ts';
import { signMessage, type UnsignedMessage } from '../../base/message-signature.ts';
import { hashReference } from '../accounts/concealed/concealing.ts';
import type { Platform, Tenant } from '../platform.ts';
import type { Provider, ProviderInterface } from '../providers/provider.ts';
import { beginBankCall } from '../syncs/ledger.ts';
import { refreshUnderLease } from './grants.ts';
import { openOAuth } from './oauth.ts';
import { findTransport, type Transport } from './transport.ts';

/** On whose behalf and why a bank is called: what the ledger keeps, and what the connector may know. */
export type BankVisit = {
  tenant: Tenant;
  provider: string;
  interface: string;
  /** Our unguessable state for a redirect of this conversation; absent where nobody could come back. */
  wayBack?: string;
  /** Present only while the person is really there. */
  person?: Person;
  session?: string;
  connection?: string;
  sync?: string;
  requestId?: string;
  /** The grant in hand, for refreshing. */
  held?: Grant;
};

/** A bank, ready to be spoken to. */
export type OpenBank = { provider: Provider; interface: ProviderInterface; connector: Connector; context: BankContext };

const TIMEOUT_MS = 30_000;
const LARGEST_ANSWER = 50 * 1024 * 1024;

/** What the standards call the id of a request, under which a bank's support finds it. */
const REQUEST_ID = /^x-(request|fapi-interaction)-id$/i;

/** Gives a connector its way to one bank. Throws `BankError('misconfigured' | 'unsupported')` when there is none. */
export async function openBank(platform: Platform, visit: BankVisit): Promise<OpenBank> {
  const provider = platform.providers.find(visit.provider);
  const way = provider?.interfaces.find((one) => one.id === visit.interface);
  if (!provider || !way)
    throw new BankError('unsupported', 'this provider or interface is not in the directory any more');
  const connector = platform.connectors[way.standard];
  if (!connector) throw new BankError('unsupported', `no connector speaks ${way.standard}`);
  const transport = await findTransport(platform, visit.tenant, provider.environment);
  const send = sender(platform, provider, way, transport);
  let { held } = visit;
  const context: BankContext = {
    facts: way.facts,
    http: (request) => callBank(platform, visit, way, transport, send, request),
    oauth: openOAuth(platform, visit, transport, returnUrl(platform, visit), (request) =>
      callServer(platform, visit, send, request),
    ),
    requester: {
      name: transport.name,
      ...(transport.organizationId ? { organizationId: transport.organizationId } : {}),
      ...(transport.productId ? { productId: transport.productId } : {}),
    },
    now: () => platform.clock.now(),
    returnUrl: returnUrl(platform, visit),
    ...(visit.session ? { notificationUrl: `${platform.publicUrl}/told/${visit.tenant}/${visit.session}` } : {}),
    ...(visit.person ? { person: visit.person } : {}),
    async refreshGrant(call) {
      if (!held) throw new BankError('unexpected', 'there is no grant in hand to refresh');
      held = visit.connection
        ? await refreshUnderLease(platform, visit.tenant, visit.connection, call)
        : await call(held);
      return held;
    },
  };
  return { provider, interface: way, connector, context };
}

type Send = (request: {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}) => Promise<EgressReply>;

function sender(platform: Platform, provider: Provider, way: ProviderInterface, transport: Transport): Send {
  const tls = {
    ...(transport.certificate ? { cert: transport.certificate, key: transport.privateKey! } : {}),
    ...(transport.authority ? { ca: transport.authority } : {}),
  };
  return (request) =>
    platform.egress.request({
      ...request,
      hosts: way.hosts,
      tls,
      // EGRESS_ALLOW opens the way to test systems; a real bank is on the public internet.
      publicOnly: provider.environment === 'live',
      timeoutMs: TIMEOUT_MS,
      maxBytes: LARGEST_ANSWER,
    });
}

async function callBank(
  platform: Platform,
  visit: BankVisit,
  way: ProviderInterface,
  transport: Transport,
  send: Send,
  request: BankRequest,
): Promise<BankReply> {
  const url = addressOf(way, request.path);
  const body = request.body === undefined ? request.text : JSON.stringify(request.body);
  const headers = { ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers };
  const bankRequestId = Object.entries(headers).find(([name]) => REQUEST_ID.test(name))?.[1];
  const message = { method: request.method, url, headers, ...(body === undefined ? {} : { body }) };
  const sealed = request.signature ? await seal(transport, message, request.signature) : message;
  return ledgered(platform, visit, { ...request, ...(bankRequestId ? { bankRequestId } : {}) }, () => send(sealed));
}

/** Signed as the bank wants it, as late as can be: what is signed is what goes over the wire. */
async function seal<Message extends UnsignedMessage>(
  transport: Transport,
  message: Message,
  wish: SignatureWish,
): Promise<Message> {
  const held = await transport.findSeal();
  if (!held) throw new BankError('misconfigured', 'the bank wants signed requests, and the identity has no seal');
  return { ...message, headers: { ...message.headers, ...signMessage(held, message, wish) } };
}

function addressOf(way: ProviderInterface, path: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return path;
  return path === '' ? way.baseUrl : `${way.baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/** A call of the OAuth client: the same way out, the same ledger. */
async function callServer(
  platform: Platform,
  visit: BankVisit,
  send: Send,
  request: Parameters<Send>[0],
): Promise<EgressReply> {
  return ledgered(platform, visit, { method: request.method, purpose: 'authorisation_server' }, () => send(request));
}

async function ledgered(
  platform: Platform,
  visit: BankVisit,
  call: { method: string; purpose: string; account?: string; bankRequestId?: string },
  send: () => Promise<EgressReply>,
): Promise<EgressReply> {
  const at = platform.clock.now();
  const end = await beginBankCall(platform, {
    tenant: visit.tenant,
    at,
    provider: visit.provider,
    interface: visit.interface,
    connection: visit.connection ?? null,
    session: visit.session ?? null,
    sync: visit.sync ?? null,
    purpose: call.purpose,
    bankReference:
      call.account === undefined ? [] : [hashReference(platform, visit.tenant, call.account), call.account],
    method: call.method,
    attended: visit.person !== undefined,
    personAddress: visit.person?.ipAddress ?? null,
    requestId: visit.requestId ?? null,
    bankRequestId: call.bankRequestId ?? null,
  });
  const began = process.hrtime.bigint();
  const keep = (status: number | null, outcome: string) =>
    end({ status, outcome, durationMs: Number((process.hrtime.bigint() - began) / 1_000_000n) });
  try {
    const reply = await send();
    await keep(reply.status, reply.status < 400 ? 'ok' : 'refused');
    return reply;
  } catch (error) {
    if (error instanceof EgressRefused) {
      await keep(null, 'address_refused');
      throw new BankError('unexpected', `the bank gave an address that is not its own: ${error.reason}`);
    }
    if (error instanceof EgressFailed) {
      await keep(null, error.reason);
      const kind = error.reason === 'too_large' || error.reason === 'protocol' ? 'unexpected' : 'unavailable';
      throw new BankError(kind, `no usable answer from the bank: ${error.reason}`);
    }
    throw error;
  }
}

/** One return path per provider, so that one bank's answer can never be taken for another's. */
function returnUrl(platform: Platform, visit: BankVisit): string {
  const path = `${platform.publicUrl}/back/${visit.provider}`;
  return visit.wayBack === undefined ? path : `${path}?state=${visit.wayBack}`;
}
