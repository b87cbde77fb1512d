import { randomBytes, randomUUID } from 'node:crypto';
import type { CertificateHolder } from '../authority.ts';
import type { Stage } from '../stage.ts';
import type { Bank, Face } from '../world/banks.ts';
import { dayOf } from '../world/time.ts';
import { formatError, type Links } from './errors.ts';

/** A request at an interface, its certificate already looked at. */
export type Call = {
  stage: Stage;
  bank: Bank;
  face: Face;
  client: CertificateHolder;
  now: Date;
  headers: Record<string, string>;
  query: URLSearchParams;
  /** Parts of the path by name: `consentId`, `authorisationId`, `accountId`, `transactionId`. */
  part: Record<string, string>;
  body: unknown;
  /** Who has signed in before (pre-step). */
  signedIn?: string;
};

/** The interface of that path as it is now. */
export const faceOf = (stage: Stage, bank: Bank, path: string): Face | undefined =>
  stage.facts.facesOf(bank).find((face) => face.path === path);

/** True when the caller says the person is there; nothing else makes a call attended (standards §10). */
export const isAttended = (call: Call): boolean => !!call.headers['psu-ip-address'];

/** The day at the bank. */
export const today = (call: Call): string => dayOf(call.now, call.bank.zone);

/** The address of a path such as `/v1/consents/…`, written as this interface writes links. */
export function href(call: Pick<Call, 'stage' | 'bank' | 'face'>, path: string): string {
  const base = `${call.stage.machineUrl(call.bank.slug)}${call.face.path ? `/${call.face.path}` : ''}`;
  if (call.face.links === 'base') return path;
  return call.face.links === 'absolute' ? base + path : new URL(base).pathname + path;
}

/** Links by name to paths. */
export const links = (call: Pick<Call, 'stage' | 'bank' | 'face'>, paths: Record<string, string>): Links =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, { href: href(call, path) }]));

/** The header's text, or 400 `FORMAT_ERROR` when it is missing. */
export function needHeader(call: Call, name: string): string {
  const value = call.headers[name.toLowerCase()];
  if (!value) throw formatError(`header ${name} is missing`);
  return value;
}

/** An unguessable id for a consent. */
export const newConsentId = (): string => randomUUID();

/** An unguessable id for an authorisation; whoever has it may answer for the person, so it holds 192 bits. */
export const newAuthorisationId = (): string => randomBytes(24).toString('base64url');

/** The value of `ASPSP-SCA-Approach`; OAuth counts as redirect. */
export const approachHeader = (approach: string): string =>
  approach === 'oauth' ? 'REDIRECT' : approach.toUpperCase();
