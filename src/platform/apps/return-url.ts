import { Problem } from '../problems.ts';
import { isReserved } from './return-url-query.ts';
import type { TenantSettings } from './tenant-settings.ts';

/** What a mode allows beyond https: loopback in test, and hosts the operator listed (`host` or `host:port`). */
export type ReturnUrlRules = { mode: 'test' | 'live'; httpHosts?: readonly string[] };

/** The place in a return URL where our session id goes (seed B's example). */
const SESSION_PLACE = '{SESSION_ID}';

/**
 * Why this address cannot be registered, or undefined when it can: `https://app.example/callback/{name}`. A registered
 * address has no query; a path segment `{name}` stands for one segment of `[A-Za-z0-9_-]{1,200}`.
 */
export function refuseRegistration(url: string, rules: ReturnUrlRules): string | undefined {
  const parts = split(url);
  if (typeof parts === 'string') return parts;
  if (parts.query !== undefined) return 'A registered address has no query: apps may add any query when they use it.';
  return (
    refuseScheme(parts, rules) ?? refusePath(parts.path, (segment) => /^\{[A-Za-z][A-Za-z0-9_]{0,39}\}$/.test(segment))
  );
}

/**
 * Why people cannot be sent to this address, or undefined when they can: scheme, host, port and path must equal a
 * registered address as written. Text is compared with text, never with what some parser makes of it.
 */
export function refuseReturnUrl(url: string, registered: readonly string[], rules: ReturnUrlRules): string | undefined {
  const parts = split(url);
  if (typeof parts === 'string') return parts;
  const refused =
    refuseScheme(parts, rules) ??
    refusePath(parts.path, (segment) => segment === SESSION_PLACE) ??
    refuseQuery(parts.query);
  if (refused) return refused;
  const known = registered.some((address) => {
    const other = split(address);
    return typeof other !== 'string' && other.origin === parts.origin && samePath(other.path, parts.path);
  });
  return known
    ? undefined
    : 'This address is not registered for the app. Register it with `npm run app -- urls` or POST /v1/account.';
}

/** Throws `return_url_not_allowed`, pointing at `pointer`, unless people of this tenant may be sent there. */
export function checkReturnUrl(
  url: string,
  tenant: { mode: 'test' | 'live'; returnUrls: readonly string[]; settings: Pick<TenantSettings, 'httpHosts'> },
  pointer = '/return_url',
): void {
  const refused = refuseReturnUrl(url, tenant.returnUrls, { mode: tenant.mode, httpHosts: tenant.settings.httpHosts });
  if (refused) throw new Problem('return_url_not_allowed', refused, { errors: [{ pointer, detail: refused }] });
}

/** Throws `return_url_needed` where a claim is asked for and nobody could bring its code back. */
export function checkReturn(caller: { needsReturnUrl?: boolean }, returnUrl: string | null | undefined): void {
  if (!caller.needsReturnUrl || returnUrl) return;
  const detail = 'This app asks for claims, whose code comes with the return: name an address, or set a default one.';
  throw new Problem('return_url_needed', detail, { errors: [{ pointer: '/return_url', detail }] });
}

/**
 * The address to send the person to: what the app gave, byte for byte and in order, with `{SESSION_ID}` filled in and
 * our names appended.
 */
export function returnTo(
  url: string,
  outcome: {
    session: string;
    consent?: string | null;
    claim?: string;
    error?: string | null;
    errorCode?: string | null;
  },
): string {
  const filled = url.replaceAll(SESSION_PLACE, outcome.session);
  const appended = [
    ['fx_session', outcome.session],
    ['fx_consent', outcome.consent],
    ['fx_claim', outcome.claim],
    ['error', outcome.error],
    ['error_code', outcome.errorCode],
  ].flatMap(([name, value]) => (value ? [`${name}=${encodeURIComponent(value)}`] : []));
  const query = filled.includes('?') ? filled.slice(filled.indexOf('?') + 1) : undefined;
  const glue = query === undefined ? '?' : query === '' || query.endsWith('&') ? '' : '&';
  return `${filled}${glue}${appended.join('&')}`;
}

