import { HNHBK, HNHBS, HNSHA, HNSHK, HNVSD, HNVSK } from './segments.ts';
import { decodeSegments, encodeSegments, type Segment, textOf, WireError } from './syntax.ts';

/** Germany, as FinTS writes it. */
export const GERMANY = '280';

/** A segment that is not numbered yet. */
export type Order = (number: number) => Segment;

/** Who signs a message, and how; only the PIN and the code in it are secret. */
export type Signature = {
  bankCode: string;
  userId: string;
  systemId: string;
  /** Security function: `999` is one-step, everything else a method of the bank. */
  method: string;
  pin: string;
  code?: string;
  at: Date;
};

/** What a message is about: its dialog (`0` begins one), its number in it, the orders, and who signs them. */
export type Outgoing = { dialog: string; message: number; orders: readonly Order[]; signature?: Signature };

/** A message of the bank: its dialog, and its segments with the envelope taken off. */
export type Incoming = { dialog: string; segments: Segment[] };

const SIGNATURE_REFERENCE = '1';
const ENVELOPE_HEAD = 998;
const ENVELOPE = 999;

/** A message ready to be sent, one byte a character; numbers of its orders begin with `firstOrder(...)`. */
export function writeMessage({ dialog, message, orders, signature }: Outgoing): string {
  const first = firstOrder(signature);
  const numbered = orders.map((order, at) => order(first + at));
  const end = first + orders.length;
  const inner = signature
    ? [
        ...envelope(
          signature,
          encodeSegments([
            head(signature),
            ...numbered,
            HNSHA.write(end, {
              reference: SIGNATURE_REFERENCE,
              result: undefined,
              secret: { pin: signature.pin, code: signature.code ?? '' },
            }),
          ]),
        ),
      ]
    : numbered;
  const body = encodeSegments([...inner, HNHBS.write(signature ? end + 1 : end, { message })]);
  const opening = (size: number) =>
    encodeSegments([
      HNHBK.write(1, {
        size: String(size).padStart(12, '0'),
        version: '300',
        dialog,
        message,
        answers: { dialog: '', message: undefined },
      }),
    ]);
  return opening(opening(0).length + body.length) + body;
}

/** The number that the first order of a message has: answers refer to it. */
export function firstOrder(signature: Signature | undefined): number {
  return signature ? 3 : 2;
}

/** Reads a message, signed or not. Throws `WireError`. */
export function readMessage(text: string): Incoming {
  const outer = decodeSegments(text);
  if (outer[0]?.name !== 'HNHBK') throw new WireError('the message has no head');
  const { size, dialog } = HNHBK.read(outer[0]);
  if (/^\d{12}$/.test(size) && Number(size) > text.length) throw new WireError('the message is cut off');
  if (outer.at(-1)?.name !== 'HNHBS') throw new WireError('the message has no end');
  const segments = outer.flatMap((segment) =>
    segment.name === 'HNVSD' ? decodeSegments(textOf(HNVSD.read(segment).content)) : [segment],
  );
  return { dialog, segments };
}

function head(signature: Signature): Segment {
  const { bankCode, userId, systemId, method, at } = signature;
  return HNSHK.write(2, {
    profile: { method: 'PIN', version: profileOf(method) },
    securityFunction: method,
    reference: SIGNATURE_REFERENCE,
    area: '1',
    role: '1',
    identity: { kind: '1', card: undefined, systemId },
    sequence: 1,
    moment: momentOf(at),
    hash: { use: '1', code: '999', parameter: '1' },
    algorithm: { use: '6', code: '10', mode: '16' },
    key: { bank: { country: GERMANY, code: bankCode }, user: userId, kind: 'S', number: '0', version: '0' },
  });
}

function envelope({ bankCode, userId, systemId, method, at }: Signature, content: string): Segment[] {
  return [
    HNVSK.write(ENVELOPE_HEAD, {
      profile: { method: 'PIN', version: profileOf(method) },
      securityFunction: '998',
      role: '1',
      identity: { kind: '1', card: undefined, systemId },
      moment: momentOf(at),
      algorithm: { use: '2', mode: '2', code: '13', key: Buffer.alloc(8), parameter: '5', vector: '1' },
      key: { bank: { country: GERMANY, code: bankCode }, user: userId, kind: 'V', number: '0', version: '0' },
      compression: '0',
    }),
    HNVSD.write(ENVELOPE, { content: Buffer.from(content, 'latin1') }),
  ];
}

/** FinTS 3.0 PIN/TAN: profile 1 is one-step, 2 is two-step. */
function profileOf(method: string): number {
  return method === '999' ? 1 : 2;
}

function momentOf(at: Date) {
  const [day, time] = at.toISOString().split('T');
  return { kind: '1', day, time: time!.slice(0, 8).replaceAll(':', '') };
}
