/** The only way out: every outgoing connection of the server. */
export type Egress = { request(request: EgressRequest): Promise<EgressReply>; close(): Promise<void> };

/** One request. `hosts` are the `host` or `host:port` entries its address must be on; 443 is meant where none is given. */
export type EgressRequest = {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  hosts: readonly string[];
  /** Client certificate, its key and the authorities to believe, as PEM. */
  tls?: { cert?: string; key?: string; ca?: string };
  timeoutMs?: number;
  /** The most bytes of answer to accept, after decompression. */
  maxBytes?: number;
};

/** The answer, whatever its status. Header names in lower case. */
export type EgressReply = { status: number; headers: Record<string, string>; body: Uint8Array; url: string };

/** The address is not allowed: no connection was made. */
export class EgressRefused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`the address is refused: ${reason}`);
    this.name = 'EgressRefused';
    this.reason = reason;
  }
}

/** No whole answer came. */
export class EgressFailed extends Error {
  readonly reason: 'timeout' | 'connect' | 'tls' | 'too_large' | 'reset' | 'protocol';
  constructor(reason: EgressFailed['reason'], cause?: unknown) {
    super(`no answer: ${reason}`, { cause });
    this.name = 'EgressFailed';
    this.reason = reason;
  }
}
