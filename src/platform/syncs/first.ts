import type { Person } from '../../banking/connector.ts';
import type { Place } from '../../base/jobs.ts';
import type { Tx } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import type { Connection } from '../connections/connection.ts';
import type { Consent } from '../consents/consent.ts';
import type { Platform, Tenant } from '../platform.ts';
import { LEASE_S } from './reading.ts';
import * as store from './store.ts';
import { ATTENDED_MS } from './syncs.ts';

/** The first reading of a new connection, taken by the server that made it. */
export type FirstSync = { taken: store.TakenSync; place: Place };

/**
 * Makes the first reading of a new connection in the transaction of the grant, already taken by this server: nobody who
 * waits for it waits for a queue. Should the server die, the reading is found when its lease is over. `place` is the room
 * kept for it.
 */
export async function takeFirstSync(
  platform: Platform,
  tx: Tx,
  request: {
    tenant: Tenant;
    connection: Pick<Connection, 'id' | 'customer' | 'provider' | 'interface'>;
    consent: Consent;
    person: Person | null;
    place: Place;
  },
): Promise<FirstSync> {
  const { tenant, connection, consent, person, place } = request;
  const at = platform.clock.now();
  const taken: store.TakenSync = {
    id: newId('sync'),
    connection: connection.id,
    consent: consent.id,
    bankAccount: null,
    lease: 1,
    delays: 0,
    reason: 'connect',
    person,
    attendedUntil: person && new Date(at.getTime() + ATTENDED_MS),
    requestId: null,
    accounts: [],
    customer: connection.customer,
    provider: connection.provider,
    interface: connection.interface,
    recurring: consent.recurring,
    scopes: consent.scopes,
    historyDays: consent.historyDays,
    accountsReadAt: null,
  };
  await tx.later(store.insertTaken(tenant, taken, LEASE_S, at));
  return { taken, place };
}

/** Begins the reading, once the grant is committed. */
export function beginFirstSync(platform: Platform, tenant: Tenant, { taken, place }: FirstSync): void {
  const waiting = waitingAt(platform);
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  waiting.set(taken.consent, { told, tell });
  place.begin({ tenant, sync: taken.id, taken });
}

/** Resolves when this server has read the first balances of a consent, or cannot; undefined where it does not read them. */
export function firstBalances(platform: Pick<Platform, 'database'>, consent: string): Promise<void> | undefined {
  return waitingAt(platform).get(consent)?.told;
}

/** The balances of a consent's accounts are read, or will not be in this run. */
export function noteBalances(platform: Pick<Platform, 'database'>, consent: string): void {
  const waiting = waitingAt(platform);
  waiting.get(consent)?.tell();
  waiting.delete(consent);
}

type Waiting = { told: Promise<void>; tell(): void };

const readings = new WeakMap<object, Map<string, Waiting>>();

function waitingAt({ database }: Pick<Platform, 'database'>): Map<string, Waiting> {
  const known = readings.get(database) ?? new Map<string, Waiting>();
  readings.set(database, known);
  return known;
}
