import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createClock } from '../src/base/clock.ts';
import { openAuthority } from '../src/sandbox/authority.ts';
import { fapiServer, ISSUER } from '../test/fapi-server.ts';

// A UK bank in a process of its own, so that what it costs is not counted: a FAPI server and four answers of data.

const [folder = ''] = process.argv.slice(2);
const authority = await openAuthority(join(folder, 'authority'), createClock().now());
const bank = fapiServer({ clientPem: readFileSync(join(folder, 'client.pem'), 'utf8') });
const moment = '2026-11-20T09:00:00+00:00';
const consent = (status: string) => ({
  Data: {
    ConsentId: 'consent-1',
    Status: status,
    CreationDateTime: moment,
    StatusUpdateDateTime: moment,
    Permissions: [],
  },
  Risk: {},
});
const money = { Amount: '10.00', Currency: 'GBP' };
const DATA: Record<string, object> = {
  'POST /account-access-consents': consent('AWAU'),
  'GET /account-access-consents/consent-1': consent('AUTH'),
  'GET /accounts': { Data: { Account: [{ AccountId: '1', AccountTypeCode: 'CACC', Currency: 'GBP', Account: [] }] } },
  'GET /accounts/1/balances': {
    Data: { Balance: [{ CreditDebitIndicator: 'Credit', Type: 'ITBD', DateTime: moment, Amount: money }] },
  },
};

const server = createServer(
  { cert: authority.server.certificate, key: authority.server.privateKey, ca: authority.ca, requestCert: true },
  async (request, response) => {
    const path = request.url ?? '/';
    const body = await text(request);
    const send = (status: number, value: string | Uint8Array) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(value);
    const data = path.startsWith('/data') ? DATA[`${request.method} ${path.slice(5)}`] : undefined;
    if (data) return send(request.method === 'POST' ? 201 : 200, JSON.stringify(data));
    if (path === '/approve') return send(200, JSON.stringify(bank.approve(body)));
    const method = request.method === 'POST' ? 'POST' : 'GET';
    const answer = await bank.handle({ method, url: `${ISSUER}${path}`, headers: {}, body });
    return send(answer.status, answer.body);
  },
).listen(0, '127.0.0.1', async () => {
  const own = await authority.issue({ organization: 'Bench', organizationId: 'PSDGB-FCA-1', commonName: 'bench' });
  const { port } = server.address() as AddressInfo;
  const ready = { port, tls: { ca: authority.ca, cert: own.certificate, key: own.privateKey } };
  writeFileSync(join(folder, 'ready.json'), JSON.stringify(ready));
});
