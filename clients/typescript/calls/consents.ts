// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type {
  ClaimConsentBody,
  Consent,
  ConsentReceipt,
  CreateConsentBody,
  ListConsentsQuery,
  ReconfirmConsentBody,
  TimelineEntry,
  UpdateConsentBody,
} from '../api/consents.ts';
import type { List, Options, Send } from '../request.ts';

/** Consents. */
export const consents = (send: Send) => ({
  /** Create a consent. Send the person to `redirect.consent_url` of the answer. Everything is optional. */
  createConsent: (body: CreateConsentBody = {}, options: Options = {}): Promise<Consent> =>
    send({ method: 'POST', path: '/v1/consents', body, creates: true as const }, options),

  /** List consents, newest first */
  listConsents: (query: ListConsentsQuery = {}, options: Options = {}): Promise<List<Consent>> =>
    send({ method: 'GET', path: '/v1/consents', query }, options),

  /** Get a consent */
  getConsent: (id: string, options: Options = {}): Promise<Consent> =>
    send({ method: 'GET', path: `/v1/consents/${encodeURIComponent(id)}` }, options),

  /** Change a consent. Naming the `customer` makes a `new` consent `pending`. Once the person has agreed only `metadata` can change. */
  updateConsent: (id: string, body: UpdateConsentBody = {}, options: Options = {}): Promise<Consent> =>
    send({ method: 'POST', path: `/v1/consents/${encodeURIComponent(id)}`, body }, options),

  /** Revoke a consent. Reading ends at once. The bank is told as soon as it answers: `bank_revocation` says how that stands. */
  revokeConsent: (id: string, options: Options = {}): Promise<Consent> =>
    send({ method: 'POST', path: `/v1/consents/${encodeURIComponent(id)}/revoke` }, options),

  /** The person confirms that reading may go on. United Kingdom, every 90 days: see `reconfirm_by`. Say it only if the person did so, and when. Saying it twice is saying it once. */
  reconfirmConsent: (id: string, body: ReconfirmConsentBody, options: Options = {}): Promise<Consent> =>
    send({ method: 'POST', path: `/v1/consents/${encodeURIComponent(id)}/reconfirm`, body }, options),

  /** Claim a finished consent. From your server, with the `fx_claim` that came with the return. It works once. Make sure first that the browser that returned is that of the user you sent. */
  claimConsent: (id: string, body: ClaimConsentBody, options: Options = {}): Promise<Consent> =>
    send({ method: 'POST', path: `/v1/consents/${encodeURIComponent(id)}/claim`, body }, options),

  /** Every change of a consent, oldest first */
  listTimeline: (id: string, options: Options = {}): Promise<List<TimelineEntry>> =>
    send({ method: 'GET', path: `/v1/consents/${encodeURIComponent(id)}/timeline` }, options),

  /** The very text the person agreed to */
  getReceipt: (id: string, options: Options = {}): Promise<ConsentReceipt> =>
    send({ method: 'GET', path: `/v1/consents/${encodeURIComponent(id)}/receipt` }, options),
});
