import type { Dispatcher, Pool } from 'undici';
import { EgressFailed } from './failures.ts';

/** An answer as it came: header names in lower case, the body still packed. */
export type Answer = { status: number; headers: Record<string, string>; body: Buffer };

/** `keepBytes`: only the beginning of the body is wanted. Otherwise one longer than `maxBytes` is given up. */
export type Limits = { timeoutMs: number; maxBytes: number; keepBytes?: number };

/** Sends one request and gathers its answer. A stream and a signal for each would cost as much as the request itself. */
export function exchange(pool: Pool, request: Dispatcher.DispatchOptions, limits: Limits): Promise<Answer> {
  return new Promise((resolve, reject) => {
    pool.dispatch(
      // One clock for all of it: ours.
      { ...request, headersTimeout: 0, bodyTimeout: 0 },
      new Exchange(limits, resolve, reject),
    );
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  private readonly limits: Limits;
  private readonly resolve: (answer: Answer) => void;
  private readonly reject: (error: Error) => void;
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private head: Omit<Answer, 'body'> | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private over = false;

  constructor(limits: Limits, resolve: (answer: Answer) => void, reject: (error: Error) => void) {
    this.limits = limits;
    this.resolve = resolve;
    this.reject = reject;
    this.timer = setTimeout(() => this.cutOff(new EgressFailed('timeout')), limits.timeoutMs).unref();
  }
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It waited for a connection until its time was over: nothing of it is sent.
    if (this.over) controller.abort(new EgressFailed('timeout'));
  }
  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    // 1xx announces the answer.
    if (status >= 200) this.head = { status, headers: flatten(headers) };
  }
  onResponseData(_: unknown, chunk: Buffer): void {
    const { keepBytes, maxBytes } = this.limits;
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length >= (keepBytes ?? Number.POSITIVE_INFINITY) || this.length > maxBytes)
      this.cutOff(new EgressFailed('too_large'));
  }
  onResponseEnd(): void {
    this.end();
  }
  onResponseError(_: unknown, error: Error): void {
    this.end(error);
  }

  private cutOff(reason: Error): void {
    this.end(reason);
    this.controller?.abort(reason);
  }
  /** Whose beginning is wanted has answered with status and headers, however it goes on. */
  private end(error?: Error): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    const { head, limits } = this;
    if (!head || (error && limits.keepBytes === undefined)) {
      this.reject(error ?? new EgressFailed('protocol'));
      return;
    }
    this.resolve({ ...head, body: Buffer.concat(this.chunks, this.length).subarray(0, limits.keepBytes) });
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
