import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

/** A request to hand to the authorization server; `mount` is the part of the path before its own. */
export type Asked = {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  socket: Socket;
  mount: string;
  body: string;
};

/** Its whole answer. */
export type Answered = { status: number; headers: Record<string, string>; cookies: string[]; body: string };

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Asks a request handler in this process, and gives back the answer whole instead of writing it: the bank logs it, and
 * spoils it when told to.
 */
export function ask(handler: Handler, { method, url, headers, socket, mount, body }: Asked): Promise<Answered> {
  const length = Buffer.byteLength(body);
  const { 'transfer-encoding': _chunked, ...rest } = headers;
  const request = Object.assign(Readable.from(length > 0 ? [Buffer.from(body)] : []), {
    method,
    url,
    headers: { ...rest, ...(length > 0 ? { 'content-length': String(length) } : {}) },
    socket,
    baseUrl: mount,
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  }) as unknown as IncomingMessage;
  return new Promise((resolve) => handler(request, new KeptResponse(request, resolve)));
}

class KeptResponse extends ServerResponse {
  readonly #done: (answered: Answered) => void;

  constructor(request: IncomingMessage, done: (answered: Answered) => void) {
    super(request);
    this.#done = done;
  }

  override end(chunk?: unknown): this {
    const { 'set-cookie': cookies = [], ...headers } = this.getHeaders();
    const text = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    this.#done({
      status: this.statusCode,
      headers: Object.fromEntries(text.filter(([name]) => name !== 'content-length')),
      cookies: [cookies].flat().map(String),
      body: Buffer.isBuffer(chunk) ? chunk.toString() : typeof chunk === 'string' ? chunk : '',
    });
    this.emit('finish');
    return this;
  }
}
