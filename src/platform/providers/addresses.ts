import { isIP } from 'node:net';
import type { Environment } from './provider.ts';

/** What addresses of one environment may look like: the pretend banks' own hosts, and private ones the operator lists. */
export type AddressRules = {
  environment: Environment;
  /** `host:port` of the pretend banks' machine endpoints; empty when there are none. */
  sandboxHosts: readonly string[];
  /** Hosts inside the operator's network that a bank's test system may stand on. */
  allowPrivate: (host: string, port: number) => boolean;
};

/** Why this base address may not be used; undefined when it may. */
export function refuseBaseUrl(text: string, rules: AddressRules): string | undefined {
  if (!URL.canParse(text)) return `${JSON.stringify(text)} is not an address`;
  const url = new URL(text);
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.username || url.password) return 'must not carry a user or password';
  if (url.search || url.hash || text.includes('?') || text.includes('#')) return 'must not carry a query or fragment';
  if (/[\s\\{}]|%2e|%2f|\/\.\.?(\/|$)/i.test(text))
    return 'must be written plainly: no spaces, backslashes, dot segments';
  return refuseHost(url.host, rules);
}

/** Why this `host` or `host:port` may not be called; undefined when it may. */
export function refuseHost(text: string, rules: AddressRules): string | undefined {
  if (!URL.canParse(`https://${text}/`)) return `${JSON.stringify(text)} is not a host name`;
  const url = new URL(`https://${text}/`);
  if (url.host !== text) return `${JSON.stringify(text)} must be written as ${JSON.stringify(url.host)}`;
  if (rules.environment === 'sandbox') {
    return rules.sandboxHosts.includes(text) ? undefined : 'a pretend bank must stand on {sandbox}';
  }
  const port = url.port === '' ? 443 : Number(url.port);
  const mayBePrivate = rules.environment === 'bank_test' && rules.allowPrivate(url.hostname, port);
  if (mayBePrivate) return undefined;
  if (port !== 443 && port !== 8443) return `port ${port} is not 443 or 8443`;
  return refusePrivate(url.hostname);
}

// Names only: what a public name resolves to is checked by the egress at each connection.
function refusePrivate(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return `${hostname} is a number, not a host name`;
  if (hostname.endsWith('.')) return `${hostname} must not end with a dot`;
  const labels = hostname.split('.');
  if (labels.length < 2) return `${hostname} is not a public host name`;
  const top = labels.at(-1) ?? '';
  if (NEVER_PUBLIC.has(top) || hostname.endsWith('.home.arpa')) return `${hostname} is not a public host name`;
  return undefined;
}

// RFC 6761, RFC 6762, RFC 9476 and ICANN's .internal: names that never lead to a public host.
const NEVER_PUBLIC = new Set(['localhost', 'local', 'internal', 'invalid', 'test', 'alt', 'lan', 'intranet', 'onion']);
