/**
 * The headers of every HTML page. The one style and the one script are known by their hashes; `data:` pictures are the bank's challenges; script sinks
 * take only what our one policy passes (Trusted Types). A form's `Origin` is `null` under this referrer policy: whoever
 * guards against foreign posts looks at `Sec-Fetch-Site` and the visit's token.
 */
export function securityHeaders(sources: { style: string; script: string }): Record<string, string> {
  return {
    'content-security-policy': policyFor(sources),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'x-robots-tag': 'noindex',
    'cache-control': 'no-store',
  };
}

function policyFor({ style, script }: { style: string; script: string }): string {
  return [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    'img-src data:',
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types drawbridge',
  ].join('; ');
}
