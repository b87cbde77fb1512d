import { Secret } from '../src/banking/secret.ts';
import type { Answer, Json } from '../src/banking/step.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { type Scripted, scriptedBank } from './scripted-bank.ts';

/** The authorisation that the scripted bank opens. */
export const A1 = '/psd2/v1/consents/c1/authorisations/a1';
/** Where authorisations are started. */
export const START = '/psd2/v1/consents/c1/authorisations';
/** Links of a consent. */
export const SELF = { self: { href: '/psd2/v1/consents/c1' }, status: { href: '/psd2/v1/consents/c1/status' } };
/** The header of an embedded approach. */
export const EMBEDDED = { 'aspsp-sca-approach': 'EMBEDDED' };
/** Two methods of a second proof. */
export const METHODS = [
  { authenticationType: 'SMS_OTP', authenticationMethodId: 'sms', name: 'SMS to •• 28' },
  {
    authenticationType: 'PHOTO_OTP',
    authenticationMethodId: 'photo',
    name: 'PhotoTAN',
    explanation: 'Use your reader',
  },
];
/** A picture of one pixel. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==';
/** The link to choose a method. */
export const SELECT = { selectAuthenticationMethod: { href: A1 } };
/** The links to send a code and to look. */
export const AUTHORISE = { authoriseTransaction: { href: A1 }, scaStatus: { href: A1 } };
/** The authorisation is over, and well. */
export const DONE: Scripted = { json: { scaStatus: 'finalised' } };

/** An answer that leads on. */
export function links(all: object, more: object = {}): Scripted {
  return { json: { ...more, _links: all } };
}

/** A consent that was made, with what it wants next. */
export function consent(all: object): Scripted {
  const json = { consentStatus: 'received', consentId: 'c1', _links: { ...SELF, ...all } };
  return { status: 201, headers: EMBEDDED, json };
}

/** A bank whose consent becomes valid, and what else it answers. */
export function bankWith(script: Record<string, Scripted | Scripted[]>, facts?: Json) {
  const end = {
    'GET /v1/consents/c1/status': { json: { consentStatus: 'valid' } },
    'GET /v1/consents/c1': { json: { consentStatus: 'valid', validUntil: '2026-12-31' } },
  };
  return scriptedBank(berlinGroup, { ...end, ...script }, { facts });
}

/** What a person types, secrets as secrets. */
export function fields(values: Record<string, string>): Answer {
  const secret = (name: string) => name !== 'user_id' && name !== 'iban';
  const entries = Object.entries(values);
  return {
    kind: 'fields',
    values: Object.fromEntries(entries.map(([name, value]) => [name, secret(name) ? new Secret(value) : value])),
  };
}

/** A consent that wants user id and password together. */
export const ONE_STEP = { 'POST /v1/consents': consent({ startAuthorisationWithPsuAuthentication: { href: START } }) };
/** Starting an authorisation. */
export const POST_AUTH = 'POST /v1/consents/c1/authorisations';
/** Updating it. */
export const PUT_AUTH = 'PUT /v1/consents/c1/authorisations/a1';
/** Looking at it. */
export const GET_AUTH = 'GET /v1/consents/c1/authorisations/a1';
