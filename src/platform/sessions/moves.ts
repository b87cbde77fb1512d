import type { Connection } from '../connections/connection.ts';
import { readGrant } from '../connections/grants.ts';
import { findConnection } from '../connections/store.ts';
import { listMet } from '../connections/transport.ts';
import { endConsent } from '../consents/ending.ts';
import { reconfirmConsent } from '../consents/reconfirming.ts';
import type { Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import type { ErrorCode } from '../remedies.ts';
import { startSync } from '../syncs/syncs.ts';
import { endSession } from './ending.ts';
import type { Input } from './screen.ts';
import { MOST_ANSWERS, MOVES, type Place, type Session } from './session.ts';
import { changeSession, type SessionChanges } from './store.ts';
import { agree, consentFacts, findSessionConsent } from './turn/agreeing.ts';
import { answerOf } from './turn/answers.ts';
import type { Answering } from './turn/asking.ts';
import { grantAccess } from './turn/granting.ts';
import { finishReading, isReading, readInVisit, readsInVisit, startReading } from './turn/reading.ts';
import { mayChooseBank, refuseTurn } from './turn/trouble.ts';
import { answerStep, beginConversation } from './turn/turns.ts';
import { sealQuery } from './turn/memory.ts';
import { type BankLead, chosenWay, leadOf } from './visit/choices.ts';
import { typePhoneDigits, waitsForPhoneDigits } from './visit/carrying.ts';
import { listLinks } from './visit/overview.ts';
import { typeDigits } from './visit/handing-over.ts';

/** What a move is made with: the visit as read, the person's input, and how it came. */
type Move = {
  platform: Platform;
  session: Session;
  mode: 'test' | 'live';
  locale: string;
  by: Answering & { requestId: string };
  /** It came from the phone that a QR code carried the visit to. */
  onPhone?: true;
};

/** While a phone holds the visit, it alone answers the bank; the desktop may take it back, type digits, or refuse. */
function mayAnswer(session: Session, act: Input['do'], onPhone: boolean): boolean {
  if (onPhone)
    return ['fields', 'chosen', 'again', 'check', 'retry', 'refuse'].includes(act) && session.place !== 'grant';
  return !session.phoneHolds || ['digits', 'back', 'check', 'refuse'].includes(act);
}

/**
 * Moves a visit by what its person sent. An input of an older turn, or one that cannot be sent from this place, changes
 * nothing: the page shows where the visit stands. Bad input for a step is left to its connector's own checks.
 */
export async function moveSession(move: Move, input: Input): Promise<void> {
  const { session, platform } = move;
  const allowed = MOVES[session.place][input.do];
  if (!mayAnswer(session, input.do, move.onPhone === true)) return;
  if (!allowed || input.turn !== session.turn || session.turnState === 'working' || session.status !== 'open') return;
  if (session.answers >= MOST_ANSWERS) {
    await platform.database.transaction((tx) =>
      endSession(platform, tx, session, {
        status: 'failed',
        initiator: 'system',
        errorCode: 'too_many_tries',
        requestId: move.by.requestId,
      }),
    );
    return;
  }
  await HANDLERS[input.do](move, input as never);
}

type Handlers = { [Do in Input['do']]: (move: Move, input: Extract<Input, { do: Do }>) => Promise<void> };

/** One handler for each thing a person can send; where they may send it is the table in `session.ts`. */
const HANDLERS: Handlers = {
  continue: (move) => goOn(move),
  search: (move, input) => search(move, input.query),
  bank: (move, input) => pickBank(move, input.provider),
  type: (move, input) => pickInterface(move, input.interface),
  agree: (move, input) => agreeAndBegin(move, input.storeSecrets),
  retry: (move) =>
    move.session.place === 'bank_unavailable' ? pickBank(move, move.session.chosenProvider ?? '') : beginAgain(move),
  fields: (move, input) => sendAnswer(move, input),
  chosen: (move, input) => sendAnswer(move, input),
  again: (move, input) => sendAnswer(move, input),
  check: async () => {},
  digits: (move, input) =>
    (waitsForPhoneDigits(move.session) ? typePhoneDigits : typeDigits)(
      move.platform,
      move.session,
      input.digits,
      move.by,
    ),
  grant: (move, input) => grantTicked(move, input.accounts),
  refuse: (move) => refuse(move),
  leave: (move) => leave(move),
  back: (move) => goBack(move),
  other_bank: (move) => (mayChooseBank(move.session) ? place(move, 'bank', CHOOSE_AFRESH) : Promise.resolve()),
  add: (move) => place(move, 'bank', CHOOSE_AFRESH),
  reconfirm: (move, input) => reconfirm(move, input.connection),
  renew: (move, input) => renew(move, input.connection),
  revoke: (move, input) => revoke(move, input.connection, input.sure),
};

const CHOOSE_AFRESH = {
  query_sealed: null,
  chosen_provider: null,
  chosen_interface: null,
  trouble: null,
} satisfies SessionChanges;

/** What is searched for can be an IBAN. */
function search(move: Move, query: string): Promise<void> {
  return place(move, 'bank', { query_sealed: sealQuery(move.platform, move.session, query.slice(0, 200)) });
}

/** The first Continue: to the overview, to a renewal, to the bank the app named, or to the choice of bank. */
async function goOn(move: Move): Promise<void> {
  const { platform, session } = move;
  if (session.kind === 'management') return place(move, 'overview');
  if (session.kind === 'synchronization') return refreshOrRenew(move);
  if (session.connection) return renew(move, session.connection);
  const consent = await findSessionConsent(platform, session);
  const named = session.provider ?? (session.consents.length === 0 ? consent?.provider : null);
  return named ? pickBank(move, named) : place(move, 'bank');
}

/** A connection that works is read with the person present; one that needs them is renewed. */
async function refreshOrRenew(move: Move): Promise<void> {
  const { platform, session, by } = move;
  const connection = await platform.database.first<Connection>(findConnection(session.tenant, session.connection!));
  if (connection?.status !== 'active') return renew(move, session.connection!);
  const inVisit = await readThere(move, connection);
  if (inVisit) return;
  const caller = { tenant: session.tenant, requestId: by.requestId };
  await startSync(
    platform,
    caller,
    { connection: connection.id },
    { ...(by.person ? { person: by.person } : {}), reason: 'session' },
  ).catch((error: unknown) => {
    // One that runs already is as good; anything else is a mistake of ours.
    if (!(error instanceof Problem && error.code === 'sync_running')) throw error;
  });
  await platform.database.transaction((tx) =>
    endSession(platform, tx, session, {
      status: 'finished',
      initiator: 'person',
      requestId: by.requestId,
      changes: { consent: connection.consent },
    }),
  );
}

/** Where any read may ask the person, a synchronization session reads by itself. False where reading is a job's. */
async function readThere(move: Move, connection: Connection): Promise<boolean> {
  const { platform, session, by } = move;
  const where = { ...session, chosenProvider: connection.provider, chosenInterface: connection.interface };
  const held = readsInVisit(platform, where) ? await readGrant(platform, session.tenant, connection.id) : undefined;
  if (!held) return false;
  const person = by.person ?? session.person;
  const options = { ...(person ? { person } : {}), reason: 'session' as const, inVisit: true as const };
  const sync = await startSync(
    platform,
    { tenant: session.tenant, requestId: by.requestId },
    { connection: connection.id },
    options,
  ).catch((error: unknown) => {
    if (!(error instanceof Problem && error.code === 'sync_running')) throw error;
  });
  if (!sync) return false;
  const started = await platform.database.transaction(async (tx) => {
    const chosen = await changeSession(
      tx,
      session,
      { chosen_provider: connection.provider, chosen_interface: connection.interface },
      { next: false, at: platform.clock.now(), answered: true },
    );
    return chosen && startReading(platform, tx, chosen, connection.consent, connection.id, held);
  });
  if (started) await readInVisit(platform, started, { sync: sync.id }, by);
  return true;
}

async function pickBank(move: Move, provider: string): Promise<void> {
  return follow(move, await leadTo(move, provider));
}

async function leadTo({ platform, session, mode }: Move, provider: string): Promise<BankLead> {
  return leadOf(platform, mode, provider, await listMet(platform, session.tenant, mode));
}

async function follow(move: Move, lead: BankLead): Promise<void> {
  await place(move, lead.place, {
    chosen_provider: lead.provider,
    chosen_interface: lead.place === 'agree' ? lead.interface : null,
    trouble: null,
  });
}

async function pickInterface(move: Move, id: string): Promise<void> {
  const provider = move.platform.providers.find(move.session.chosenProvider ?? '');
  const known = provider?.interfaces.some((way) => way.id === id);
  if (!known) return;
  await place(move, 'agree', { chosen_interface: id });
}

/** Agreeing and the claim of the turn are one transaction; the bank is called after it. */
async function agreeAndBegin(move: Move, storeSecrets: boolean): Promise<void> {
  const { platform, session, by } = move;
  if (!chosenWay(platform, session)) return place(move, 'bank_unavailable');
  const facts = await consentFacts(platform, session);
  const text = platform.makeConsentText(facts, move.locale);
  const existing = await findSessionConsent(platform, session);
  const claimed = await platform.database.transaction(async (tx) => {
    const consent = await agree(platform, tx, session, {
      facts,
      text,
      storeSecrets,
      existing,
      requestId: by.requestId,
    });
    return claim(move, tx, {
      consent,
      ...(session.consents.includes(consent) || existing?.id === consent ? {} : { addConsent: consent }),
    });
  });
  if (claimed) await beginConversation(platform, claimed, by);
}

/** The same exchange from its beginning; what was agreed stands. */
async function beginAgain(move: Move): Promise<void> {
  const { platform, session } = move;
  const consent = await findSessionConsent(platform, session);
  if (!consent?.agreedAt || !chosenWay(platform, session)) return place(move, 'agree', { trouble: null });
  const claimed = await claim(move, platform.database, {});
  if (claimed) await beginConversation(platform, claimed, move.by);
}

function claim(move: Move, tx: Parameters<typeof changeSession>[0], changes: SessionChanges) {
  const at = move.platform.clock.now();
  return changeSession(
    tx,
    move.session,
    {
      ...changes,
      turn_state: 'working',
      working_since: at,
      working_on: 'begin',
      tries: 0,
      trouble: null,
      grant_sealed: null,
      phase: { phase: 'agreed', at: at.toISOString(), provider: move.session.chosenProvider ?? '' },
    },
    { next: false, at, answered: true },
  );
}

async function sendAnswer(move: Move, input: Extract<Input, { do: 'fields' | 'chosen' | 'again' }>): Promise<void> {
  const answer = answerOf(move.platform, move.session, input);
  if (answer) await answerStep(move.platform, move.session, answer, move.by);
}

async function grantTicked(move: Move, references: string[]): Promise<void> {
  await grantAccess(move.platform, move.session, references, move.by);
}

/** Refusing is possible at every screen, and always says the same to the app. */
async function refuse(move: Move): Promise<void> {
  // Access was granted before the reading began: who does not want to prove themselves once more only ends the reading.
  if (isReading(move.platform, move.session)) return finishReading(move.platform, move.session, move.by);
  await refuseTurn(
    move.platform,
    move.session,
    move.session.place === 'grant' ? 'refused_at_grant' : 'refused_on_page',
    move.by,
  );
}

/** Back to the app: a management visit is finished, one that met trouble has failed. */
async function leave(move: Move): Promise<void> {
  const { platform, session, by } = move;
  const code = session.place === 'trouble' ? (session.trouble?.code as ErrorCode | undefined) : undefined;
  const failed = session.place !== 'overview';
  await platform.database.transaction((tx) =>
    endSession(platform, tx, session, {
      status: failed ? 'failed' : 'finished',
      initiator: failed ? 'bank' : 'person',
      ...(failed ? { errorCode: code ?? 'bank_unavailable' } : {}),
      requestId: by.requestId,
    }),
  );
}

async function goBack(move: Move): Promise<void> {
  const { platform, session } = move;
  if (isReading(platform, session)) return;
  const start: Place = session.kind === 'management' ? 'overview' : 'intro';
  const chooses =
    mayChooseBank(session) &&
    !(await findSessionConsent(platform, session).then((c) => session.consents.length === 0 && c?.provider));
  const ways = session.chosenProvider ? (await leadTo(move, session.chosenProvider)).place : 'bank_unavailable';
  const target: Partial<Record<Place, Place>> = {
    bank: start,
    bank_unavailable: chooses ? 'bank' : start,
    account_type: chooses ? 'bank' : start,
    agree: ways === 'account_type' && !session.connection ? 'account_type' : chooses ? 'bank' : start,
    step: 'agree',
    trouble: 'agree',
    revoke: 'overview',
  };
  const to = target[session.place];
  // Taken back from the phone: what it has begun at the bank is forgotten with the exchange.
  const taken = session.phoneHolds ? { phone_holds: false, carries: session.carries + 1 } : {};
  if (to)
    await place(move, to, {
      ...taken,
      step: null,
      memory: null,
      way_back_sealed: null,
      poll_at: null,
      trouble: null,
    });
}

/** A renewal begins by agreeing again, for the same bank and the same way into it. */
async function renew(move: Move, id: string): Promise<void> {
  const { platform, session } = move;
  const connection = await platform.database.first<Connection>(findConnection(session.tenant, id));
  if (!connection || connection.customer !== session.customer) return;
  const provider = platform.providers.find(connection.provider);
  const way = provider?.interfaces.find((one) => one.id === connection.interface);
  await place(move, way ? 'agree' : 'bank_unavailable', {
    connection: connection.id,
    chosen_provider: connection.provider,
    chosen_interface: way ? way.id : null,
  });
}

/** The person says that reading may go on: for one link, or for every one that is asked about. Nothing is sent to the bank. */
async function reconfirm(move: Move, connection: string | undefined): Promise<void> {
  const { platform, session, by } = move;
  const asked = (await listLinks(platform, session)).filter(
    (link) => link.consent && link.reconfirmBy && (connection === undefined || link.connection === connection),
  );
  for (const { consent } of asked) {
    await reconfirmConsent(platform, {
      tenant: session.tenant,
      id: consent!,
      confirmedAt: platform.clock.now(),
      initiator: 'person',
      requestId: by.requestId,
    }).catch((error: unknown) => {
      // It ended a moment ago: the overview says so.
      if (!(error instanceof Problem && error.code === 'consent_not_active')) throw error;
    });
  }
  await place(move, 'overview');
}

/** Revoking asks once more, says what happens to what was read, and then ends it here and at the bank. */
async function revoke(move: Move, id: string, sure: boolean): Promise<void> {
  const { platform, session, by } = move;
  const connection = await platform.database.first<Connection>(findConnection(session.tenant, id));
  if (!connection || connection.customer !== session.customer || !connection.consent) return;
  if (!sure) return place(move, 'revoke', { request: { ...session.request, revoking: connection.id } });
  await platform.database.transaction(async (tx) => {
    const moved = await changeSession(
      tx,
      session,
      { screen: 'overview' },
      { next: true, at: platform.clock.now(), answered: true },
    );
    if (moved)
      await endConsent(platform, tx, {
        tenant: session.tenant,
        id: connection.consent!,
        initiator: 'person',
        reason: 'revoked',
        requestId: by.requestId,
      });
  });
}

/** Moves to a place, if the table of moves knows that way; anything else is our own mistake. */
async function place(move: Move, to: Place, changes: SessionChanges = {}): Promise<void> {
  const { platform, session } = move;
  const known = Object.values(MOVES[session.place]).some((places) => (places as readonly Place[]).includes(to));
  if (!known) throw new Error(`a visit cannot go from ${session.place} to ${to}`);
  const at = platform.clock.now();
  const mode = to === session.place ? {} : { phase: { phase: to, at: at.toISOString() } };
  await changeSession(
    platform.database,
    session,
    { ...changes, screen: to, ...mode },
    { next: true, at, answered: true },
  );
}
