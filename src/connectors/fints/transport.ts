import { BankError } from '../../banking/bank-error.ts';
import type { BankContext } from '../../banking/connector.ts';
import { type Incoming, type Outgoing, readMessage, writeMessage } from './wire/message.ts';
import { WireError } from './wire/syntax.ts';

/** Sends one message and reads the answer; `purpose` and `account` are for the ledger. Nothing of either is ever logged. */
export async function exchange(
  context: BankContext,
  outgoing: Outgoing,
  about: { purpose: string; account?: string },
): Promise<Incoming> {
  const text = Buffer.from(write(outgoing), 'latin1').toString('base64');
  const reply = await context.http({
    method: 'POST',
    path: '',
    headers: { 'content-type': 'text/plain' },
    text,
    ...about,
  });
  if (reply.status === 429) throw new BankError('rate_limited', 'the bank takes no more messages', { status: 429 });
  if (reply.status >= 500)
    throw new BankError('unavailable', `the bank answered ${reply.status}`, { status: reply.status });
  if (reply.status >= 300)
    throw new BankError('unexpected', `the bank answered ${reply.status}`, { status: reply.status });
  return read(reply.body, reply.status);
}

function write(outgoing: Outgoing): string {
  try {
    return writeMessage(outgoing);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    // Only what a person types can hold other characters, and no bank's PIN or code does.
    throw new BankError('wrong_credentials', error.message);
  }
}

function read(body: Uint8Array, status: number): Incoming {
  try {
    return readMessage(decodeBody(body));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new BankError('unexpected', `an answer that is not FinTS: ${error.message}`, { status });
  }
}

/** Base64, with or without line breaks; some test systems answer with the bare message. */
function decodeBody(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const start = bytes.subarray(0, 200).toString('latin1').trimStart();
  if (start.startsWith('HNHBK')) return bytes.toString('latin1').trimStart();
  if (start === '') throw new WireError('the answer is empty');
  if (start.startsWith('<')) throw new WireError('the answer is a web page');
  if (!start.startsWith('SE5IQks')) throw new WireError('the answer is neither a message nor base64 of one');
  const bare = bytes.toString('latin1').replace(/[\r\n\t ]+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) throw new WireError('the answer is not base64 throughout');
  return Buffer.from(bare, 'base64').toString('latin1');
}
