import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Stage } from '../../stage.ts';
import type { Bank } from '../../world/bank.ts';
import { findConsent, isOpen } from '../data/consents.ts';
import { DIRECTORY, readDirectory } from '../directory.ts';
import type { OpenBankingFace } from '../face.ts';
import { ASKED_S, CONSENT_PARAMETERS, decoupled } from '../phone.ts';
import { settingsOf } from '../settings.ts';
import {
  consumePayload,
  dropEnded,
  dropGranted,
  dropPayload,
  findPayload,
  findPayloadByUid,
  type Payload,
  storePayload,
} from '../state-store.ts';
import { ALGORITHMS } from './jwt.ts';
import { keysOf } from './keys.ts';
import { matchesSubject } from './subject.ts';

/** A bank that speaks UK Open Banking. */
export type UkBank = Bank & { openBanking: OpenBankingFace };

/** True for a bank that speaks UK Open Banking. */
export const speaksOpenBanking = (bank: Bank | undefined): bank is UkBank => bank?.openBanking !== undefined;

/** A token that the server issued. */
export type IssuedToken = {
  clientId: string;
  grantId?: string;
  accountId?: string;
  scope?: string;
  'x5t#S256'?: string;
};

type Found = { find(value: string): Promise<IssuedToken | undefined> };

/** What is used of oidc-provider, which brings no types. */
export type Provider = {
  issuer: string;
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionDetails(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ uid: string; params: Record<string, unknown> }>;
  interactionResult(request: IncomingMessage, response: ServerResponse, result: object): Promise<string>;
  backchannelResult(request: string, result: unknown, about?: object): Promise<void>;
  AccessToken: Found;
  ClientCredentials: Found;
  Client: {
    new (metadata: object): { clientId: string; metadata(): Payload };
    find(id: string): Promise<{ clientId: string; clientName?: string } | undefined>;
    Schema: { prototype: { invalidate(message: string, code?: string): void } };
  };
  Grant: new (about: {
    accountId: string;
    clientId: string;
  }) => {
    addOIDCScope(scope: string): void;
    addOIDCClaims(claims: string[]): void;
    save(): Promise<string>;
  };
  on(event: string, listener: (...about: never[]) => void): void;
};

/** The package is not there: the rest of the pretend banks work without it. */
export class ProviderMissing extends Error {
  constructor(cause: unknown) {
    super(
      'This pretend bank needs the optional package oidc-provider, which is not installed: run npm ci without --omit=optional.',
    );
    this.cause = cause;
  }
}

const TEN_YEARS_S = 10 * 365 * 86_400;
const running = new WeakMap<Stage, Map<string, Promise<Provider>>>();

/** The bank's authorization server; loaded when it is first needed. Throws `ProviderMissing`. */
export function providerOf(stage: Stage, bank: UkBank): Promise<Provider> {
  const ofStage = running.get(stage) ?? new Map<string, Promise<Provider>>();
  running.set(stage, ofStage);
  const known = ofStage.get(bank.slug) ?? openProvider(stage, bank);
  ofStage.set(bank.slug, known);
  known.catch(() => ofStage.delete(bank.slug));
  return known;
}

/** Reads keys anew the next time it is needed. */
export const closeProvider = (stage: Stage, bank: UkBank): void => void running.get(stage)?.delete(bank.slug);

/** The machine's time: what tokens and certificates live by, however far the sandbox clock was moved. */
export const wireNow = ({ clock }: Pick<Stage, 'clock'>): Date => new Date(clock.now().getTime() - clock.aheadMs);

async function openProvider(stage: Stage, bank: UkBank): Promise<Provider> {
  const { default: Loaded } = await load();
  await dropEnded(stage.database, bank.slug, wireNow(stage));
  const { keys, cookie } = await keysOf(stage, bank.slug);
  const issuer = stage.machineUrl(bank.slug);
  const provider = new Loaded(issuer, {
    ...configuration(stage, bank, issuer),
    jwks: { keys },
    cookies: { keys: [cookie] },
  });
  allowLocalRedirects(provider);
  provider.on('server_error', (_context: never, error: never) =>
    stage.log.error('sandbox.failed', { error, bank: bank.slug }),
  );
  return provider;
}

/** What ends a question in the app that the person refused. */
export const accessDenied = async (): Promise<unknown> =>
  new (await load()).errors.AccessDenied('The customer refused.');

type Loaded = {
  default: new (issuer: string, configuration: object) => Provider;
  errors: { AccessDenied: new (text: string) => Error };
};

async function load(): Promise<Loaded> {
  try {
    // @ts-expect-error: the package brings no types
    return await import('oidc-provider');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' ? new ProviderMissing(error) : error;
  }
}

