import type { Platform } from '../platform.ts';
import { Problem } from '../problems.ts';

const MOST = 2000;

/**
 * Why events cannot be sent to this address, or undefined when they can. Asked when it is saved and again before each
 * delivery; what a name resolves to is judged by the way out itself, at each connection.
 */
export function refuseEndpointUrl(
  platform: Pick<Platform, 'egress' | 'webhookEgress'>,
  mode: 'test' | 'live',
  text: string,
): string | undefined {
  if (text.length > MOST) return `An address has at most ${MOST} characters.`;
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(text) || /[\\#]/.test(text) || !URL.canParse(text))
    return 'This is not a plain absolute address such as https://app.example.com/webhooks.';
  const url = new URL(text);
  const [, host = ''] = /^https?:\/\/([^/?]*)/.exec(text) ?? [];
  // 127.1, 0x7f.1, 2130706433, a name with a dot at its end: what two parsers could read differently is not taken.
  if (url.username || url.password || host.includes('@')) return 'An address holds no user name.';
  if (host.replace(/:\d+$/, '') !== url.hostname || /\.$/.test(url.hostname))
    return 'The host is not written plainly: a lower-case name, punycode, or an address in its usual form.';
  if (mode === 'live' && url.protocol !== 'https:') return 'Live apps are told over https.';
  if (mode === 'live' && isLoopback(url.hostname)) return 'Live apps are not told on the machine this server runs on.';
  const refused = (platform.webhookEgress ?? platform.egress).refusal({ url: text, hosts: [hostEntry(text)] });
  return refused && `The address is refused: ${refused}.`;
}

/** Throws `webhook_url_refused` unless events can be sent there. */
export function checkEndpointUrl(platform: Platform, mode: 'test' | 'live', url: string): void {
  const refused = refuseEndpointUrl(platform, mode, url);
  if (refused) throw new Problem('webhook_url_refused', refused, { errors: [{ pointer: '/url', detail: refused }] });
}

/** The only host a delivery to this address may reach. */
export function hostEntry(text: string): string {
  const url = new URL(text);
  return `${url.hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`;
}

/** This machine, as its plain names are written. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
