import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createHttp, type HttpServer, LIMITS } from './http.ts';
import { createLog } from './log.ts';

describe('The HTTP server', () => {
  let server: HttpServer;
  let url: string;
  const lines: string[] = [];
  before(async () => {
    server = createHttp({
      log: createLog('info', { write: (line: string) => void lines.push(line) }),
      trustedProxies: ['127.0.0.1'],
      onError: (error, request, reply) => {
        const { statusCode = 500, code = 'internal' } = error as { statusCode?: number; code?: string };
        return reply.code(statusCode).send({ code, request_id: request.id });
      },
    });
    server.post('/echo/:token', async (request) => ({ body: request.body ?? null, ip: request.ip }));
    server.get('/fails', async () => {
      throw new Error('canary');
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const post = async (body: string | Uint8Array<ArrayBuffer>, type: string, headers = {}) => {
    const reply = await fetch(`${url}/echo/canary`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, ...headers },
    });
    return {
      status: reply.status,
      id: reply.headers.get('request-id'),
      body: (await reply.json()) as Record<string, unknown>,
    };
  };

  it('reads JSON and forms, a repeated field as a list', async () => {
    assert.deepEqual((await post('{"a":1}', 'application/json; charset=utf-8')).body.body, { a: 1 });
    assert.deepEqual((await post('a=1&b=x+y&b=%C3%A4', 'application/x-www-form-urlencoded')).body.body, {
      a: '1',
      b: ['x y', 'ä'],
    });
    assert.deepEqual((await post('', 'application/json')).body.body, null);
    const brackets = '["\\'.repeat(50);
    assert.equal((await post(JSON.stringify(brackets), 'application/json')).body.body, brackets);
  });

  it('answers what it cannot read with 4xx and a request id', async () => {
    for (const [body, type, status] of [
      ['{', 'application/json', 400],
      ['{"__proto__":{"a":1}}', 'application/json', 400],
      ['{"constructor":{"prototype":{}}}', 'application/json', 400],
      [new Uint8Array([0x22, 0xff, 0x22]), 'application/json', 400],
      [new Uint8Array([0x61, 0x3d, 0xff]), 'application/x-www-form-urlencoded', 400],
      ['a=1&'.repeat(LIMITS.fields + 1), 'application/x-www-form-urlencoded', 413],
      [`"${'x'.repeat(LIMITS.bodyBytes)}"`, 'application/json', 413],
      ['<a/>', 'application/xml', 415],
      ['['.repeat(30_000) + ']'.repeat(30_000), 'application/json', 400],
      ['x', 'nonsense', 415],
    ] as const) {
      const reply = await post(body, type);
      assert.equal(reply.status, status, String(body).slice(0, 40));
      assert.match(reply.id ?? '', /^req_/);
      assert.equal(reply.body.request_id, reply.id);
    }
  });

  it('answers routes, addresses and headers that are not served', async () => {
    for (const [path, status] of [
      ['/nothing', 404],
      ['/%', 400],
      [`/echo/${'x'.repeat(400)}`, 404],
    ] as const) {
      const reply = await fetch(url + path);
      assert.equal(reply.status, status, path);
      assert.match(reply.headers.get('request-id') ?? '', /^req_/);
    }
    const tracing = connect(Number(new URL(url).port), '127.0.0.1');
    tracing.write('TRACE / HTTP/1.1\r\nhost: x\r\nx-canary: 4711\r\n\r\n');
    const [traced] = await once(tracing, 'data');
    assert.match(String(traced), /^HTTP\/1\.1 40[04]/);
    assert.ok(!String(traced).includes('4711'));
    tracing.destroy();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(LIMITS.headerBytes)}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    assert.match(String(answer), /^HTTP\/1\.1 431/);
    socket.destroy();
  });

  it('believes a trusted proxy where the request came from', async () => {
    assert.equal((await post('{}', 'application/json', { 'x-forwarded-for': '203.0.113.9' })).body.ip, '203.0.113.9');
  });

  it('logs the route and not the address, and no text of an error', async () => {
    await fetch(`${url}/fails?code=canary`);
    assert.ok(lines.some((line) => JSON.parse(line).route === '/echo/:token'));
    assert.ok(!lines.join().includes('canary'));
  });
});
