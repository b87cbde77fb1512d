import { randomBytes } from 'node:crypto';
import type { Account } from '../../../banking/account.ts';
import type { Grant, Permission } from '../../../banking/connector.ts';
import type { Answer, Resume, Turn } from '../../../banking/step.ts';
import { type OpenBank, openBank } from '../../connections/bank.ts';
import { readGrant } from '../../connections/grants.ts';
import type { Consent } from '../../consents/consent.ts';
import { findConsent } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import { REMEDIES } from '../../remedies.ts';
import { MOST_CHALLENGES, type Session } from '../session.ts';
import { changeSession } from '../store.ts';
import { type Answering, keepGrant, POLL_QUEUE, presence, storeStep, watching } from './asking.ts';
import { grantAccess } from './granting.ts';
import { type Conversation, openMemory, openSessionGrant, openStep, openWayBack, sealFound } from './memory.ts';
import { goOnReading } from './reading.ts';
import { isOwnLogin, ownAccounts, refuseLogin } from './own-accounts.ts';
import { loginOf, reserveSignIn, settleSignIn } from './sign-in-limit.ts';
import { askAgain, leaveTurn } from './trouble.ts';

const DAY_MS = 24 * 3_600_000;

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
  const login = loginOf(platform, session, step, answer);
  const claimed = await changeSession(
    platform.database,
    session,
    {
      turn_state: 'working',
      working_since: at,
      working_on: answer.kind,
      poll_at: null,
      ...(sends ? { tries: session.tries + 1, login } : {}),
      ...(answer.kind === 'returned' ? { way_back_sealed: null } : {}),
    },
    { next: false, at, answered: answer.kind !== 'polled' },
  );
  if (!claimed) return false;
  if (step.kind === 'wait' && at >= step.giveUpAt) {
    await askAgain(platform, claimed, { code: REMEDIES.timed_out.code, actions: REMEDIES.timed_out.actions }, by);
    return true;
  }
  if (step.kind === 'form' && step.purpose === 'sign_in' && !(await isOwnLogin(platform, claimed))) {
    await refuseLogin(platform, claimed, by);
    return true;
  }
  const counted = sends ? login : null;
  const tooMany = answer.kind === 'again' && session.challenges >= MOST_CHALLENGES;
  if (tooMany || (counted && !(await reserveSignIn(platform, counted, at)))) {
    await askAgain(platform, claimed, { code: 'too_many_tries', actions: ['other_bank', 'return'] }, by);
    return true;
  }
  await converse(platform, claimed, { ...memory, answer }, by);
  if (counted) await settleSignIn(platform, claimed, counted, at);
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
  resume: (Resume & { at: Conversation['at'] }) | undefined,
  by: Answering,
): Promise<void> {
  // A retry begins anew: its way back is fresh, so that an old redirect cannot answer the new one.
  const wayBack = (resume && openWayBack(platform, session)) ?? randomBytes(32).toString('base64url');
  try {
    const consent = await platform.database.read.first<Consent>(findConsent(session.tenant, session.consent!));
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
        ...(grant ? { held: grant } : {}),
      });
    let grant = openSessionGrant(platform, session);
    if (resume?.at === 'reading') {
      await goOnReading(platform, session, resume, by);
      return;
    }
    if (resume?.at !== 'accounts') {
      const bank = await open();
      const permission = await permissionOf(platform, session, consent, bank);
      const turn = await bank.connector.authorise(bank.context, permission, resume);
      if (turn.kind === 'ask') {
        await askPerson(platform, session, turn, 'authorise', wayBack, by);
        return;
      }
      grant = turn.result;
      await keepGrant(platform, session, grant);
    }
    if (!grant) throw new Error('the visit has lost its grant');
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

async function askPerson(
  platform: Platform,
  session: Session,
  turn: Extract<Turn<unknown>, { kind: 'ask' }>,
  at: Conversation['at'],
  wayBack: string,
  by: Answering,
): Promise<void> {
  if (await storeStep(platform, session, turn, at, wayBack)) return;
  await askAgain(platform, session, { code: 'too_many_tries', actions: ['other_bank', 'return'] }, by);
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
    await askPerson(platform, session, turn, 'accounts', wayBack, by);
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
  const own = await ownAccounts(platform, session, found);
  if (own.length === 0) {
    await refuseLogin(platform, session, by);
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
      found: sealFound(platform, session, own),
      phase: { phase: 'authenticated', at: at.toISOString() },
    },
    { next: true, at },
  );
  if (!stored) return;
  if (grant.visit) {
    const job = { tenant: session.tenant, session: session.id };
    await platform.jobs.enqueue(platform.database, POLL_QUEUE, job, { at: grant.visit.forgetAt });
  }
  // On a phone nothing is shared yet: its digits come first.
  if (grant.chosenAtBank && !stored.phoneHolds) await grantAccess(platform, stored, null, by);
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
    ...(consent.storeSecrets ? { storeSecrets: true } : {}),
    ...(renewed ? { renews: renewed } : {}),
  };
}
