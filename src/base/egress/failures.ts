/** The address is not allowed: no connection was made. */
export class EgressRefused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`the address is refused: ${reason}`);
    this.name = 'EgressRefused';
    this.reason = reason;
  }
}

/** Why no whole answer came. After `connect` and `tls` nothing had been sent; after the others it may have had effect. */
export type EgressFailure = 'timeout' | 'connect' | 'tls' | 'too_large' | 'reset' | 'protocol';

/** No whole answer came. */
export class EgressFailed extends Error {
  readonly reason: EgressFailure;
  constructor(reason: EgressFailure, cause?: unknown) {
    super(`no answer: ${reason}`, { cause });
    this.name = 'EgressFailed';
    this.reason = reason;
  }
}

const BY_CODE: [RegExp, EgressFailure][] = [
  [/^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/, 'timeout'],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/, 'connect'],
  [/^(EPROTO|CERT_|ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|ERR_OSSL)/, 'tls'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED|ERR_STREAM_PREMATURE_CLOSE)$/, 'reset'],
  [/^ERR_BUFFER_TOO_LARGE$/, 'too_large'],
  [/^(HPE_|UND_ERR_(HEADERS_OVERFLOW|RES|REQ|RESPONSE)|Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_PADDING)/, 'protocol'],
];

/** What a failed request is called here; anything that is not the network's doing comes back as it is. */
export function failureOf(error: unknown): unknown {
  if (error instanceof EgressRefused || error instanceof EgressFailed || !(error instanceof Error)) return error;
  if (error.name === 'TimeoutError') return new EgressFailed('timeout', error);
  if (error.cause instanceof EgressRefused) return error.cause;
  const code = codeOf(error);
  // A value that cannot be a header, such as a line break in a user id.
  if (code === 'UND_ERR_INVALID_ARG') return new EgressRefused('a header or method is not allowed');
  const known = BY_CODE.find(([pattern]) => pattern.test(code));
  return known ? new EgressFailed(known[1], error) : error;
}

/** When several addresses were tried, the error is a list and the first of it says why. */
function codeOf(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined;
  return String((error as { code?: unknown }).code ?? (inner as { code?: unknown } | undefined)?.code ?? '');
}
