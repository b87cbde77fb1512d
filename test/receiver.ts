import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** What came in one delivery. */
export type Received = { headers: Record<string, string>; body: string; id: string; event: ReceivedEvent };
/** An event as it is sent. */
export type ReceivedEvent = { id: string; type: string; data: { object: { id?: string; connection?: string } } };

/** An app's webhook endpoint: it keeps what comes and answers as told. */
export type Receiver = {
  url: string;
  received: Received[];
  /** Bytes and connections that arrived, however the request was. */
  connections(): number;
  /** The most requests that were open at the same moment. */
  mostAtOnce(): number;
  /** How to answer from now on; 204 unless said. */
  answers(how: (response: ServerResponse, received: Received) => void): void;
  /** Waits until so many deliveries came; at most ten seconds. */
  gets(count: number): Promise<void>;
  close(): Promise<void>;
};

/** Listens on a port of this machine, the same again where one is given. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  let how: (response: ServerResponse, received: Received) => void = (response) => response.writeHead(204).end();
  let [connections, open, most] = [0, 0, 0];
  const server = createServer(async (request: IncomingMessage, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    const one = { headers, body, id: headers['webhook-id'] ?? '', event: JSON.parse(body) as ReceivedEvent };
    received.push(one);
    how(response, one);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((listening) => void server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    connections: () => connections,
    mostAtOnce: () => most,
    answers(next) {
      how = next;
    },
    async gets(count) {
      for (const until = performance.now() + 10_000; received.length < count; await wait(10))
        assert.ok(performance.now() < until, `${received.length} of ${count} deliveries came`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Fails unless the judge of the standard takes this delivery as signed with the secret. */
export function isSigned(received: Received, secret: string): void {
  new Webhook(secret).verify(received.body, received.headers);
}
