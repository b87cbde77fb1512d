import type { Grant } from '../../../banking/connector.ts';
import type { Json, Resume } from '../../../banking/step.ts';
import type { Tx } from '../../../base/database.ts';
import { readGrant, refreshUnderLease, withoutVisit } from '../../connections/grants.ts';
import type { Platform } from '../../platform.ts';
import type { Resource } from '../../syncs/budget.ts';
import type { StepNeeded } from '../../syncs/reading.ts';
import { runSync } from '../../syncs/run.ts';
import { FORGOTTEN } from '../ending.ts';
import type { Session } from '../session.ts';
import { changeSession } from '../store.ts';
import { chosenWay } from '../visit/choices.ts';
import { type Answering, keepGrant, storeStep } from './asking.ts';
import { finishVisit } from './finishing.ts';
import { openMemory, openSessionGrant, openWayBack, sealSessionGrant } from './memory.ts';

/** Where a reading within a visit stands: whose question it was, and what its connector remembered. */
type ReadingMemory = { sync: string; account: string; resource: Resource; memory: Json };

/** What a reading in a visit is to begin or go on with. */
type Reading = { sync: string; resume?: ReadingMemory & Pick<Resume, 'answer'> };

/** Whether reading happens in the visit: any read at such a bank may ask the person, with what they typed in this visit. */
export function readsInVisit(platform: Platform, session: Session): boolean {
  const way = chosenWay(platform, session);
  return way !== undefined && platform.connectors[way.standard]?.keepsSecrets === true;
}

/** Everything else of the visit is over; its grant stays until the reading has ended. Throws when the visit has moved on. */
export async function startReading(
  platform: Platform,
  tx: Tx,
  session: Session,
  consent: string | null,
  connection: string,
  grant: Grant,
): Promise<Session> {
  const at = platform.clock.now();
  const started = await changeSession(
    tx,
    session,
    {
      ...FORGOTTEN,
      grant_sealed: sealSessionGrant(platform, session, grant),
      screen: 'step',
      consent,
      connection,
      tries: 0,
      turn_state: 'working',
      working_since: at,
      working_on: 'reading',
      phase: { phase: 'reading', at: at.toISOString() },
    },
    { next: true, at },
  );
  if (!started) throw new Error('the visit moved on while access was being granted');
  return started;
}

/**
 * Reads while the person is there, and ends the visit. Where the bank asks for something, the visit shows it and goes on
 * reading with the answer, at that account and that page.
 */
export async function readInVisit(
  platform: Platform,
  session: Session,
  reading: Reading,
  by: Answering,
): Promise<void> {
  try {
    const { tenant } = session;
    let held = openSessionGrant(platform, session);
    if (!held) throw new Error('the visit has lost its grant');
    const asked = await runSync(platform, { tenant, sync: reading.sync }, NEVER, {
      session: session.id,
      ...((by.person ?? session.person) ? { person: (by.person ?? session.person)! } : {}),
      grant: () => held!,
      async keep(fresh) {
        await keepGrant(platform, session, fresh);
        held = fresh;
      },
      ...(reading.resume ? { resume: reading.resume } : {}),
    });
    if (asked && (await showStep(platform, session, reading.sync, asked))) return;
  } catch (error) {
    platform.log.error('session.reading_failed', { session: session.id, error, requestId: by.requestId });
  }
  await finishReading(platform, session, by);
}

/** The person has answered a question of a bank in the middle of reading, or a job has looked whether they approved. */
export async function goOnReading(platform: Platform, session: Session, resume: Resume, by: Answering): Promise<void> {
  const memory = resume.memory as unknown as ReadingMemory;
  await readInVisit(platform, session, { sync: memory.sync, resume: { ...memory, answer: resume.answer } }, by);
}

/**
 * The visit is over, with what was read and without what was not: the consent was given, and what the bank still wants is
 * asked in the next visit. Nothing when somebody else ended it first.
 */
export async function finishReading(platform: Platform, session: Session, by: Answering): Promise<void> {
  const { tenant, connection } = session;
  const held = openSessionGrant(platform, session);
  if (!connection) throw new Error('the visit has lost its connection');
  if (held) await keepWayIn(platform, session, connection, held);
  await platform.database.transaction(async (tx) => {
    const at = platform.clock.now();
    const still = await changeSession(tx, session, { turn_state: 'asking' }, { next: false, at });
    if (still) await finishVisit(platform, tx, still, session.consent, connection, by);
  });
  platform.log.info('session.reading_over', { tenant, session: session.id, connection });
}

/** Whether a visit stands in its reading. */
export function isReading(platform: Platform, session: Session): boolean {
  return session.workingOn === 'reading' || openMemory(platform, session)?.at === 'reading';
}

async function showStep(platform: Platform, session: Session, sync: string, asked: StepNeeded): Promise<boolean> {
  const { account, resource, turn } = asked;
  const memory = { sync, account, resource, memory: turn.memory } satisfies ReadingMemory;
  const wayBack = openWayBack(platform, session) ?? '';
  return storeStep(platform, session, { ...turn, memory: memory as unknown as Json }, 'reading', wayBack);
}

/** What the bank told in the visit of how to come back (system id, parameters) is kept with the connection. */
async function keepWayIn(platform: Platform, session: Session, connection: string, held: Grant): Promise<void> {
  const { tenant } = session;
  const stored = await readGrant(platform, tenant, connection);
  const fresh = withoutVisit(held);
  const before = JSON.stringify(stored);
  if (!stored || before === JSON.stringify(fresh)) return;
  // What another server stored meanwhile is newer than what the visit holds.
  await refreshUnderLease(platform, tenant, connection, async (now) => (JSON.stringify(now) === before ? fresh : now));
}

const NEVER = new AbortController().signal;
