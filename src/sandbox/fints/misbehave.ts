import type { Behaviour, Written } from '../misbehave.ts';
import type { Answer } from './answer.ts';
import { binary, type Element, type Outgoing } from './wire.ts';

/** Kinds that answer instead of the bank and look otherwise in FinTS than in JSON. `error` is a return code: see `refuses`. */
export const FINTS_INSTEAD: Record<string, (behaviour: Behaviour) => Written> = {
  outage: () => html(503, '<h1>Wartungsarbeiten</h1>'),
  rate_limited: ({ retry_after_s }) => {
    const written = html(429, '<h1>Zu viele Anfragen</h1>');
    if (retry_after_s !== undefined) written.headers['retry-after'] = String(retry_after_s);
    return written;
  },
};

/** The refusal that was ordered: any return code, `9010` when none was said. */
export function refuses(behaviour: Behaviour | undefined): Answer | undefined {
  if (behaviour?.kind !== 'error') return undefined;
  const code = behaviour.code ?? '9010';
  return { feedback: [{ code, text: 'Wie von der Steuerung bestellt.' }], segments: [], ended: code.startsWith('9') };
}

type Spoil = (segments: readonly Outgoing[], behaviour: Behaviour) => Outgoing[];

/** Deviations in what the segments say, by the variant of `off_standard`. */
const SEGMENTS: Record<string, Spoil> = {
  unknown_code: (segments) =>
    segments.map((one) => (one.id === 'HIRMG' ? { ...one, data: [...one.data, ['3999', '', 'Etwas Neues.']] } : one)),
  unknown_segment: (segments) => [...segments, { id: 'HIXYZ', version: 9, data: [['a', 'b'], 'c'] }],
  missing_segment: (segments) => segments.filter(({ id }) => /^HIRM[GS]$/.test(id)),
  utf8: (segments) => segments.map((one) => onStatement(one, (text) => Buffer.from(text, 'utf8').toString('latin1'))),
  cp850: (segments) =>
    segments.map((one) => onStatement(one, (text) => text.replace(/[äöüÄÖÜßé]/g, (sign) => CP850[sign]!))),
  transliterated: (segments) =>
    segments.map((one) => onStatement(one, (text) => text.replace(/[äöüÄÖÜßé]/g, (sign) => PLAIN[sign]!))),
  huge: (segments, { bytes }) => segments.map((one) => onStatement(one, (text) => text + padding(bytes ?? 10_000_000))),
};

/** Deviations in the message as it is written. */
const TEXTS: Record<string, (text: string) => string> = {
  wrong_length: (text) => text.replace(/^(HNHBK:1:3\+)\d{12}/, '$1000000000007'),
  missing_end: (text) => text.replace(/HNHBS:[^']*'$/, ''),
  wrong_binary_length: (text) =>
    text.replace(/(HNVSD:999:1\+@)(\d+)@/, (_, head: string, length: string) => `${head}${Number(length) + 999}@`),
};

/** The names of the deviations that `off_standard` knows at FinTS banks; `not_base64` is the message itself. */
export const FINTS_VARIANTS: readonly string[] = [...Object.keys(SEGMENTS), ...Object.keys(TEXTS), 'not_base64'];

const variantOf = (behaviour: Behaviour | undefined): string =>
  behaviour?.kind === 'off_standard' ? (behaviour.variant ?? '') : '';

/** The segments with the deviation that was ordered. */
export const spoilSegments = (segments: readonly Outgoing[], behaviour: Behaviour | undefined): readonly Outgoing[] =>
  behaviour ? (SEGMENTS[variantOf(behaviour)]?.(segments, behaviour) ?? segments) : segments;

/** The body with the deviation that was ordered: Base64 of the message. */
export function spoilBody(text: string, behaviour: Behaviour | undefined): string {
  const variant = variantOf(behaviour);
  const message = TEXTS[variant]?.(text) ?? text;
  return variant === 'not_base64' ? message : Buffer.from(message, 'latin1').toString('base64');
}

const html = (status: number, body: string): Written => ({ status, headers: { 'content-type': 'text/html' }, body });

/** Changes the booked entries of MT940. */
function onStatement(segment: Outgoing, change: (text: string) => string): Outgoing {
  if (segment.id !== 'HIKAZ') return segment;
  const data = segment.data.map((element, index): Element => {
    const isBinary = typeof element === 'object' && 'binary' in element;
    return index === 0 && isBinary ? binary(change(element.binary)) : element;
  });
  return { ...segment, data };
}

/** The signs of our texts in the character set of old bank computers. */
const CP850: Record<string, string> = {
  ä: '\x84',
  ö: '\x94',
  ü: '\x81',
  Ä: '\x8e',
  Ö: '\x99',
  Ü: '\x9a',
  ß: '\xe1',
  é: '\x82',
};
const PLAIN: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'AE', Ö: 'OE', Ü: 'UE', ß: 'ss', é: 'e' };

/** Statements of an old day whose entries cancel out, until so many bytes are reached. */
function padding(bytes: number): string {
  const pair = ['C', 'D'].map(
    (side) => `:61:2001020102${side}R1,00NMSCNONREF\r\n:86:166?00BUCHUNG?20SVWZ+Hin und her?32Kontor Hansen\r\n`,
  );
  const entries = pair.join('').repeat(500);
  const one = `\r\n:20:STARTUMSE\r\n:25:00000000/0\r\n:28C:0\r\n:60F:C200102EUR0,00\r\n${entries}:62F:C200102EUR0,00\r\n-`;
  return one.repeat(Math.max(1, Math.ceil(bytes / one.length)));
}
