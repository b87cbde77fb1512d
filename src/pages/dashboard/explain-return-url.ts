import { refuseReturnUrl } from '../../platform/apps/return-url.ts';
import type { TenantInfo } from '../../platform/apps/apps.ts';

/** Whether people may be sent to an address; if not, why, and how it differs from the nearest registered one. */
export type Explained = { allowed: true; matches: string } | { allowed: false; reason: string; differences: string[] };

/** Explains an address to the developer who sent it. */
export function explainReturnUrl(
  url: string,
  tenant: Pick<TenantInfo, 'mode' | 'returnUrls'> & { settings: Pick<TenantInfo['settings'], 'httpHosts'> },
): Explained {
  const rules = { mode: tenant.mode, httpHosts: tenant.settings.httpHosts };
  const reason = refuseReturnUrl(url, tenant.returnUrls, rules);
  if (reason === undefined)
    return {
      allowed: true,
      matches: tenant.returnUrls.find((one) => refuseReturnUrl(url, [one], rules) === undefined) ?? url,
    };
  // Something is wrong with the address itself: no comparison says more than that.
  if (tenant.returnUrls.length === 0) return { allowed: false, reason, differences: ['No address is registered yet.'] };
  const wellFormed = refuseReturnUrl(url, [url.split('?')[0]!], rules) === undefined;
  if (!wellFormed) return { allowed: false, reason, differences: [] };
  const compared = tenant.returnUrls.map((one) => ({ one, lines: differencesOf(url, one) }));
  const nearest = compared.reduce((best, next) => (next.lines.length < best.lines.length ? next : best));
  return {
    allowed: false,
    reason: 'This address is not registered for the app in this mode.',
    differences: [`The nearest registered one is ${nearest.one}`, ...nearest.lines],
  };
}

function differencesOf(url: string, registered: string): string[] {
  const [given, wanted] = [partsOf(url), partsOf(registered)];
  const lines: string[] = [];
  const compare = (what: string, a: string, b: string) => {
    if (a !== b) lines.push(`${what}: yours is ${a || 'empty'}, registered is ${b || 'empty'}.`);
  };
  compare('Scheme', given.scheme, wanted.scheme);
  compare('Host', given.host, wanted.host);
  compare('Port', given.port, wanted.port);
  if (given.path === `${wanted.path}/` || `${given.path}/` === wanted.path)
    lines.push('Path: they differ by the slash at the end, and it counts.');
  else if (given.path !== wanted.path && given.path.toLowerCase() === wanted.path.toLowerCase())
    lines.push('Path: they differ in capital letters, and those count.');
  else if (!samePath(given.path, wanted.path))
    lines.push(`Path: yours is ${given.path}, registered is ${wanted.path}.`);
  return lines;
}

function partsOf(url: string) {
  const [, scheme = '', host = '', port = '', path = ''] =
    /^([a-z]+):\/\/(\[[^\]]*\]|[^/:?]*)(?::(\d+))?([^?]*)/.exec(url) ?? [];
  return { scheme, host, port, path: path || '/' };
}

function samePath(given: string, wanted: string): boolean {
  const [a, b] = [given.split('/'), wanted.split('/')];
  return a.length === b.length && b.every((part, at) => part.startsWith('{') || part === a[at]);
}
