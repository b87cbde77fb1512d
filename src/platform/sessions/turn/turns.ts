import { randomBytes } from 'node:crypto';
import type { Account } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Grant, Permission, Person } from '../../../banking/connector.ts';
import type { Answer, Resume, Step } from '../../../banking/step.ts';
import { hashToken } from '../../../base/vault.ts';
import { type OpenBank, openBank } from '../../connections/bank.ts';
import { readGrant } from '../../connections/grants.ts';
import type { Consent } from '../../consents/consent.ts';
import { findConsent } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import { REMEDIES } from '../../remedies.ts';
import { MOST_CHALLENGES, MOST_TRIES, PRESENT_MS, type Session } from '../session.ts';
import { changeSession, type SessionChanges } from '../store.ts';
import { grantAccess } from './granting.ts';
import {
  openMemory,
  openSessionGrant,
  openStep,
  openWayBack,
  sealFound,
  sealMemory,
  sealSessionGrant,
  sealStep,
  sealWayBack,
} from './memory.ts';
import { askAgain, leaveTurn } from './trouble.ts';

/** The queue of visits whose approval elsewhere is looked for. */
export const POLL_QUEUE = 'poll-session';
const DAY_MS = 24 * 3_600_000;

/** Who answers: the person at the screen, or a job that only looks whether they have approved elsewhere. */
export type Answering = { person?: Person; requestId?: string };

/**
 * Answers the step a visit stands at. One answer a turn: the claim is one statement, the bank is called with no
 * transaction open, and the outcome is stored under the same turn. False when another answer was first.
 */
export async function answerStep(
  platform: Platform,
  session: Session,
  answer: Answer,
  by: Answering,
): Promise<boolean> {
  const step = openStep(platform, session);
  const memory = openMemory(platform, session);
  if (!step || !memory) return false;
  const at = platform.clock.now();
  const sends = answer.kind === 'fields';
  const claimed = await changeSession(
    platform.database,
    session,
    {
      turn_state: 'working',
      working_since: at,
      working_on: answer.kind,
      poll_at: null,
      ...(sends ? { tries: session.tries + 1 } : {}),
      ...(answer.kind === 'returned' ? { way_back_sealed: null } : {}),
    },
    { next: false, at, answered: answer.kind !== 'polled' },
  );
  if (!claimed) return false;
  if (step.kind === 'wait' && at >= step.giveUpAt) {
    await askAgain(platform, claimed, { code: REMEDIES.timed_out.code, actions: REMEDIES.timed_out.actions }, by);
    return true;
  }
  await converse(platform, claimed, { ...memory, answer }, by);
  return true;
}

/** Begins the exchange with the bank, in a session that `agree` or `retry` has claimed. */
export async function beginConversation(platform: Platform, claimed: Session, by: Answering): Promise<void> {
  if (claimed.challenges >= MOST_CHALLENGES) {
    await askAgain(platform, claimed, { code: 'too_many_tries', actions: ['return'] }, by);
    return;
  }
  await converse(platform, claimed, undefined, by);
}

async function converse(
  platform: Platform,
  session: Session,
  resume: (Resume & { at: 'authorise' | 'accounts' }) | undefined,
  by: Answering,
): Promise<void> {
  // A retry begins anew: its way back is fresh, so that an old redirect cannot answer the new one.
  const wayBack = (resume && openWayBack(platform, session)) ?? randomBytes(32).toString('base64url');
  try {
    const consent = await platform.database.first<Consent>(findConsent(session.tenant, session.consent!));
    if (!consent) throw new Error('the visit has lost its consent');
    const open = (grant?: Grant) =>
      openBank(platform, {
        tenant: session.tenant,
        provider: session.chosenProvider!,
        interface: session.chosenInterface!,
        wayBack,
        ...presence(platform, session, by),
        session: session.id,
        ...(by.requestId ? { requestId: by.requestId } : {}),
        ...(grant ? { held: { grant, version: 0 } } : {}),
      });
    let grant = openSessionGrant(platform, session);
    if (resume?.at !== 'accounts') {
      const bank = await open();
      const permission = await permissionOf(platform, session, consent, bank);
      const turn = await bank.connector.authorise(bank.context, permission, resume);
      if (turn.kind === 'ask') {
        await storeStep(platform, session, turn.step, { at: 'authorise', memory: turn.memory }, wayBack, by);
        return;
      }
      grant = turn.result;
      await keepGrant(platform, session, grant);
    }
    if (!grant) throw new Error('the visit has lost its grant');
    if (grant.waitingForSigners) throw new BankError('unsupported', 'the bank waits for further signers');
    await listAccounts(
      platform,
      session,
      await open(grant),
      grant,
      resume?.at === 'accounts' ? resume : undefined,
      wayBack,
      by,
    );
  } catch (error) {
    await leaveTurn(platform, session, error, by);
  }
}

async function listAccounts(
  platform: Platform,
  session: Session,
  bank: OpenBank,
  grant: Grant,
  resume: Resume | undefined,
  wayBack: string,
  by: Answering,
): Promise<void> {
  const turn = await bank.connector.accounts(
    watching(bank.context, (fresh) => keepGrant(platform, session, fresh)),
    { grant },
    resume,
  );
  if (turn.kind === 'ask') {
    await storeStep(platform, session, turn.step, { at: 'accounts', memory: turn.memory }, wayBack, by);
    return;
  }
  await storeFound(platform, session, turn.result, grant, by);
}

