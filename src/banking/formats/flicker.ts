/**
 * Flicker codes (HHD_UC 1.3 and 1.4): what a bank sends is turned into what a card reader must see, half byte by half byte,
 * with length and both checks. Source: ZKA/DK, HHD extension for unidirectional coupling.
 */
export function renderFlicker(written: string): string | undefined {
  const code = written.replace(/\s+/g, '').toUpperCase();
  if (!/^[\dA-Z.,:+\-/?()']{8,400}$/.test(code)) return undefined;
  // 1.4 writes its length with three digits, 1.3 with two. Only the right reading adds up.
  return render(parse(code, 3)) ?? render(parse(code, 2));
}

type Part = { data: string; ascii: boolean };
type Code = { control: string; start: Part; parts: Part[]; is14: boolean };

const MOST_CONTROL_BYTES = 10;
const MOST_PARTS = 3;

function parse(code: string, lengthDigits: 2 | 3): Code | undefined {
  const is14 = lengthDigits === 3;
  const total = Number(code.slice(0, lengthDigits));
  if (!Number.isInteger(total) || total !== code.length - lengthDigits) return undefined;
  let rest = code.slice(lengthDigits);
  const take = (count: number): string | undefined => {
    if (rest.length < count) return undefined;
    const taken = rest.slice(0, count);
    rest = rest.slice(count);
    return taken;
  };
  const startLength = hexOf(take(2));
  if (startLength === undefined) return undefined;
  let control = '';
  if (is14 && startLength & 0x80) {
    for (let count = 0; count < MOST_CONTROL_BYTES; count += 1) {
      const byte = take(2);
      const value = hexOf(byte);
      if (byte === undefined || value === undefined) return undefined;
      control += byte;
      if ((value & 0x80) === 0) break;
    }
  }
  const start = take(startLength & 0x3f);
  if (start === undefined) return undefined;
  const parts: Part[] = [];
  while (rest.length > 0 && parts.length < MOST_PARTS) {
    const digits = take(2);
    if (digits === undefined || !/^\d\d$/.test(digits)) return undefined;
    const length = Number(digits) & 0x3f;
    const data = take(length);
    if (data === undefined) return undefined;
    if (data !== '') parts.push({ data, ascii: (Number(digits) & 0x40) !== 0 || !/^\d+$/.test(data) });
  }
  return rest === '' ? { control, start: { data: start, ascii: !/^\d*$/.test(start) }, parts, is14 } : undefined;
}

function render(code: Code | undefined): string | undefined {
  if (!code) return undefined;
  const { control, start, parts, is14 } = code;
  const startData = written(start);
  const startLength = startData.length / 2 + (control ? 0x80 : 0) + (start.ascii ? 0x40 : 0);
  const data = parts.map((part) => lengthOf(part, is14) + written(part)).join('');
  const body = hex(startLength, 2) + control + startData + data;
  const payload = hex(body.length / 2 + 1, 2) + body;
  const luhn = luhnOf(control + startData + parts.map(written).join(''));
  const xor = [...payload].reduce((sum, digit) => sum ^ Number.parseInt(digit, 16), 0);
  return payload + hex(luhn, 1) + hex(xor, 1);
}

function lengthOf(part: Part, is14: boolean): string {
  const length = written(part).length / 2;
  if (!part.ascii) return hex(length, 2);
  return is14 ? hex(length + 0x40, 2) : `1${hex(length, 1)}`;
}

/** Digits two to a byte, filled up with F; other characters one to a byte. */
function written({ data, ascii }: Part): string {
  if (ascii) return Buffer.from(data, 'latin1').toString('hex').toUpperCase();
  return data.length % 2 === 0 ? data : `${data}F`;
}

function luhnOf(digits: string): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 2) {
    const doubled = 2 * Number.parseInt(digits[at + 1] ?? '0', 16);
    sum += Number.parseInt(digits[at]!, 16) + Math.floor(doubled / 10) + (doubled % 10);
  }
  return (10 - (sum % 10)) % 10;
}

function hexOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[\dA-F]{2}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
