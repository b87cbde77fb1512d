import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createListener, type Socket } from 'node:net';
import { createEgress, type EgressOptions } from '../../../src/base/egress.ts';
import { begins, agrees, connects, WAYS } from '../../journeys/ways.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

/** T5: our server is made to call where only it can reach. */
export const egress: Play = {
  id: 'T5',
  threat: 'Server-side request forgery by addresses of banks, files and webhooks',
  quick: true,
  async play({ world, attack, control, after }) {
    let heard = 0;
    const canary = createListener((socket: Socket) => {
      heard += 1;
      socket.destroy();
    });
    await new Promise<void>((open) => void canary.listen(0, '0.0.0.0', open));
    after(() => canary.close());
    const { port } = canary.address() as AddressInfo;

    /** Asks for an address with its own host listed, on the canary's port; true when anything was connected to. */
    const reaches = async (url: string, options: Partial<EgressOptions> = {}) => {
      const before = heard;
      const way = createEgress({ allowPrivate: () => false, ports: [443, 8443, port], ...options });
      const host = URL.canParse(url) ? new URL(url).host : 'none';
      await way.request({ method: 'GET', url, hosts: [host], timeoutMs: 1500 }).catch(() => undefined);
      await way.close();
      return heard > before;
    };
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '0x7f000001',
      '0177.0.0.1',
      '017700000001',
      '①②⑦.0.0.1',
      '127。0。0。1',
      '[::1]',
      '[::ffff:7f00:1]',
      '[::ffff:127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[0:0:0:0:0:ffff:7f00:0001]',
      '[::]',
      'localhost',
      'localhost.',
      'LOCALHOST',
      'sub.localhost',
      '0',
      '0.0.0.0',
      '169.254.169.254',
      '[fd00:ec2::254]',
      '[fe80::1]',
      '10.0.0.1',
      '192.168.0.1',
      '172.16.0.1',
      '100.64.0.1',
      '[2002:7f00:1::]',
      '%31%32%37.0.0.1',
    ];
    for (const host of hosts)
      for (const scheme of ['https', 'http'])
        await attack(`${scheme}://${host}`, () => reaches(`${scheme}://${host}:${port}/`));
    const answers = (...lists: string[][]): EgressOptions['lookup'] => {
      let asked = 0;
      return ((_name: string, _options: object, done: (error: null, found: object[]) => void) => {
        const list = lists[Math.min(asked++, lists.length - 1)]!;
        done(
          null,
          list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      }) as unknown as EgressOptions['lookup'];
    };
    for (const list of [
      ['127.0.0.1'],
      ['203.0.113.7', '127.0.0.1'],
      ['::ffff:127.0.0.1'],
      ['169.254.169.254'],
      ['64:ff9b::7f00:1'],
      ['fd00::1'],
    ])
      await attack(`a name that resolves to ${list.join(' and ')}`, () =>
        reaches(`https://bank.example:${port}/`, { lookup: answers(list)! }),
      );
    await attack('a name that resolves to a public address, then to ours, on the same way out', async () => {
      const before = heard;
      const way = createEgress({
        allowPrivate: () => false,
        ports: [port],
        lookup: answers(['192.0.2.1'], ['127.0.0.1'])!,
        isPublic: (address) => address === '192.0.2.1',
      });
      for (let times = 0; times < 2; times += 1)
        await way
          .request({
            method: 'GET',
            url: `https://bank.example:${port}/`,
            hosts: [`bank.example:${port}`],
            timeoutMs: 300,
          })
          .catch(() => undefined);
      await way.close();
      return heard > before;
    });
    for (const metadata of ['169.254.169.254', '[fd00:ec2::254]', '169.254.170.2', '100.100.100.200'])
      await attack(`${metadata}, although EGRESS_ALLOW names it`, async () => {
        const way = createEgress({ allowPrivate: () => true });
        const refused = await way
          .request({
            method: 'GET',
            url: `http://${metadata}/latest/meta-data`,
            hosts: [`${metadata}:80`],
            timeoutMs: 300,
          })
          .then(
            () => '',
            (error: Error) => error.name,
          );
        await way.close();
        return refused !== 'EgressRefused';
      });
    await attack('a name that resolves to 169.254.169.254, although EGRESS_ALLOW names it', async () => {
      const way = createEgress({ allowPrivate: () => true, lookup: answers(['169.254.169.254'])! });
      const refused = await way
        .request({ method: 'GET', url: 'http://imds.example/', hosts: ['imds.example:80'], timeoutMs: 300 })
        .then(
          () => '',
          (error: Error) => error.name,
        );
      await way.close();
      return refused !== 'EgressRefused';
    });
    const redirecting: Server = createServer((_, answer) =>
      answer.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end(),
    );
    await new Promise<void>((open) => void redirecting.listen(0, '127.0.0.1', open));
    after(() => redirecting.close());
    const at = (redirecting.address() as AddressInfo).port;
    await attack('a redirect to ours is followed', async () => {
      const before = heard;
      const way = createEgress({ allowPrivate: (_, asked) => asked === at });
      const reply = await way.request({ method: 'GET', url: `http://127.0.0.1:${at}/`, hosts: [`127.0.0.1:${at}`] });
      await way.close();
      control('what is allowed can be called', reply.status === 302);
      return heard > before;
    });

    const here = await world();
    await attack(
      'a name that turns private while a connection to its public address is kept, as a webhook is sent',
      async () => {
        const { ca, issueCertificate } = here.server.sandbox!;
        const who = { organization: 'App', organizationId: 'PSDDE-BAFIN-999998', commonName: 'rebind.example' };
        const { certificate: cert, privateKey: key } = await issueCertificate(who);
        let inside = 0;
        const listener = createListener((socket: Socket) => {
          inside += 1;
          socket.destroy();
        });
        await new Promise<void>((open) => void listener.listen(0, '127.0.0.1', open));
        const own = (listener.address() as AddressInfo).port;
        const served: (string | undefined)[] = [];
        const receiver = createTlsServer({ cert, key }, (request, answer) => {
          served.push(request.url);
          if (request.url === '/3') answer.setHeader('connection', 'close');
          answer.end();
        });
        await new Promise<void>((open, fail) => receiver.once('error', fail).listen(own, '127.0.0.2', open));
        after(() => [listener.close(), receiver.closeAllConnections(), receiver.close()]);
        const way = createEgress({
          allowPrivate: () => false,
          ports: [own],
          lookup: answers(['127.0.0.2'], ['127.0.0.1'])!,
          isPublic: (address) => address === '127.0.0.2',
        });
        const hosts = [`rebind.example:${own}`];
        const send = (path: string) =>
          way.request({
            method: 'POST',
            url: `https://${hosts[0]}${path}`,
            hosts,
            body: '{}',
            lane: 'whe_1',
            tls: { ca },
          });
        for (const path of ['/1', '/2', '/3']) {
          await send(path);
          // The connection is free for the next one a moment after the answer was read.
          await new Promise((free) => void setImmediate(free));
        }
        control('three deliveries went over one connection to the public address', served.join() === '/1,/2,/3');
        const refused = await send('/4').then(
          () => '',
          (error: Error) => error.name,
        );
        await way.close();
        return inside > 0 || refused !== 'EgressRefused' || served.length !== 3;
      },
    );
    await attack('a live bank at a private address that EGRESS_ALLOW opens for a test system', async () => {
      const before = heard;
      const way = createEgress({ allowPrivate: () => true });
      const refused = await way
        .request({ method: 'GET', url: `https://127.0.0.1:${port}/`, hosts: [`127.0.0.1:${port}`], publicOnly: true })
        .then(
          () => '',
          (error: Error) => error.name,
        );
      await way.close();
      return heard > before || refused !== 'EgressRefused';
    });
    const bank = 'de-lindental';
    for (const operation of ['transactions'] as const) {
      await here.bank.misbehaves(bank, {
        operation,
        kind: 'next_other_host',
        host: `127.0.0.1:${port}`,
        times: 'until_cleared',
      });
      await attack('a bank whose next page lies on another host, with the token', async () => {
        const before = heard;
        const person = await somebody(here);
        const { url } = await here.asksForConsent({ provider: bank });
        await begins(person, url, WAYS.none);
        await agrees(person);
        await connects(person, url, WAYS.none, here.bank).catch(() => undefined);
        await here.server.platform.jobs.idle();
        return heard > before;
      });
      await here.bank.behavesAgain(bank);
    }
  },
};