/** After authentication: the accounts found wait for the person's choice, unless the bank's page has just asked that. */
async function storeFound(
  platform: Platform,
  session: Session,
  found: Account[],
  grant: Grant,
  by: Answering,
): Promise<void> {
  if (found.length === 0) {
    await askAgain(platform, session, { code: 'no_accounts', actions: ['retry', 'other_bank', 'return'] }, by);
    return;
  }
  const at = platform.clock.now();
  const stored = await changeSession(
    platform.database,
    session,
    {
      screen: 'grant',
      turn_state: 'asking',
      working_since: null,
      working_on: null,
      step: null,
      memory: null,
      way_back_sealed: null,
      found: sealFound(platform, session, found),
      phase: { phase: 'authenticated', at: at.toISOString() },
    },
    { next: true, at },
  );
  if (stored && grant.chosenAtBank) await grantAccess(platform, stored, null, by);
}

/** Stores what the person must do next. A poll that finds nothing new stays the same turn: the page has not changed. */
async function storeStep(
  platform: Platform,
  session: Session,
  step: Step,
  memory: { at: 'authorise' | 'accounts'; memory: Resume['memory'] },
  wayBack: string,
  by: Answering,
): Promise<void> {
  const wrong =
    step.kind === 'form' && (step.notice?.kind === 'wrong_code' || step.notice?.kind === 'wrong_credentials');
  if (wrong && session.tries >= MOST_TRIES) {
    await askAgain(platform, session, { code: 'too_many_tries', actions: ['other_bank', 'return'] }, by);
    return;
  }
  const at = platform.clock.now();
  const before = openStep(platform, session);
  const waitsOn = session.workingOn === 'polled' && before?.kind === 'wait' && step.kind === 'wait';
  const challenged = !waitsOn && !wrong && (step.kind === 'wait' || (step.kind === 'form' && step.purpose === 'code'));
  const pollAt = step.kind === 'wait' ? new Date(at.getTime() + Math.max(500, step.pollAfterMs)) : null;
  const changes: SessionChanges = {
    screen: 'step',
    signing_in: true,
    turn_state: 'asking',
    working_since: null,
    working_on: null,
    step: sealStep(platform, session, step),
    memory: sealMemory(platform, session, memory),
    ...(step.kind === 'redirect' ? { way_back: hashToken(wayBack) } : {}),
    way_back_sealed: sealWayBack(platform, session, wayBack),
    poll_at: pollAt,
    ...(wrong || waitsOn ? {} : { tries: 0 }),
    ...(challenged ? { challenges: session.challenges + 1 } : {}),
    ...(waitsOn ? {} : { phase: { phase: phaseOf(step), at: at.toISOString() } }),
  };
  await platform.database.transaction(async (tx) => {
    const stored = await changeSession(tx, session, changes, { next: !waitsOn, at });
    if (stored && pollAt) {
      await platform.jobs.enqueue(
        tx,
        POLL_QUEUE,
        { tenant: session.tenant, session: session.id },
        { at: pollAt, urgent: true },
      );
    }
  });
}

/** Kept before anything else is asked: whatever happens now, the grant can still be ended at the bank. */
async function keepGrant(platform: Platform, session: Session, grant: Grant): Promise<void> {
  const at = platform.clock.now();
  const kept = await changeSession(
    platform.database,
    session,
    { grant_sealed: sealSessionGrant(platform, session, grant) },
    { next: false, at },
  );
  if (!kept) throw new Error('the visit moved on while the bank was being asked');
  session.grantSealed = kept.grantSealed;
}

function watching(context: BankContext, onFresh: (grant: Grant) => Promise<void>): BankContext {
  return {
    ...context,
    async refreshGrant(call) {
      const fresh = await context.refreshGrant(call);
      await onFresh(fresh);
      return fresh;
    },
  };
}

async function permissionOf(
  platform: Platform,
  session: Session,
  consent: Consent,
  bank: OpenBank,
): Promise<Permission> {
  const days = Math.min(consent.validDays, bank.interface.longestConsentDays ?? consent.validDays);
  const until = platform.clock.now().getTime() + (consent.recurring ? days : 1) * DAY_MS;
  const renewed = session.connection ? await readGrant(platform, session.tenant, session.connection) : undefined;
  return {
    scopes: consent.scopes,
    accountTypes: consent.accountTypes ?? bank.interface.accountTypes,
    recurring: consent.recurring,
    validUntil: new Date(until).toISOString().slice(0, 10),
    ...(renewed ? { renews: renewed.grant } : {}),
  };
}

/** The person is there when it is their own request, or when their browser was seen a moment ago. */
function presence(platform: Platform, session: Session, by: Answering): { person?: Person } {
  if (by.person) return { person: by.person };
  const seen = session.seenAt && platform.clock.now().getTime() - session.seenAt.getTime() <= PRESENT_MS;
  return seen && session.person ? { person: session.person } : {};
}

function phaseOf(step: Step): string {
  return step.kind === 'form' || step.kind === 'choose' ? `${step.kind}:${step.purpose}` : step.kind;
}
