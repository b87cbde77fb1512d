import type { z } from 'zod';
import type { Account, AccountType, Balance, Page, Scope } from './account.ts';
import type { Json, Resume, Turn } from './step.ts';

/** A resumable exchange with a bank. Called once per turn, until it is done. Throws `BankError` when the bank says no. */
export type Conversation<Request, Result> = (
  context: BankContext,
  request: Request,
  resume?: Resume,
) => Promise<Turn<Result>>;

/** One bank standard. What the platform knows of banks, it knows through this. */
export type Connector = {
  readonly standard: string;
  /**
   * Signs in with the person's own login each time: it may be kept beyond a visit where app and person allow it, and the
   * first reading happens in the visit, because any read may ask the person once more (FinTS).
   */
  readonly keepsSecrets?: true;
  /** What a provider file may say under an interface's `facts`; the schema's defaults are the usual bank. */
  readonly facts: z.ZodType<Json>;
  readonly authorise: Conversation<Permission, Grant>;
  readonly accounts: Conversation<{ grant: Grant }, Account[]>;
  readonly balances: Conversation<{ grant: Grant; account: Account }, Balance[]>;
  /** `since` is a day, inclusive. `cursor` is `Page.next` of the page before. */
  readonly transactions: Conversation<{ grant: Grant; account: Account; since: string; cursor?: string }, Page>;
  /** Ends the grant at the bank. Done twice is done once. */
  readonly revoke: (context: BankContext, grant: Grant) => Promise<void>;
  /**
   * What an exchange that will not go on may have left approved at the bank, from its memory, for `revoke`; undefined when
   * nothing was made there yet. Asks nobody. Absent where a standard leaves nothing behind.
   */
  readonly unfinished?: (memory: Json) => Grant | undefined;
  /** Whether the grant still lives at the bank, without reading account data. Absent where a standard cannot say. */
  readonly check?: (context: BankContext, grant: Grant) => Promise<'valid' | 'waiting_for_signers' | 'gone'>;
};

/** What the person is about to allow. Days are `YYYY-MM-DD`. */
export type Permission = {
  scopes: Scope[];
  accountTypes: AccountType[];
  /** false = one read: a one-off consent where the bank has one. */
  recurring: boolean;
  /** The last day the app asked for; the bank may shorten it. */
  validUntil: string;
  /** App and person allow that the login is kept beyond this visit. */
  storeSecrets?: boolean;
  /** The grant that is being renewed, if any: must keep working until the new one is granted. */
  renews?: Grant;
};

/**
 * What the bank let us do, as its connector understands it: tokens, consent id, system id. Opened for one call, sealed
 * between. `accounts` are the bank's references where the grant lists them; `chosenAtBank` says the person has already
 * picked accounts on the bank's own page, or others have approved them since, so it is not asked twice.
 */
export type Grant = {
  validUntil?: Date;
  accounts?: string[];
  chosenAtBank?: boolean;
  secret: Json;
  /** What only this visit may use, such as a password that is not to be kept: never stored with a connection. */
  visit?: { secret: Json; forgetAt: Date };
  /** Reading works only while the person is there: nothing is planned in the background. */
  attendedOnly?: boolean;
};

/** The person at the screen right now, as their browser presented itself. Absent in everything unattended. */
export type Person = {
  ipAddress: string;
  port?: number;
  userAgent?: string;
  accept?: string;
  acceptLanguage?: string;
};

/** In whose name the bank is asked. */
export type Requester = {
  name: string;
  /** `organizationIdentifier` of the certificate, e.g. `PSDDE-BAFIN-123456`. */
  organizationId?: string;
  /** Product id of the FinTS registration (fints.org), at most 25 characters. */
  productId?: string;
};

/** One call to the bank. `path` is relative to the interface's base address (empty: exactly that) or an absolute link the bank gave. */
export type BankRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  headers?: Record<string, string>;
  /** JSON value to send; absent = no body. */
  body?: Json;
  /** A body that is no JSON, sent as it is; its `content-type` stands in `headers`. */
  text?: string;
  /** Signed in our name with the sealing certificate, where the bank wants that. */
  signature?: SignatureWish;
  /** What it is for, in the ledger: `consent`, `authorisation`, `accounts`, `balances`, `transactions`, `revocation`. */
  purpose: string;
  /** The account's reference at the bank, for the call budget of data calls. */
  account?: string;
};

/**
 * How a bank wants requests signed (draft-cavage-http-signatures, as XS2A 1.3 uses it): which headers, as far as the request
 * has them, and how the certificate's serial number is written in `keyId`. `Digest` is always there and signed.
 */
export type SignatureWish = { headers: string[]; serial: 'hex' | 'decimal' };

/** The bank's answer, whatever its status. Header names in lower case. `url` is where it came from, for relative links. */
export type BankReply = { status: number; headers: Record<string, string>; body: Uint8Array; url: string };

