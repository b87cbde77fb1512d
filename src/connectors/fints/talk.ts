import { BankError } from '../../banking/bank-error.ts';
import type { BankContext } from '../../banking/connector.ts';
import { type BankAccount, mergeAccounts } from './accounts.ts';
import { endsDialog, type ReturnCode, readReturnCodes, refusalOf } from './errors.ts';
import type { Facts } from './facts.ts';
import { NO_PARAMETERS, type Parameters, renewParameters } from './parameters.ts';
import { exchange } from './transport.ts';
import { firstOrder, GERMANY, type Order, type Signature } from './wire/message.ts';
import { HISYN, HKEND, HKIDN, HKVVB } from './wire/segments.ts';
import type { Segment } from './wire/syntax.ts';

/** What is kept of a login between visits: nothing in it is secret, and without it banks ask for a code every time. */
export type Access = {
  userId: string;
  customerId: string;
  /** Given by the bank to this login on this system; `0` before that. */
  systemId: string;
  /** The security function chosen, `999` before that. */
  method: string;
  medium?: string;
  /** What this login reaches. */
  accounts: BankAccount[];
  parameters: Parameters;
};

/** A dialog that is open at the bank. Any server can go on with it: it is nothing but these three. */
export type Dialog = { id: string; message: number; usedAtMs: number };

/** A login, signed in or about to be, as it lies between two turns. `pin` is why memories are sealed. */
export type Login = { access: Access; pin: string; dialog?: Dialog };

/** Everything one turn works with; what the bank tells on the way is taken into it. */
export type Talk = Login & { context: BankContext; facts: Facts };

/** An answer of the bank, its no included. `first`: the number of the first order that was sent. */
export type Answer = { segments: Segment[]; codes: ReturnCode[]; first: number; refusal?: BankError };

/** What a message is for, in the ledger. */
export type About = { purpose: string; account?: string };

/** The user a bank knows nothing of, for asking what it is like. */
const ANONYMOUS = '9999999999';
const PRODUCT_VERSION = '0.1';

/** The orders that begin a dialog. */
export function beginning({ access, facts, context }: Pick<Talk, 'access' | 'facts' | 'context'>): Order[] {
  const { productId } = context.requester;
  if (!productId)
    throw new BankError('misconfigured', 'the identity has no FinTS product id; register for one at fints.org');
  const isAnonymous = access.userId === ANONYMOUS;
  return [
    (number) =>
      HKIDN.write(number, {
        bank: { country: GERMANY, code: facts.bank_code },
        customer: access.customerId,
        systemId: access.systemId,
        systemIdNeeded: isAnonymous ? '0' : '1',
      }),
    (number) =>
      HKVVB.write(number, {
        bankVersion: access.parameters.version,
        userVersion: access.parameters.userVersion,
        language: '0',
        product: productId,
        productVersion: PRODUCT_VERSION,
      }),
  ];
}

/**
 * Says one message in the dialog, or with the beginning of one, and takes in what the bank tells of itself. A bank's no is
 * part of the answer; no answer at all is thrown, marked where the login may have counted.
 */
export async function say(talk: Talk, orders: readonly Order[], about: About, code?: string): Promise<Answer> {
  const { context, facts, access, pin, dialog } = talk;
  const isAnonymous = access.userId === ANONYMOUS;
  const signature: Signature | undefined = isAnonymous
    ? undefined
    : {
        bankCode: facts.bank_code,
        userId: access.userId,
        systemId: access.systemId,
        method: access.method,
        pin,
        at: context.now(),
        ...(code === undefined ? {} : { code }),
      };
  const message = dialog?.message ?? 1;
  const outgoing = { dialog: dialog?.id ?? '0', message, orders, ...(signature ? { signature } : {}) };
  const incoming = await exchange(context, outgoing, about).catch((error: unknown) => {
    throw signature ? asMaybeCounted(error) : error;
  });
  const codes = readReturnCodes(incoming.segments);
  const refusal = refusalOf(codes);
  const isOpen = incoming.dialog !== '' && incoming.dialog !== '0' && !endsDialog(codes);
  if (isOpen) talk.dialog = { id: incoming.dialog, message: message + 1, usedAtMs: context.now().getTime() };
  else delete talk.dialog;
  const systemId = incoming.segments.find(({ name }) => name === 'HISYN');
  talk.access = {
    ...access,
    parameters: renewParameters(access.parameters, incoming.segments),
    accounts: mergeAccounts(access.accounts, incoming.segments, facts.bank_code),
    ...(systemId && HISYN.read(systemId).systemId ? { systemId: HISYN.read(systemId).systemId } : {}),
  };
  return { segments: incoming.segments, codes, first: firstOrder(signature), ...(refusal ? { refusal } : {}) };
}

/** Ends the dialog. A bank that does not want to hear it ends it by itself. */
export async function endDialog(talk: Talk): Promise<void> {
  const { dialog } = talk;
  if (!dialog) return;
  try {
    await say(talk, [(number) => HKEND.write(number, { dialog: dialog.id })], { purpose: 'dialog' });
  } catch (error) {
    if (!(error instanceof BankError)) throw error;
  }
  delete talk.dialog;
}

/**
 * What the bank is like, asked without any login; nothing where it does not answer that (FinTS allows a bank to refuse).
 * Throws when it is not there or does not know our product: better before a person has typed anything.
 */
export async function readBank(context: BankContext, facts: Facts): Promise<Parameters> {
  const access: Access = {
    userId: ANONYMOUS,
    customerId: ANONYMOUS,
    systemId: '0',
    method: '999',
    accounts: [],
    parameters: NO_PARAMETERS,
  };
  const talk: Talk = { context, facts, access, pin: '' };
  const { refusal } = await say(talk, beginning(talk), { purpose: 'parameters' });
  if (refusal?.kind === 'misconfigured' || refusal?.kind === 'unavailable') throw refusal;
  await endDialog(talk);
  return talk.access.parameters;
}

/** What of a talk lies in a memory. */
export function loginOf({ access, pin, dialog }: Talk): Login {
  return { access, pin, ...(dialog ? { dialog } : {}) };
}

/** Whoever sent a login and heard nothing must not send it again by themselves: it may have been refused. */
function asMaybeCounted(error: unknown): unknown {
  if (!(error instanceof BankError) || error.kind === 'rate_limited') return error;
  return new BankError(error.kind, error.message, { ...error.facts, mayHaveCounted: true });
}
