import { createServer, type ServerOptions } from 'node:https';
import { createServer as createPlain } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { createEgress } from '../../../src/base/egress.ts';
import { agrees, begins, signsIn, WAYS } from '../../journeys/ways.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

const MB = 1024 * 1024;

/** T16: a bank that is not the bank, or one that wants to hurt. */
export const badBank: Play = {
  id: 'T16',
  threat: 'A bad bank, or somebody between us and the bank',
  quick: true,
  async play({ world, attack, control, after, note }) {
    const here = await world();
    const { ca, issueCertificate } = here.server.sandbox!;
    const ours = await issueCertificate({
      organization: 'Canary',
      organizationId: 'PSDDE-BAFIN-999999',
      commonName: 'other.example',
    });
    const way = createEgress({ allowPrivate: () => true });
    after(() => way.close());
    const serve = async (options: ServerOptions) => {
      const server = createServer(options, (_, answer) => answer.end('{}'));
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((open) => void server.listen(0, '127.0.0.1', open));
      after(() => {
        server.closeAllConnections();
        server.close();
      });
      return (server.address() as AddressInfo).port;
    };
    const accepts = (port: number, trust?: string) =>
      way
        .request({
          method: 'GET',
          url: `https://127.0.0.1:${port}/`,
          hosts: [`127.0.0.1:${port}`],
          timeoutMs: 2000,
          ...(trust ? { tls: { ca: trust } } : {}),
        })
        .then(
          () => true,
          () => false,
        );
    const pair = { cert: ours.certificate, key: ours.privateKey };
    const other = await serve(pair);
    await attack('a certificate nobody vouches for', () => accepts(other));
    await attack('a certificate for another host', () => accepts(other, ca));
    const old = await serve({ ...pair, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    await attack('TLS 1.1', () => accepts(old, ca));
    const machine = new URL(here.server.sandbox!.machineUrl('de-nordwind'));
    await attack('the pretend banks’ own server without their authority', () => accepts(Number(machine.port)));
    const right = await way
      .request({ method: 'GET', url: `${machine.origin}/nobody`, hosts: [machine.host], tls: { ca } })
      .then(
        () => true,
        (error: Error) => error.message !== 'x' && !/tls/i.test(error.message),
      );
    control('with the authority it is spoken to', right);

    const bombs: Record<string, { headers: Record<string, string>; body: Buffer }> = {
      'a gzip bomb of 256 MB': { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(256 * MB)) },
      'a brotli bomb of 64 MB': {
        headers: { 'content-encoding': 'br' },
        body: brotliCompressSync(Buffer.alloc(64 * MB)),
      },
      'gzip in gzip': { headers: { 'content-encoding': 'gzip, gzip' }, body: gzipSync(gzipSync(Buffer.alloc(MB))) },
    };
    let bomb = bombs['gzip in gzip']!;
    const bomber = createPlain((_, answer) => answer.writeHead(200, bomb.headers).end(bomb.body));
    await new Promise<void>((open) => void bomber.listen(0, '127.0.0.1', open));
    after(() => bomber.close());
    const { port } = bomber.address() as AddressInfo;
    for (const [what, one] of Object.entries(bombs)) {
      bomb = one;
      const before = process.memoryUsage.rss();
      await attack(what, async () => {
        const got = await way
          .request({ method: 'GET', url: `http://127.0.0.1:${port}/`, hosts: [`127.0.0.1:${port}`] })
          .catch(() => undefined);
        return got !== undefined && got.body.length > 8 * MB;
      });
      note(`memory grew by ${Math.round((process.memoryUsage.rss() - before) / MB)} MB`);
    }
    for (const kind of ['deep', 'huge', 'truncated_gzip', 'wrong_content_type', 'empty'])
      await attack(`an answer that is ${kind}, while somebody signs in`, async () => {
        const person = await somebody(here);
        const { url, consent } = await here.asksForConsent({ provider: 'de-lindental' });
        await begins(person, url, WAYS.none);
        await here.bank.misbehaves('de-lindental', {
          operation: 'create_consent',
          kind,
          times: 1,
          ...(kind === 'huge' ? { bytes: 60 * MB } : {}),
        });
        await agrees(person);
        await here.bank.behavesAgain('de-lindental');
        return (await here.app.get(`/v1/consents/${consent}`)).status !== 'pending' || person.status() >= 500;
      });
    const person = await somebody(here);
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(person, url, WAYS.none);
    await agrees(person);
    await signsIn(person, 'ida', 'lindental-3');
    control(
      'and afterwards everything works',
      person.status() === 200 && ({} as { polluted?: boolean }).polluted === undefined,
    );
  },
};
