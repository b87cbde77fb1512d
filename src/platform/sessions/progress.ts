import { sameBytes } from '../../base/vault.ts';
import type { Platform, Tenant } from '../platform.ts';
import type { Session, SessionStatus } from './session.ts';
import { findOpenSessionOfConsent, findSession } from './store.ts';

/** What a page may hear of a visit while it goes on. Nothing in it is about a person or a bank, and nothing is a result. */
export const PROGRESS_TYPES = [
  'bank',
  'agree',
  'agreed',
  'at_bank',
  'authenticated',
  'grant',
  'granted',
  'trouble',
  'refused',
  'overview',
  'finished',
  'canceled',
  'failed',
  'expired',
] as const;
export type ProgressType = (typeof PROGRESS_TYPES)[number];

/** How far a visit has come: `pending` while nobody has opened it. */
export type Progress = {
  session: string | null;
  status: SessionStatus | 'pending';
  events: { type: ProgressType; at: string }[];
};

const PREFIX = 'dbe_';

/** Reads the progress of what one session's or consent's link leads to, and can do nothing else: a browser may hold it. */
export function eventsToken(platform: Pick<Platform, 'vault'>, tenant: Tenant, subject: string): string {
  return `${PREFIX}${tenant}.${subject}.${platform.vault.derive('events', `${tenant}.${subject}`)}`;
}

/** How far the visit of this token has come; undefined for anything that is no token of ours. */
export async function readProgress(platform: Platform, token: string): Promise<Progress | undefined> {
  const [, tenantText, subject] = /^dbe_(\d{1,9})\.((?:ses|cst)_[A-Za-z0-9]{22})\./.exec(token) ?? [];
  if (!tenantText || !subject) return undefined;
  const tenant = Number(tenantText);
  if (!sameBytes(token, eventsToken(platform, tenant, subject))) return undefined;
  const find = subject.startsWith('ses_') ? findSession : findOpenSessionOfConsent;
  const session = await platform.database.read.first<Session>(find(tenant, subject));
  if (!session) return { session: null, status: 'pending', events: [] };
  const over = session.status === 'open' && session.expiresAt <= platform.clock.now();
  const events = session.phases.flatMap(({ phase, at }) => {
    const type = typeOf(phase);
    return type ? [{ type, at }] : [];
  });
  const status = over ? 'expired' : session.status === 'open' && !session.owner ? 'pending' : session.status;
  return { session: session.id, status, events };
}

/** Steps at the bank are all one to an app: which they are is between the person and the bank. */
function typeOf(phase: string): ProgressType | undefined {
  const [name = ''] = phase.split(':');
  if (['redirect', 'form', 'choose', 'wait'].includes(name)) return 'at_bank';
  return PROGRESS_TYPES.find((type) => type === name);
}
