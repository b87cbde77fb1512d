import { binary, component, type Outgoing, parseSegments, type Segment, WireError, writeSegment } from './wire.ts';

/** A customer's message, opened: who signed it with what, and the segments inside. */
export type Message = {
  dialogId: string;
  number: number;
  /** Whether it came in the encryption envelope, in which it is answered. */
  sealed: boolean;
  signature?: Signature;
  orders: Segment[];
};

/** What stands in the signature: PIN and code are the signature of PIN/TAN. */
export type Signature = {
  segment: number;
  pin: string;
  code: string;
  securityFunction: string;
  systemId: string;
  bankCode: string;
  login: string;
};

/** Reads and checks the frame of a message (FinTS 3.0 Formals, B.5; PIN/TAN, B.9); throws `WireError`. */
export function openMessage(text: string): Message {
  const outer = parseSegments(text);
  const [head, ...rest] = outer;
  const last = rest.at(-1);
  if (head?.id !== 'HNHBK' || last?.id !== 'HNHBS') throw new WireError('head or end of the message is missing');
  if (Number(component(head, 1)) !== text.length) throw new WireError('the length of the message is wrong');
  if (component(head, 2) !== '300') throw new WireError('only FinTS 3.0 is spoken here');
  const number = Number(component(head, 4));
  if (!/^\d{1,4}$/.test(component(head, 4)) || number < 1) throw new WireError('the message has no proper number');
  const frame = { dialogId: component(head, 3), number };
  if (rest[0]?.id !== 'HNVSK') return { ...frame, sealed: false, orders: rest.slice(0, -1) };
  if (rest[1]?.id !== 'HNVSD' || rest.length !== 3) throw new WireError('the envelope is not complete');
  const inner = parseSegments(component(rest[1], 1));
  return { ...frame, sealed: true, ...openSignature(inner) };
}

/** Puts an answer together. Numbers run on through the envelope; 998 and 999 are the envelope's own. */
export function sealAnswer(
  message: Pick<Message, 'dialogId' | 'number' | 'sealed' | 'signature'>,
  dialogId: string,
  bankCode: string,
  at: { day: string; time: string },
  segments: readonly Outgoing[],
  signs: boolean,
): string {
  const { signature } = message;
  const key = ['280', bankCode, signature?.login ?? '', 'V', 0, 0];
  const signed =
    signs && signature
      ? [
          signatureHead(signature, bankCode, at),
          ...segments,
          { id: 'HNSHA', version: 2, data: ['1'] } satisfies Outgoing,
        ]
      : segments;
  const inside = signed.map((segment, index) => writeSegment(segment, index + 2)).join('');
  const envelope: Outgoing = {
    id: 'HNVSK',
    version: 3,
    data: [
      ['PIN', signature?.securityFunction === '999' ? 1 : 2],
      998,
      1,
      [1, undefined, signature?.systemId],
      [1, at.day, at.time],
      [2, 2, 13, binary('\0\0\0\0\0\0\0\0'), 5, 1],
      key,
      0,
    ],
  };
  const body =
    message.sealed && signature
      ? writeSegment(envelope, 998) + writeSegment({ id: 'HNVSD', version: 1, data: [binary(inside)] }, 999)
      : inside;
  const end = writeSegment({ id: 'HNHBS', version: 1, data: [message.number] }, signed.length + 2);
  const head = (length: number) =>
    writeSegment(
      {
        id: 'HNHBK',
        version: 3,
        data: [
          String(length).padStart(12, '0'),
          300,
          dialogId,
          message.number,
          [message.dialogId === '0' ? dialogId : message.dialogId, message.number],
        ],
      },
      1,
    );
  return head(head(0).length + body.length + end.length) + body + end;
}

function signatureHead(signature: Signature, bankCode: string, at: { day: string; time: string }): Outgoing {
  return {
    id: 'HNSHK',
    version: 4,
    data: [
      ['PIN', signature.securityFunction === '999' ? 1 : 2],
      signature.securityFunction,
      1,
      1,
      1,
      [1, undefined, signature.systemId || '0'],
      1,
      [1, at.day, at.time],
      [1, 999, 1],
      [6, 10, 16],
      ['280', bankCode, signature.login, 'S', 0, 0],
    ],
  };
}

function openSignature(inner: Segment[]): Pick<Message, 'signature' | 'orders'> {
  const head = inner[0];
  const end = inner.at(-1);
  if (head?.id !== 'HNSHK' || end?.id !== 'HNSHA' || inner.length < 2) throw new WireError('a signature is missing');
  if (component(head, 3) !== component(end, 1))
    throw new WireError('the parts of the signature do not belong together');
  return {
    signature: {
      segment: end.number,
      pin: component(end, 3, 1),
      code: component(end, 3, 2),
      securityFunction: component(head, 2),
      systemId: component(head, 6, 3),
      bankCode: component(head, 11, 2),
      login: component(head, 11, 3),
    },
    orders: inner.slice(1, -1),
  };
}
