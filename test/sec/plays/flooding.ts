import { connect, type Socket } from 'node:net';
import { apiWorld } from '../../api/world.ts';
import type { Play } from '../play.ts';

/** T19: too much, too big, too slow. */
export const flooding: Play = {
  id: 'T19',
  threat: 'Denial of service: large, slow and many requests',
  quick: false,
  async play({ world, attack, control, after, note }) {
    const here = await world();
    const { hostname, port } = new URL(here.url);
    const raw = (text: string, waitMs: number) =>
      new Promise<string>((done) => {
        let said = '';
        const socket = connect(Number(port), hostname, () => void socket.write(text));
        socket
          .on('data', (bytes) => (said += bytes))
          .on('error', () => done(said || 'reset'))
          .on('close', () => done(said || 'closed'));
        setTimeout(() => {
          socket.destroy();
          done(said || 'silence');
        }, waitMs).unref();
      });
    const big = 'x'.repeat(70 * 1024);
    await attack(
      'a body of 70 KB',
      async () => (await here.app.call('POST', '/v1/customers', { name: big })).status !== 413,
    );
    await attack('headers of 20 KB', async () =>
      /^HTTP\/1.1 2/.test(
        await raw(`GET /health HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 3000),
      ),
    );
    await attack(
      'JSON ten thousand levels deep',
      async () =>
        (
          await here.app.call('POST', '/v1/customers', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, {
            'content-type': 'application/json',
          })
        ).status < 400,
    );
    await attack(
      'a compressed body',
      async () =>
        (
          await here.app.call('POST', '/v1/customers', 'x', {
            'content-type': 'application/json',
            'content-encoding': 'gzip',
          })
        ).status < 400,
    );
    await attack('two lengths in one request', async () =>
      /^HTTP\/1.1 2/.test(
        await raw(`POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 3000),
      ),
    );
    await attack('a length and chunks', async () =>
      /^HTTP\/1.1 2/.test(
        await raw(
          `POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
          3000,
        ),
      ),
    );

    const p99 = async () => {
      const taken: number[] = [];
      for (let times = 0; times < 200; times += 1) {
        const began = performance.now();
        await here.app.call('GET', '/v1/account');
        taken.push(performance.now() - began);
      }
      return taken.sort((a, b) => a - b)[197]!;
    };
    await p99();
    const quiet = await p99();
    const slow: Socket[] = Array.from({ length: 500 }, () => connect(Number(port), hostname));
    for (const socket of slow) socket.on('error', () => undefined).write('GET /health HTTP/1.1\r\nX-Slow: ');
    const drip = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('x');
    }, 500);
    after(() => clearInterval(drip));
    const busy = await p99();
    note(`p99 of others: ${quiet.toFixed(1)} ms alone, ${busy.toFixed(1)} ms beside 500 slow clients`);
    await attack(
      '500 clients that send a byte at a time: others wait more than twice as long',
      async () => busy > quiet * 2 + 20,
      500,
    );
    await new Promise((done) => setTimeout(done, 12_000));
    const open = slow.filter((socket) => !socket.closed && !socket.destroyed).length;
    await attack('slow clients that are still connected after twelve seconds', async () => open, 500);
    clearInterval(drip);
    for (const socket of slow) socket.destroy();

    const small = await apiWorld({ rate: { perMinute: 600, burst: 50 } });
    after(() => small.close());
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 500 }, () => small.call('GET', '/v1/account')));
    const refilled = Math.ceil(((performance.now() - began) / 1000) * 10);
    const limited = answers.filter(({ status }) => status === 429);
    await attack(
      '500 requests at once where 50 are allowed, and ten a second more: others that are taken',
      async () => Math.max(0, answers.filter(({ status }) => status === 200).length - 51 - refilled),
      500,
    );
    control(
      'the others are told when to come again',
      limited.length > 300 &&
        limited.every(({ headers }) => Number(headers.get('retry-after')) > 0 && headers.has('ratelimit-limit')),
    );
  },
};
