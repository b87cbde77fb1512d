import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PeerCertificate, SecureVersion, TLSSocket } from 'node:tls';
import { createClock } from '../../src/base/clock.ts';
import { createEgress, type Egress, EgressFailed } from '../../src/base/egress.ts';
import { type Authority, openAuthority } from '../../src/sandbox/authority.ts';

const now = createClock().now();

describe('Egress over TLS', () => {
  let folder: string;
  let ours: Authority;
  let others: Authority;
  let expired: Authority;
  let egress: Egress;
  const servers: Server[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    ours = await openAuthority(join(folder, 'ours'), now);
    others = await openAuthority(join(folder, 'others'), now);
    expired = await openAuthority(join(folder, 'expired'), new Date('2001-01-01'));
    egress = createEgress({
      allowPrivate: () => true,
      // Any name leads to this machine.
      lookup: (_name, options, callback) =>
        options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }] as never) : callback(null, '127.0.0.1', 4),
    });
  });
  after(async () => {
    await egress.close();
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  async function serve(
    authority: Authority,
    maxVersion: SecureVersion = 'TLSv1.3',
    ciphers = 'DEFAULT@SECLEVEL=0',
  ): Promise<number> {
    const { certificate, privateKey } = authority.server;
    const server = createServer(
      {
        cert: certificate,
        key: privateKey,
        ca: ours.ca,
        requestCert: true,
        rejectUnauthorized: false,
        minVersion: 'TLSv1',
        maxVersion,
        ciphers,
      },
      (request, response) => {
        const holder: PeerCertificate | object = (request.socket as TLSSocket).getPeerCertificate();
        response.end(JSON.stringify({ holder: 'subject' in holder ? holder.subject.O : null }));
      },
    );
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const ask = async (port: number, tls: { ca?: string; cert?: string; key?: string }, host = '127.0.0.1') => {
    const reply = await egress.request({
      method: 'GET',
      url: `https://${host}:${port}/`,
      hosts: [`${host}:${port}`],
      tls,
    });
    return JSON.parse(Buffer.from(reply.body).toString());
  };
  const failsAsTls = (promise: Promise<unknown>) =>
    assert.rejects(promise, (error) => error instanceof EgressFailed && error.reason === 'tls');

  it('speaks to banks that know TLS 1.2 only, with one cipher', async () => {
    for (const cipher of [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
    ])
      assert.deepEqual(await ask(await serve(ours, 'TLSv1.2', cipher), { ca: ours.ca }), { holder: null }, cipher);
  });

  it('shows the certificate it was given, and each request its own', async () => {
    const port = await serve(ours);
    const one = await ours.issue({ organization: 'One', organizationId: 'PSDDE-BAFIN-1', commonName: 'one.example' });
    const two = await ours.issue({ organization: 'Two', organizationId: 'PSDDE-BAFIN-2', commonName: 'two.example' });
    const as = (who: typeof one) => ask(port, { ca: ours.ca, cert: who.certificate, key: who.privateKey });
    const answers = await Promise.all([as(one), as(two), as(one), ask(port, { ca: ours.ca })]);
    assert.deepEqual(answers, [{ holder: 'One' }, { holder: 'Two' }, { holder: 'One' }, { holder: null }]);
  });

  it('refuses a certificate of an authority it was not told to believe', async () => {
    await failsAsTls(ask(await serve(others), { ca: ours.ca }));
    await failsAsTls(ask(await serve(ours), {}));
  });

  it('refuses an expired certificate and one of another host', async () => {
    await failsAsTls(ask(await serve(expired), { ca: expired.ca }));
    await failsAsTls(ask(await serve(ours), { ca: ours.ca }, 'bank.example'));
  });

  it('speaks TLS 1.2 and no older one', async () => {
    assert.deepEqual(await ask(await serve(ours, 'TLSv1.2'), { ca: ours.ca }), { holder: null });
    await failsAsTls(ask(await serve(ours, 'TLSv1.1'), { ca: ours.ca }));
  });
});
