import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of this terminal's own that leads a browser on to the bank. */
export type Door = { url: string; close(): Promise<void> };

/**
 * A bank's redirect is finished only by the browser that owns the visit, and here that is the terminal. So whoever opens the
 * door's address, on this machine, gets the visit's cookies before being sent on: cookies know hosts, not ports, and the
 * server is on the same host. The address is unguessable.
 */
export async function openDoor(host: string, cookies: readonly [string, string][], to: string): Promise<Door> {
  const path = `/${randomBytes(16).toString('base64url')}`;
  const server = createServer((request, response) => {
    if (request.url !== path) return response.writeHead(404).end();
    const lines = cookies.map(([name, value]) => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax`);
    return response
      .writeHead(303, {
        location: to,
        'set-cookie': lines,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
      .end();
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, host, listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}${path}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
