import type { BankContext, Grant, Permission } from '../src/banking/connector.ts';
import type { Json } from '../src/banking/step.ts';
import { facts } from '../src/connectors/fints/facts.ts';
import { HNSHA, HNSHK } from '../src/connectors/fints/wire/segments.ts';
import {
  decodeSegments,
  type Element,
  encodeSegments,
  type Segment,
  textOf,
} from '../src/connectors/fints/wire/syntax.ts';

/** A message as the scripted bank sees it. */
export type Asked = {
  dialog: string;
  message: number;
  /** Names of the orders in it, `HKTAN-4` with the process. */
  names: string[];
  orders: Segment[];
  method: string;
  pin: string;
  code: string;
};

/** An answer: segments without numbers, written as on the wire; `0010::ok` style codes make a `HIRMG`. */
export type Said = { dialog?: string; segments: string[] } | { bytes: Uint8Array | string; status?: number };

/** A scripted FinTS bank at the edge of the process. */
export type ScriptedFints = {
  context: BankContext;
  asked: Asked[];
  passes(ms: number): void;
  grant(): Grant | undefined;
  holds(grant: Grant): void;
};

/** What a person usually allows. */
export const FINTS_PERMISSION: Permission = {
  scopes: ['accounts', 'balances', 'transactions'],
  accountTypes: ['checking'],
  recurring: true,
  validUntil: '2027-02-18',
};

/** A bank that answers each message by a function. */
export function scriptedFints(
  answer: (asked: Asked) => Said,
  options: { facts?: Record<string, Json>; person?: false } = {},
): ScriptedFints {
  const asked: Asked[] = [];
  let nowMs = Date.parse('2026-11-20T10:00:00Z');
  let grant: Grant | undefined;
  const context: BankContext = {
    facts: facts.parse({ bank_code: '12345678', ...options.facts }) as Json,
    async http(request) {
      const one = readAsked(Buffer.from(request.text ?? '', 'base64').toString('latin1'));
      asked.push(one);
      const said = answer(one);
      const body =
        'bytes' in said
          ? Buffer.from(said.bytes)
          : Buffer.from(Buffer.from(writeSaid(one, said), 'latin1').toString('base64'));
      return { status: ('status' in said && said.status) || 200, headers: {}, body, url: 'https://bank.example/fints' };
    },
    oauth: { begin: refuse, finish: refuse, refresh: refuse, own: refuse },
    requester: { name: 'Example Ltd', productId: 'EXAMPLEPRODUCT' },
    now: () => new Date(nowMs),
    returnUrl: 'https://tpp.example/back/bank',
    ...(options.person === false ? {} : { person: { ipAddress: '192.0.2.7' } }),
    async refreshGrant(call) {
      if (!grant) throw new Error('there is no grant');
      grant = await call(grant);
      return grant;
    },
  };
  return {
    context,
    asked,
    passes: (ms) => {
      nowMs += ms;
    },
    grant: () => grant,
    holds: (one) => {
      grant = one;
    },
  };
}

function readAsked(text: string): Asked {
  const outer = decodeSegments(text);
  const inner = outer.flatMap((one) => (one.name === 'HNVSD' ? decodeSegments(textOf(one.elements[0]![0])) : [one]));
  const head = outer[0]!.elements as Element[];
  const orders = inner.filter(({ name }) => !name.startsWith('HN'));
  const signature = inner.find(({ name }) => name === 'HNSHA');
  const method = inner.find(({ name }) => name === 'HNSHK');
  const secret = signature && HNSHA.read(signature).secret;
  return {
    dialog: textOf(head[2]![0]),
    message: Number(textOf(head[3]![0])),
    names: orders.map(({ name, elements }) => (name === 'HKTAN' ? `HKTAN-${textOf(elements[0]?.[0])}` : name)),
    orders,
    method: method ? HNSHK.read(method).securityFunction : '',
    pin: secret?.pin ?? '',
    code: secret?.code ?? '',
  };
}

function writeSaid(asked: Asked, said: { dialog?: string; segments: string[] }): string {
  const dialog = said.dialog ?? (asked.dialog === '0' ? `D${asked.message}` : asked.dialog);
  const body = `${said.segments.join("'")}'HNHBS:99:1+${asked.message}'`;
  const head = (size: number) =>
    encodeSegments([
      {
        name: 'HNHBK',
        number: 1,
        version: 3,
        elements: [[String(size).padStart(12, '0')], ['300'], [dialog], [String(asked.message)]],
      },
    ]);
  return head(head(0).length + body.length) + body;
}

async function refuse(): Promise<never> {
  throw new Error('this bank has no OAuth');
}
