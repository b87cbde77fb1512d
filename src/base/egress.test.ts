import assert from 'node:assert/strict';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer, type LookupFunction } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { isPublicAddress } from './egress/addresses.ts';
import { createEgress, EgressFailed, EgressRefused } from './egress.ts';

/** A listener that nobody must reach: it counts who does. */
async function openCanary(host: string) {
  const seen: string[] = [];
  const server = createServer((socket) => {
    seen.push(String(socket.remoteAddress));
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  return { seen, server, port: (server.address() as AddressInfo).port };
}

const answering =
  (...answers: string[]): LookupFunction =>
  (_name, options, callback) => {
    const address = answers.length > 1 ? answers.shift()! : answers[0]!;
    const family = address.includes(':') ? 6 : 4;
    if (options.all) callback(null, [{ address, family }] as never);
    else callback(null, address, family);
  };

describe('Egress to what is not the public internet', () => {
  let canary: Awaited<ReturnType<typeof openCanary>>;
  before(async () => {
    canary = await openCanary('127.0.0.1');
  });
  after(() => canary.server.close());

  const spellings = [
    '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '①②⑦.0.0.1', '[::1]', '[::ffff:7f00:1]', '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]', '[::127.0.0.1]', 'localhost', 'localhost.', 'LOCALHOST', '0', '0.0.0.0', '[::]', '127.0.0.1.', '169.254.169.254',
    '[fd00:ec2::254]', '[fe80::1]', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '[2002:7f00:1::]', '[2001::1]', '224.0.0.1',
    '255.255.255.255', '%31%32%37.0.0.1', '127。0。0。1',
  ]; // biome-ignore format: one spelling a line would be thirty lines
  for (const spelling of spellings) {
    it(`refuses ${spelling} without connecting`, async () => {
      const egress = createEgress({ allowPrivate: () => false, ports: [canary.port] });
      const url = `https://${spelling}:${canary.port}/`;
      // The host is listed, as for an address that an app registered itself: only the address check is left.
      await assert.rejects(
        egress.request({ method: 'GET', url, hosts: [new URL(url).host] }),
        // Some resolvers do not know `localhost.`: that is no connection either.
        (error) => error instanceof EgressRefused || (spelling === 'localhost.' && error instanceof EgressFailed),
      );
      assert.deepEqual(canary.seen, []);
      await egress.close();
    });
  }

  it('refuses a name whose resolver answers with a private address, alone or among public ones', async () => {
    for (const lookup of [
      answering('127.0.0.1'),
      answering('::1'),
      answering('::ffff:127.0.0.1'),
      ((_name, _options, callback) =>
        callback(null, [
          { address: '192.0.43.8', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ] as never)) as LookupFunction,
    ]) {
      const egress = createEgress({ allowPrivate: () => false, ports: [canary.port], lookup });
      const url = `https://bank.example:${canary.port}/`;
      await assert.rejects(
        egress.request({ method: 'GET', url, hosts: [`bank.example:${canary.port}`] }),
        EgressRefused,
      );
      assert.deepEqual(canary.seen, []);
      await egress.close();
    }
  });

  it('refuses what is not https, not on its port, not on the list, or names a user', async () => {
    const egress = createEgress({ allowPrivate: () => false });
    for (const url of [
      'http://bank.example/', 'ftp://bank.example/', 'file:///etc/passwd', 'https://bank.example:22/', 'https://other.example/',
      'https://bank.example.evil.example/', 'https://bank.example@evil.example/', 'https://user:word@bank.example/', 'https://bank.example./', 'bank.example', '',
    ]) {
      await assert.rejects(egress.request({ method: 'GET', url, hosts: ['bank.example'] }), EgressRefused, url);
    } // biome-ignore format: as above
    await egress.close();
  });
});

describe('Egress to a host that may be called', () => {
  let server: Server;
  let origin: string;
  let canary: Awaited<ReturnType<typeof openCanary>>;
  const seen: string[] = [];
  before(async () => {
    canary = await openCanary('127.0.0.1');
    server = createHttpServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const path = request.url!;
      if (path === '/redirect') response.writeHead(302, { location: `http://127.0.0.1:${canary.port}/` }).end();
      else if (path === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'));
      else if (path === '/br') response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('packed'));
      else if (path === '/bomb')
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
      else if (path === '/broken') response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
      else if (path === '/zip') response.writeHead(200, { 'content-encoding': 'zip' }).end('x');
      else if (path === '/long') response.end(Buffer.alloc(200_000));
      else if (path === '/cut')
        response.writeHead(200, { 'content-length': '10' }).write('1234', () => response.destroy());
      else if (path === '/hang') response.flushHeaders();
      else if (path === '/close') response.setHeader('connection', 'close').end('once');
      else response.end(`${request.method} ${request.headers['x-a'] ?? ''}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    canary.server.close();
  });

  const open = () => createEgress({ allowPrivate: (host, port) => `http://${host}:${port}` === origin });
  const ask = (egress: ReturnType<typeof open>, path: string, more: object = {}) =>
    egress.request({ method: 'GET', url: origin + path, hosts: [new URL(origin).host], ...more });
  const failing = (reason: string) => (error: unknown) => error instanceof EgressFailed && error.reason === reason;

  it('hands over status, headers and body, unpacked', async () => {
    const egress = open();
    const reply = await ask(egress, '/x?y=1', { method: 'POST', body: '{}', headers: { 'x-a': 'b' } });
    assert.equal(Buffer.from(reply.body).toString(), 'POST b');
    assert.equal(reply.status, 200);
    assert.equal(reply.url, `${origin}/x?y=1`);
    for (const path of ['/gzip', '/br']) assert.equal(Buffer.from((await ask(egress, path)).body).toString(), 'packed');
    await egress.close();
  });

  it('hands a redirect over and does not follow it', async () => {
    const egress = open();
    assert.equal((await ask(egress, '/redirect')).status, 302);
    assert.deepEqual(canary.seen, []);
    await assert.rejects(ask(egress, '', { url: `http://127.0.0.1:${canary.port}/` }), EgressRefused);
    assert.deepEqual(canary.seen, []);
    await egress.close();
  });

  it('gives up on what is too long, also when it only unpacks to that', async () => {
    const egress = open();
    const before = process.memoryUsage().rss;
    await assert.rejects(ask(egress, '/long', { maxBytes: 100_000 }), failing('too_large'));
    await assert.rejects(ask(egress, '/bomb', { maxBytes: 100_000 }), failing('too_large'));
    assert.ok(process.memoryUsage().rss - before < 250 * 1024 * 1024);
    await egress.close();
  });

  it('says why no answer came', async () => {
    const egress = open();
    await assert.rejects(ask(egress, '/broken'), failing('protocol'));
    await assert.rejects(ask(egress, '/zip'), failing('protocol'));
    await assert.rejects(ask(egress, '/cut'), failing('reset'));
    await assert.rejects(ask(egress, '/hang', { timeoutMs: 300 }), failing('timeout'));
    const gone = createEgress({ allowPrivate: () => true });
    await assert.rejects(
      gone.request({ method: 'GET', url: 'http://127.0.0.1:1/', hosts: ['127.0.0.1:1'] }),
      failing('connect'),
    );
    await assert.rejects(
      gone.request({ method: 'GET', url: `https://127.0.0.1:${canary.port}/`, hosts: [`127.0.0.1:${canary.port}`] }),
      EgressFailed,
    );
    await Promise.all([egress.close(), gone.close()]);
  });

  it('takes the beginning of an answer as it came, however the answer goes on', async () => {
    const egress = open();
    const beginning = async (path: string, more: object = {}) => {
      const { status, body } = await ask(egress, path, { keepBytes: 500, ...more });
      assert.equal(status, 200);
      return Buffer.from(body);
    };
    assert.equal((await beginning('/long')).length, 500);
    assert.equal((await beginning('/cut')).toString(), '1234');
    assert.equal((await beginning('/hang', { timeoutMs: 300 })).length, 0);
    assert.deepEqual([...(await beginning('/gzip')).subarray(0, 2)], [0x1f, 0x8b]);
    await egress.close();
  });

  it('does not send what waited for a connection until its time was over', async () => {
    const egress = open();
    seen.length = 0;
    const hanging = [...Array(32)].map(() =>
      assert.rejects(ask(egress, '/hang', { timeoutMs: 600 }), failing('timeout')),
    );
    await assert.rejects(ask(egress, '/late', { timeoutMs: 200 }), failing('timeout'));
    await Promise.all(hanging);
    assert.equal((await ask(egress, '/x')).status, 200);
    assert.deepEqual(seen.slice(31), ['GET /hang', 'GET /x']);
    await egress.close();
  });

  it('asks once and no more, whatever happens', async () => {
    const egress = open();
    seen.length = 0;
    await assert.rejects(ask(egress, '/cut', { method: 'PUT' }));
    assert.deepEqual(seen, ['PUT /cut']);
    await egress.close();
  });

  it('refuses a header that would be two', async () => {
    const egress = open();
    await assert.rejects(ask(egress, '/', { headers: { 'psu-id': 'a\r\nx: y' } }), EgressRefused);
    await assert.rejects(ask(egress, '/', { headers: { Host: 'other.example' } }), EgressRefused);
    await egress.close();
  });

  it('looks a name up for each connection and connects to nothing but what that look-up answered', async (t) => {
    const port = Number(new URL(origin).port);
    const second = createHttpServer((_request, response) => response.setHeader('connection', 'close').end('public'));
    try {
      await new Promise<void>((resolve, reject) => second.once('error', reject).listen(port, '127.0.0.2', resolve));
    } catch {
      t.skip('needs a second loopback address');
      return;
    }
    let lookups = 0;
    const answers = answering('127.0.0.2', '127.0.0.1');
    const egress = createEgress({
      allowPrivate: () => false,
      ports: [port],
      lookup: (name, options, callback) => {
        lookups += 1;
        answers(name, options, callback);
      },
      isPublic: (address) => address === '127.0.0.2' || isPublicAddress(address),
    });
    seen.length = 0;
    const request = { method: 'GET', url: `https://rebind.example:${port}/`, hosts: [`rebind.example:${port}`] };
    // The first answer is taken at its word: TLS is spoken to a server that does not, at the public address.
    await assert.rejects(egress.request(request), EgressFailed);
    assert.equal(lookups, 1);
    // The second answer is private: nothing is connected.
    await assert.rejects(egress.request(request), EgressRefused);
    assert.equal(lookups, 2);
    assert.deepEqual(seen, []);
    second.close();
    await egress.close();
  });

  it('calls nothing private for who may only call what is public, also where a connection to it is open', async () => {
    const egress = open();
    assert.equal((await ask(egress, '/x')).status, 200);
    seen.length = 0;
    await assert.rejects(ask(egress, '/x', { publicOnly: true }), EgressRefused);
    assert.match(egress.refusal({ url: origin, hosts: [new URL(origin).host], publicOnly: true })!, /https/);
    const port = Number(new URL(origin).port);
    const named = createEgress({ allowPrivate: () => true, ports: [port], lookup: answering('127.0.0.1') });
    const request = { method: 'GET', url: `https://bank.example:${port}/`, hosts: [`bank.example:${port}`] };
    // Allowed, it is connected to, and does not speak TLS; public only, it is not connected to.
    await assert.rejects(named.request(request), EgressFailed);
    await assert.rejects(named.request({ ...request, publicOnly: true }), EgressRefused);
    assert.deepEqual(seen, []);
    await Promise.all([egress.close(), named.close()]);
  });
});
