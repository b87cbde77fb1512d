import type { Behaviour } from '../misbehave.ts';
import type { Stage } from '../stage.ts';
import type { Bank } from '../world/bank.ts';
import { dayOf } from '../world/time.ts';
import { type Answer, No, presentFeedback } from './answer.ts';
import { converse } from './dialog.ts';
import { type Message, openMessage, sealAnswer } from './envelope.ts';
import { refuses, spoilBody, spoilSegments } from './misbehave.ts';
import type { FintsBank } from './parameters.ts';
import { component, WireError } from './wire.ts';

/** A request at a FinTS interface as far as it was understood: the message, or why it is none. */
export type Arrival = { bank: FintsBank; operation: string; message: Message | WireError };

/** The operations of the FinTS interface, as control and the bank's log call them. */
export const FINTS_OPERATIONS: readonly string[] = [
  'bank_parameters',
  'dialog',
  'code',
  'approval_status',
  'accounts',
  'balances',
  'transactions',
  'card_transactions',
  'tan_media',
  'end_dialog',
];

const OPERATIONS: Record<string, string> = {
  HKSPA: 'accounts',
  HKSAL: 'balances',
  HKKAZ: 'transactions',
  HKCAZ: 'transactions',
  DKKKU: 'card_transactions',
  HKTAB: 'tan_media',
  HKEND: 'end_dialog',
};

/** True for a bank that speaks FinTS. */
export const speaksFints = (bank: Bank | undefined): bank is FintsBank => bank?.fints !== undefined;

/** Reads a request's body: Base64 of the message in ISO 8859-1. */
export function arrive(bank: FintsBank, body: string | undefined): Arrival {
  try {
    if (body === undefined || !/^[A-Za-z0-9+/\s]+=*\s*$/.test(body)) throw new WireError('the body is not Base64');
    const message = openMessage(Buffer.from(body, 'base64').toString('latin1'));
    return { bank, message, operation: operationOf(message) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { bank, message: error, operation: 'unknown' };
  }
}

/** The bank's answer as Base64; what it was told to do wrong is done. */
export async function answer(stage: Stage, { bank, message }: Arrival, behaviour?: Behaviour): Promise<string> {
  const now = stage.clock.now();
  const at = {
    day: dayOf(now, bank.zone).replaceAll('-', ''),
    time: now.toISOString().slice(11, 19).replaceAll(':', ''),
  };
  if (message instanceof WireError) {
    const { feedback } = new No('9110', undefined, message.message);
    const refused: Answer = { feedback: [feedback], segments: [], ended: true };
    return write({ dialogId: '0', number: 1, sealed: false }, '0', refused);
  }
  const address = `${stage.machineUrl(bank.slug)}/fints`;
  const refused = refuses(behaviour);
  if (refused) return write(message, message.dialogId, refused);
  const spoken = await stage.database.transaction((tx) => converse({ tx, stage, bank, now, address }, message));
  return write(message, spoken.dialogId, spoken);

  function write(to: Parameters<typeof sealAnswer>[0], dialogId: string, said: Answer) {
    const segments = spoilSegments([...presentFeedback(said), ...said.segments], behaviour);
    return spoilBody(sealAnswer(to, dialogId, bank.bankCode, at, segments, bank.fints.signs), behaviour);
  }
}

function operationOf({ orders, signature }: Message): string {
  const [first] = orders;
  if (first?.id === 'HKIDN') return signature ? 'dialog' : 'bank_parameters';
  if (first?.id === 'HKTAN') return component(first, 1) === 'S' ? 'approval_status' : 'code';
  return OPERATIONS[first?.id ?? ''] ?? 'unknown';
}

/** What the bank's log says of a message: whose it was and in which dialog. Nothing secret. */
export function loggedAs({ message }: Arrival): { login?: string; dialog?: string } {
  if (message instanceof WireError) return {};
  return { dialog: message.dialogId, ...(message.signature ? { login: message.signature.login } : {}) };
}