type Parts = {
  scheme: string;
  host: string;
  port: string | undefined;
  origin: string;
  path: string;
  query: string | undefined;
};

// RFC 3986 characters only. `{ }` mark places, and like `[ ]` and `|` browsers leave them alone in a query.
const FORM =
  /^([a-z]+):\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::([0-9]+))?(\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/{}]*)?(?:\?([A-Za-z0-9\-._~!$&'()*+,;=:@%/?{}[\]|]*))?$/;
const MOST = 2000;

function split(url: string): Parts | string {
  if (url.length > MOST) return `An address has at most ${MOST} characters.`;
  if (url.includes('#')) return 'An address to return to has no fragment.';
  if (/^[a-z]+:\/\/[^/?]*@/i.test(url)) return 'An address to return to has no user name.';
  const match = FORM.exec(url);
  if (!match)
    return 'This is not a plain absolute address such as https://app.example.com/callback (lower-case host, no spaces, no backslash, no fragment).';
  const [, scheme = '', host = '', port, path = '/', query] = match;
  if (/%(?![0-9A-Fa-f]{2})/.test(`${path}${query ?? ''}`))
    return 'A percent sign must be followed by two hexadecimal digits.';
  return { scheme, host, port, origin: `${scheme}://${host}${port === undefined ? '' : `:${port}`}`, path, query };
}

function refuseScheme({ scheme, host, port, origin }: Parts, rules: ReturnUrlRules): string | undefined {
  if (scheme !== 'https' && scheme !== 'http') return 'An address to return to begins with https://.';
  if (port !== undefined && (!/^[1-9][0-9]{0,4}$/.test(port) || Number(port) > 65535)) return 'The port is not one.';
  if (!isPlainHost(host) || !readAlike(origin, scheme, host))
    return 'The host is not written plainly: a lower-case name without a dot at its end, or punycode.';
  if (scheme === 'https') return undefined;
  const listed = rules.httpHosts?.some((one) => one === host || one === `${host}:${port ?? '80'}`);
  if (listed || (rules.mode === 'test' && isLoopback(host))) return undefined;
  return rules.mode === 'test' ? 'http is for addresses of this machine only; use https.' : 'Live apps use https.';
}

/** Names as every parser reads them; a name whose last label is a number would be an IPv4 address to some. */
function isPlainHost(host: string): boolean {
  if (host.startsWith('[')) return true;
  if (host.length > 253) return false;
  const labels = host.split('.');
  if (!labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return false;
  const looksNumeric = /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '');
  return !looksNumeric || /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}$/.test(host);
}

/** True when the browser's own parser arrives at the same host: refuses bad punycode and IPv6 in another spelling. */
function readAlike(origin: string, scheme: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.protocol === `${scheme}:` && url.hostname === host && !url.username && !url.password;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127\./.test(host) || host === '[::1]';
}

function refusePath(path: string, isPlace: (segment: string) => boolean): string | undefined {
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && index < segments.length - 1) return 'A path has no empty segments.';
    if (/^(\.|%2e){1,2}$/i.test(segment)) return 'A path has no `.` and `..` segments.';
    if (/%(2e|2f|5c|25|7f|[01][0-9a-f])/i.test(segment))
      return 'A path has no encoded dots, slashes, percent or control characters.';
    if (/[{}]/.test(segment) && !isPlace(segment)) return 'Braces may only enclose a whole segment of the path.';
  }
  return undefined;
}

function refuseQuery(query: string | undefined): string | undefined {
  const reserved = query === undefined ? undefined : query.split(/[&;]/).find(isReserved);
  return reserved === undefined
    ? undefined
    : 'The parameters fx_session, fx_consent, fx_claim, error and error_code are ours to append.';
}

function samePath(registered: string, asked: string): boolean {
  const wanted = registered.split('/');
  const given = asked.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => {
      const other = given[index] ?? '';
      if (!segment.startsWith('{')) return segment === other;
      return other === SESSION_PLACE || /^[A-Za-z0-9_-]{1,200}$/.test(other);
    })
  );
}
