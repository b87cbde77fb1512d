const SAME: Readonly<Record<string, string>> = {
  '2.5.4.97': 'organizationidentifier',
  'oid.2.5.4.97': 'organizationidentifier',
  organisationidentifier: 'organizationidentifier',
};

/**
 * Whether a certificate's subject, one part a line as Node reads it, is the one that a client registered, as RFC 4514 writes
 * it: last part first, joined by commas, other names for the same attribute and hexadecimal values allowed.
 */
export function matchesSubject(subject: string | undefined, registered: string): boolean {
  if (!subject) return false;
  const own = subject.split('\n').reverse().map(partOf);
  const expected = registered.split(/(?<!\\),/).map(partOf);
  return own.length === expected.length && own.every((part, index) => part === expected[index]);
}

function partOf(text: string): string {
  const at = text.indexOf('=');
  const name = text.slice(0, at).trim().toLowerCase();
  return `${SAME[name] ?? name}=${textOf(text.slice(at + 1).trim())}`;
}

/** `#0c…` is the value in DER: a tag, a length, the characters. */
function textOf(text: string): string {
  return /^#[0-9a-f]{6,}$/i.test(text) ? Buffer.from(text.slice(5), 'hex').toString() : text.replace(/\\(.)/g, '$1');
}