/** OAuth 2 with PKCE at the bank's own authorization server, keys and certificates inside. Tokens are plain JSON. */
export type BankOAuth = {
  /** Reads RFC 8414 metadata at `metadataUrl` and makes the address to send the person to, and what to remember. */
  begin(request: TokenServer & { scope: string; parameters?: OAuthParameters }): Promise<{ url: string; memory: Json }>;
  /** Redeems what the browser brought back, with the issuer, state and PKCE checked. Throws `declined` on access_denied. */
  finish(memory: Json, params: [string, string][]): Promise<BankTokens>;
  refresh(request: TokenServer & { refreshToken: string }): Promise<BankTokens>;
  /** A token in our own name (client credentials), as whoever the client certificate names. */
  own(request: TokenServer & { scope: string }): Promise<BankTokens>;
  /** The same at a server where our identity is registered: signed requests, FAPI 1.0 Advanced and 2.0. */
  registered?: RegisteredOAuth;
};

/** Where tokens come from, and who we are there. `endpoints` takes the place of metadata at servers that have none. */
export type TokenServer = {
  metadataUrl: string;
  clientId: string;
  endpoints?: { authorization: string; token: string };
};

/** Parameters of the authorization request that a server calls or fills otherwise, by their names in RFC 6749. */
export type OAuthParameters = { [name: string]: { name?: string | undefined; value?: string | undefined } };

/** A bank's authorization server and how it wants to be spoken to. JSON: it comes from the provider's facts. */
export type AuthorizationServer = {
  /** Where its metadata stands (`…/.well-known/openid-configuration`). */
  metadataUrl: string;
  /** Its issuer, where that is not what the metadata's address says. */
  issuer?: string;
  /** `hybrid`: `code id_token`; `jarm`: a signed answer; `code`: a code and the issuer. */
  response: 'hybrid' | 'jarm' | 'code';
  /** The request is pushed first, and the browser carries only its name. */
  pushed: boolean;
  /** `aud` of client assertions, where it is not the issuer. */
  audience?: string;
};

/** What a claim of every id token must say: one of these values. `required: false` forgives a bank that leaves it out. */
export type ExpectedClaims = { [claim: string]: { values: string[]; required: boolean } };

/** An approval on the person's own device that is waited for (CIBA); moments in milliseconds since 1970. */
export type PendingApproval = { id: string; expiresAt: number; pollAfterMs: number };

/** A client registered at the bank: client id, keys and certificate are inside. Errors carry a `reason`, as above. */
export type RegisteredOAuth = {
  /** A token in our own name (client credentials), reused while it lives; `fresh` asks for another. */
  ownToken(server: AuthorizationServer, scope: string, options?: { fresh?: boolean }): Promise<BankTokens>;
  /** The address to send the person to. `claims` is the OpenID parameter, `extra` further parameters of the request. */
  begin(request: {
    server: AuthorizationServer;
    scope: string;
    claims?: object;
    extra?: { [name: string]: string };
    expect?: ExpectedClaims;
  }): Promise<{ url: string; memory: Json }>;
  finish(memory: Json, params: [string, string][]): Promise<BankTokens>;
  refresh(server: AuthorizationServer, refreshToken: string): Promise<BankTokens>;
  /** Has the bank ask the person on their own device; `claims` go into the signed request. */
  beginBackchannel(server: AuthorizationServer, claims: { [name: string]: Json }): Promise<PendingApproval>;
  /** Looks once: the tokens, or what is to be waited for still. */
  pollBackchannel(
    server: AuthorizationServer,
    pending: PendingApproval,
    expect?: ExpectedClaims,
  ): Promise<BankTokens | PendingApproval>;
};

/** Tokens of a bank's authorization server; `expiresAt` in milliseconds since 1970. */
export type BankTokens = { accessToken: string; refreshToken?: string; expiresAt?: number };

/** Everything a connector is handed for one call. It has no other way to the world. */
export type BankContext = {
  /** The interface's facts, parsed by the connector's own schema. */
  facts: Json;
  /**
   * Calls the bank: base address, client certificate, time limit, size limit, ledger and address checks are inside.
   * Throws `BankError('unavailable')` when no answer came, `BankError('unexpected')` for an address that is not the bank's.
   */
  http: (request: BankRequest) => Promise<BankReply>;
  oauth: BankOAuth;
  requester: Requester;
  now: () => Date;
  /** Where the bank may send the browser back to, carrying our unguessable state; one per conversation. */
  returnUrl: string;
  /** Where the bank may tell us that something changed, of this conversation's consent. Absent where nobody could be told. */
  notificationUrl?: string;
  /** Present only while the person is really there; presence headers are sent then and only then. */
  person?: Person;
  /**
   * Renews a grant under a lease: reads the stored grant again, lets the connector call the bank with it, stores the
   * outcome before it returns. Rotating refresh tokens need exactly that.
   */
  refreshGrant: (call: (grant: Grant) => Promise<Grant>) => Promise<Grant>;
};
