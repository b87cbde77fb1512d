import type { Account } from '../../banking/account.ts';
import type { Grant } from '../../banking/connector.ts';
import type { Json, Step } from '../../banking/step.ts';
import { openGrant, sealGrant } from '../connections/grants.ts';
import type { Platform } from '../platform.ts';
import type { Session } from './session.ts';

/** Which exchange with the bank goes on, and what its connector remembered. */
export type Conversation = { at: 'authorise' | 'accounts'; memory: Json };

type Where = Pick<Session, 'tenant' | 'id'>;

/** Everything a visit remembers of the bank lies sealed in its row, each field under its own name. */
export const sealStep = (platform: Platform, session: Where, step: Step) => seal(platform, session, 'step', step);
export const sealMemory = (platform: Platform, session: Where, memory: Conversation) =>
  seal(platform, session, 'memory', memory);
export const sealFound = (platform: Platform, session: Where, found: Account[]) =>
  seal(platform, session, 'found', found);
export const sealWayBack = (platform: Platform, session: Where, state: string) =>
  seal(platform, session, 'way_back', state);

export function openStep(platform: Platform, session: Session): Step | undefined {
  const step = open<Step>(platform, session, 'step', session.step);
  return step?.kind === 'wait' ? { ...step, giveUpAt: new Date(step.giveUpAt) } : step;
}

export function openMemory(platform: Platform, session: Session): Conversation | undefined {
  return open(platform, session, 'memory', session.memory);
}

export function openFound(platform: Platform, session: Session): Account[] {
  return open<Account[]>(platform, session, 'found', session.found) ?? [];
}

export function openWayBack(platform: Platform, session: Session): string | undefined {
  return open(platform, session, 'way_back', session.wayBackSealed);
}

export function sealSessionGrant(platform: Platform, session: Where, grant: Grant): Buffer {
  return sealGrant(platform, session.tenant, session.id, grant);
}

export function openSessionGrant(platform: Platform, session: Session): Grant | undefined {
  return session.grantSealed ? openGrant(platform, session.tenant, session.id, session.grantSealed) : undefined;
}

function seal(platform: Platform, session: Where, field: string, value: unknown): Buffer {
  return platform.vault.seal(JSON.stringify(value), [String(session.tenant), session.id, field]);
}

function open<T>(platform: Platform, session: Session, field: string, sealed: Buffer | null): T | undefined {
  if (!sealed) return undefined;
  return JSON.parse(platform.vault.open(sealed, [String(session.tenant), session.id, field]).toString()) as T;
}
