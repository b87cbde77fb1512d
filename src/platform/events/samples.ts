import { newId } from '../../base/ids.ts';
import type { Caller, Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import type { EventType } from './event-types.ts';
import type { EventObject } from './events.ts';
import { insertEvent } from './store.ts';

/** Sends an event of that type about nothing, with invented ids, to every endpoint that wants it. In test mode only. */
export async function sendSample(platform: Platform, caller: Caller, type: EventType): Promise<string> {
  if (caller.mode !== 'test') throw new Problem('forbidden', 'Invented events are for test mode.');
  const id = newId('event');
  const at = platform.clock.now();
  const { tenant, requestId } = caller;
  await platform.database.together(insertEvent(id, { tenant, type, data: sampleData(type), requestId, at }));
  return id;
}

const KINDS = {
  consent: 'consent',
  session: 'session',
  connection: 'connection',
  bank_account: 'bankAccount',
  transactions: 'bankAccount',
  sync: 'sync',
  customer: 'customer',
} as const;

function sampleData(type: EventType): EventObject {
  const [noun = '', happened = ''] = type.split('.');
  if (noun === 'provider')
    return { id: 'de-nordwind', object: 'provider', status: happened === 'restored' ? 'good' : 'down', sample: true };
  const kind = KINDS[noun as keyof typeof KINDS] ?? 'webhookEndpoint';
  const object = noun === 'transactions' ? 'bank_account' : noun === 'webhook' ? 'webhook_endpoint' : noun;
  return { id: newId(kind), object, status: happened, sample: true };
}
