/** HTML that is safe to send: made by `html` only, so every string in it has been escaped. */
export class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** An address that a page may link to: made by the checking functions below only. */
export class Address {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: strings and numbers are escaped, `false`, `null` and `undefined` are nothing. */
export type Part = Markup | Address | string | number | false | null | undefined | readonly Part[];

/**
 * Markup from a template. Strings are escaped whatever they hold; only `Markup` passes as it is. Throws on a template that
 * puts a value outside quotes behind `=`, or anything but an `Address` into an attribute that a browser follows.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  const checks = checksOf(strings);
  let text = strings[0] ?? '';
  parts.forEach((part, at) => {
    if (checks[at] === 'address' && !(part instanceof Address)) throw new TypeError('an address must be checked first');
    text += textOf(part) + (strings[at + 1] ?? '');
  });
  return new Markup(text);
}

/** A path of our own server. Throws if another host could be meant. */
export function localPath(path: string): Address {
  if (!/^\/(?![/\\])[\w\-./~%?=&{}:]*$/.test(path)) throw new TypeError('not a path of this server');
  return new Address(path);
}

/** An http(s) address without user info, or undefined. */
export function webAddress(text: string): Address | undefined {
  if (!/^https?:\/\/[^/\\]/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  // The text itself is kept: parameters that an app put there come back byte for byte. What a parser would drop is not kept.
  return /[\s<>"\\^`{|}]/.test(text) ? new Address(url.href) : new Address(text);
}

/** The host a person would see in the address bar (punycode stays visible), or an empty text. */
export function hostOf(text: string): string {
  return URL.canParse(text) ? new URL(text).host : '';
}

/** A `mailto:` address, with what the letter is about; undefined for what is no address. */
export function mailAddress(text: string, subject?: string): Address | undefined {
  return /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+$/.test(text)
    ? new Address(
        `mailto:${encodeURIComponent(text).replace('%40', '@')}${subject ? `?subject=${encodeURIComponent(subject.toWellFormed())}` : ''}`,
      )
    : undefined;
}

/** A picture inside the page itself, or undefined if it is none a page may show. */
export function imageData(mediaType: string, base64: string): Address | undefined {
  if (!/^image\/(png|jpeg|gif)$/.test(mediaType) || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  return new Address(`data:${mediaType};base64,${base64}`);
}

/** A drawing of our own as the source of a picture; what a bank sends is never taken for one. */
export function drawing(svg: string): Address {
  return new Address(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}

/** The `content` of a refresh: after so many seconds this page again, or another address. */
export function refreshAfter(seconds: number, to?: Address): Address {
  const whole = String(Math.max(0, Math.round(seconds)));
  return new Address(to === undefined ? whole : `${whole}; url=${to}`);
}

/** Attributes a browser follows or acts on by itself. */
const FOLLOWED = /\s(?:href|src|action|formaction|content|poster|srcset|ping)="$/;

const known = new WeakMap<TemplateStringsArray, ('address' | undefined)[]>();

function checksOf(strings: TemplateStringsArray): ('address' | undefined)[] {
  const found = known.get(strings);
  if (found) return found;
  const checks = strings.slice(0, -1).map((before) => {
    if (/=\s*$/.test(before)) throw new TypeError(`a value must stand in quotes: ${before.slice(-30)}`);
    if (/\s(?:on\w+|style|srcdoc)="[^"]*$/i.test(before))
      throw new TypeError(`no value may stand in ${before.slice(-30)}`);
    return FOLLOWED.test(before) ? ('address' as const) : undefined;
  });
  known.set(strings, checks);
  return checks;
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.toString();
  if (part instanceof Address) return escaped(part.toString());
  if (typeof part === 'object') return part.map(textOf).join('');
  return escaped(String(part));
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  // A parser would turn a carriage return into a line feed and swallow a NUL: what is sent is what is shown.
  '\r': '&#13;',
  '\0': '\ufffd',
};

function escaped(text: string): string {
  return text.replace(/[&<>"'`\r\0]/g, (character) => ENTITIES[character] ?? '');
}
