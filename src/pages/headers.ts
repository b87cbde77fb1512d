import { SOURCES } from './static/inline.ts';

/**
 * The headers of every HTML page. `https`: the page is reached over https, so browsers may be told to stay there. The
 * one style and the one script are known by their hashes; `data:` pictures are the bank's challenges; script sinks
 * take only what our one policy passes (Trusted Types). A form's `Origin` is `null` under this referrer policy: whoever
 * guards against foreign posts looks at `Sec-Fetch-Site` and the visit's token.
 */
export function securityHeaders(options: { https?: boolean } = {}): Record<string, string> {
  return {
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'x-robots-tag': 'noindex',
    'cache-control': 'no-store',
    ...(options.https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

const POLICY = [
  "default-src 'none'",
  `script-src ${SOURCES.script}`,
  `style-src ${SOURCES.style}`,
  'img-src data:',
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types drawbridge',
].join('; ');
