import type { Account } from '../../../banking/account.ts';
import type { Grant } from '../../../banking/connector.ts';
import type { Json, Step } from '../../../banking/step.ts';
import type { HolderKeys } from '../../../base/vault/keyring.ts';
import { openGrant, sealGrant } from '../../connections/grants.ts';
import { keysOf } from '../../keys/data-keys.ts';
import type { Platform } from '../../platform.ts';
import type { Session } from '../session.ts';
import type { HandOver } from '../visit/handing-over.ts';

/** Which exchange with the bank goes on, and what its connector remembered. */
export type Conversation = {
  at: 'authorise' | 'accounts' | 'reading';
  memory: Json;
  /** It holds something typed for the bank, and is destroyed at this moment at the latest. */
  forgetAt?: string;
};

type Where = Pick<Session, 'tenant' | 'id' | 'customer' | 'ring'>;

/** Everything a visit remembers of the bank lies sealed in its row, each field under its own name. */
export const sealStep = (platform: Platform, session: Where, step: Step) => seal(platform, session, 'step', step);
/** What the connector remembers of the exchange. */
export const sealMemory = (platform: Platform, session: Where, memory: Conversation) =>
  seal(platform, session, 'memory', memory);
/** The accounts found, until the person has chosen among them. */
export const sealFound = (platform: Platform, session: Where, found: Account[]) =>
  seal(platform, session, 'found', found);
/** The state itself, for the further turns of the same exchange. */
export const sealWayBack = (platform: Platform, session: Where, state: string) =>
  seal(platform, session, 'way_back', state);

/** What was typed into the search for a bank. */
export const sealQuery = (platform: Platform, session: Where, query: string) => seal(platform, session, 'query', query);

/** What a foreign browser brought back from the bank, until digits are typed where the visit began. */
export const sealHandOver = (platform: Platform, session: Where, offered: HandOver) =>
  seal(platform, session, 'handover', offered);

/** What the person was asked; undefined when nothing is asked. */
export function openStep(platform: Platform, session: Session): Step | undefined {
  const step = open<Step>(platform, session, 'step', session.step);
  return step?.kind === 'wait' ? { ...step, giveUpAt: new Date(step.giveUpAt) } : step;
}

/** Where the exchange left off; undefined when none goes on. */
export function openMemory(platform: Platform, session: Session): Conversation | undefined {
  return open(platform, session, 'memory', session.memory);
}

/** What was searched for last; empty when nothing was. */
export function openQuery(platform: Platform, session: Session): string {
  return open(platform, session, 'query', session.querySealed) ?? '';
}

/** The accounts found; none before authentication. */
export function openFound(platform: Platform, session: Session): Account[] {
  return open<Account[]>(platform, session, 'found', session.found) ?? [];
}

/** The state of the present exchange, if it has one. */
export function openWayBack(platform: Platform, session: Session): string | undefined {
  return open(platform, session, 'way_back', session.wayBackSealed);
}

/** The return that waits for digits, of this exchange or an earlier one. */
export function openHandOver(platform: Platform, session: Session): HandOver | undefined {
  return open(platform, session, 'handover', session.handover);
}

/** What the bank gave, between authentication and the grant. */
export function sealSessionGrant(platform: Platform, session: Where, grant: Grant): Buffer {
  return sealGrant(keysFor(platform, session), session.tenant, session.id, grant);
}

/** The grant of this visit; undefined before authentication and after its end. */
export function openSessionGrant(platform: Platform, session: Session): Grant | undefined {
  return session.grantSealed
    ? openGrant(keysFor(platform, session), session.tenant, session.id, session.grantSealed)
    : undefined;
}

/** The keys of the person whose visit it is. */
export function keysFor(platform: Platform, { tenant, customer, ring }: Where): HolderKeys {
  return keysOf(platform, { tenant, holder: customer, ring });
}

function seal(platform: Platform, session: Where, field: string, value: unknown): Buffer {
  return keysFor(platform, session).seal(JSON.stringify(value), [String(session.tenant), session.id, field]);
}

function open<T>(platform: Platform, session: Session, field: string, sealed: Buffer | null): T | undefined {
  if (!sealed) return undefined;
  const plain = keysFor(platform, session).open(sealed, [String(session.tenant), session.id, field]);
  return JSON.parse(plain.toString()) as T;
}