/**
 * A hybrid client's return address must be https and not localhost. On a developer's machine it is neither, so exactly these
 * two checks are switched off.
 */
function allowLocalRedirects({ Client: { Schema } }: Provider): void {
  const { invalidate } = Schema.prototype;
  Schema.prototype.invalidate = function (message, code) {
    if (code === 'implicit-force-https' || code === 'implicit-forbid-localhost') return;
    invalidate.call(this, message, code);
  };
}

/** What the authorization server says of a request. */
export type Context = { req: { socket: TLSSocket }; oidc: { params?: object; client?: { clientId: string } } };

function configuration(stage: Stage, bank: UkBank, issuer: string): object {
  const signing = [...ALGORITHMS];
  return {
    adapter: (model: string) => adapter(stage, bank.slug, model),
    scopes: ['openid', 'accounts'],
    claims: { openid: ['sub', 'openbanking_intent_id'], acr: null },
    acrValues: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'],
    responseTypes: ['code', 'code id_token'],
    clientAuthMethods: ['private_key_jwt', 'tls_client_auth'],
    enabledJWA: {
      clientAuthSigningAlgValues: signing,
      idTokenSigningAlgValues: signing,
      requestObjectSigningAlgValues: signing,
      authorizationSigningAlgValues: signing,
      userinfoSigningAlgValues: signing,
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      pushed_authorization_request: '/par',
      jwks: '/jwks',
      backchannel_authentication: '/backchannel',
    },
    discovery: { registration_endpoint: `${issuer}/register` },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      ClientCredentials: 300,
      Grant: TEN_YEARS_S,
      IdToken: 300,
      Interaction: 1800,
      RefreshToken: TEN_YEARS_S,
      Session: 1800,
      BackchannelAuthenticationRequest: ASKED_S,
    },
    extraParams: [...CONSENT_PARAMETERS],
    // A consent lasts as long as it lasts, whether or not the browser still knows the person.
    expiresWithSession: () => false,
    issueRefreshToken: (_context: Context, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: async () => (await settingsOf(stage, bank)).rotate,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      fapi: { enabled: true, profile: '1.0 Final' },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      jwtResponseModes: { enabled: true },
      requestObjects: { enabled: true, requireSignedRequestObject: true },
      ciba: decoupled(stage, bank),
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: ({ req: { socket } }: Context) =>
          socket.authorized ? socket.getPeerX509Certificate?.()?.toString() : undefined,
        certificateAuthorized: ({ req: { socket } }: Context) => socket.authorized,
        certificateSubjectMatches: ({ req: { socket } }: Context, name: string, expected: string) =>
          name === 'tls_client_auth_subject_dn' && matchesSubject(socket.getPeerX509Certificate?.()?.subject, expected),
      },
    },
    interactions: { url: (_context: Context, { uid }: { uid: string }) => `/approve/${uid}` },
    // By custom of the standard the consent is the subject.
    findAccount: async (_context: Context, id: string, token?: IssuedToken) => {
      const consent = await findConsent(stage, bank, id);
      if (!consent || (token?.grantId && (token.grantId !== consent.grantId || !isOpen(consent)))) return undefined;
      return { accountId: id, claims: async () => ({ sub: id, openbanking_intent_id: id }) };
    },
    // The people's pages show it; see pages.ts.
    renderError: (context: { body: unknown }, { error, error_description }: Record<string, string>) => {
      context.body = { error, error_description };
    },
    // Keys of a software stand in the directory, which is this process; nothing else is fetched.
    fetch: async (address: string) => {
      const path = new URL(address).pathname.replace(`/${DIRECTORY}/`, '/');
      const found = address.includes(`/${DIRECTORY}/`) ? await readDirectory(stage, path) : undefined;
      return new Response(JSON.stringify(found ?? {}), { status: found ? 200 : 404 });
    },
  };
}

/** What the server keeps, in the database (`sandbox.oidc`). */
function adapter({ database, clock }: Stage, bank: string, model: string) {
  const now = () => wireNow({ clock });
  return {
    upsert: (id: string, payload: Payload, expiresInS?: number) =>
      storePayload(
        database,
        bank,
        model,
        id,
        payload,
        expiresInS ? new Date(now().getTime() + expiresInS * 1000) : undefined,
      ),
    find: (id: string) => findPayload(database, bank, model, id, now()),
    findByUid: (uid: string) => findPayloadByUid(database, bank, model, uid),
    findByUserCode: async () => undefined,
    consume: (id: string) => consumePayload(database, bank, model, id),
    destroy: (id: string) => dropPayload(database, bank, model, id),
    revokeByGrantId: async (grantId: string) => void (await dropGranted(database, bank, grantId, model)),
  };
}
