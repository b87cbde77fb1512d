import fc from 'fast-check';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

/** T4: a return URL that leads somewhere else than the app registered. */
export const openRedirect: Play = {
  id: 'T4',
  threat: 'Open redirect by the return URL',
  quick: true,
  async play({ world, attack, control }) {
    const here = await world();
    const registered = new URL(here.app.returnUrl);
    const { customer } = await here.asksForConsent({});
    /** Asks for a consent with this return URL; true when it was taken and leads elsewhere. */
    const leadsAway = async (url: string): Promise<boolean> => {
      const answer = await here.app.call('POST', '/v1/consents', { customer, return_url: url });
      if (answer.status >= 500) throw new Error(`${answer.status} for ${JSON.stringify(url)}`);
      if (answer.status >= 300) return false;
      const to = URL.canParse(url) ? new URL(url) : undefined;
      return (
        to?.origin !== registered.origin || to.pathname !== registered.pathname || to.username !== '' || to.hash !== ''
      );
    };
    const host = registered.host;
    const path = registered.pathname;
    const vectors = [
      `http://${host}.evil.example${path}`,
      `http://${host}@evil.example${path}`,
      `http://evil.example@${host}${path}`,
      `http://user:password@${host}${path}`,
      `//evil.example${path}`,
      '/\\evil.example',
      `\\\\evil.example${path}`,
      `http:/\\evil.example${path}`,
      `http:\\\\${host}${path}`,
      `http:${host}${path}`,
      'javascript:alert(1)//',
      'data:text/html,hello',
      'blob:http://evil.example/1',
      'file:///etc/passwd',
      `ftp://${host}${path}`,
      `https://${host}${path}`,
      `http://${host}${path}/../x`,
      `http://${host}${path}/%2e%2e/x`,
      `http://${host}${path}/`,
      `http://${host}${path};x`,
      `http://${host}/x/..${path}`,
      `http://${host}/./${path.slice(1)}`,
      `http://${host}.${path}`,
      `http://localhost.:${registered.port}${path}`,
      `http://LOCALHOST:${registered.port}${path}`,
      `http://localhost:1${path}`,
      `http://localhost${path}`,
      `http://ⓛocalhost:${registered.port}${path}`,
      `http://lοcalhost:${registered.port}${path}`,
      `http://127.1:${registered.port}${path}`,
      `http://0x7f000001:${registered.port}${path}`,
      `http://[::1]:${registered.port}${path}`,
      `http://${host}${path}#x`,
      `http://${host}${path}#`,
      `http://${host}${path.toUpperCase()}`,
      `http://${host}${path}%00`,
      `http://${host}${path}\n.evil.example`,
      `\thttp://${host}${path}`,
      `http://${host}\t${path}`,
      `http://evil.example/?u=http://${host}${path}`,
      `http://evil.example#http://${host}${path}`,
      `http://evil.example\\@${host}${path}`,
      `http://${host}%2f@evil.example/`,
      `http://${host}%23.evil.example${path}`,
      `{SESSION_ID}://${host}${path}`,
      `http://{SESSION_ID}.example${path}`,
      `http://${host}${path}?fx_session=ses_forged`,
      `http://${host}${path}?fx_consent=cst_forged&a=b`,
      `http://${host}${path}?error=none`,
      'x'.repeat(20_000),
    ];
    for (const vector of vectors) await attack(JSON.stringify(vector.slice(0, 90)), () => leadsAway(vector));
    await attack(
      'fuzzed by fast-check',
      async () => {
        let won = 0;
        const bit = fc.constantFrom(
          '/',
          '\\',
          '@',
          ':',
          '.',
          '#',
          '?',
          '%2f',
          '%5c',
          '%00',
          '\t',
          '\n',
          ' ',
          'evil.example',
          '//',
          '..',
          '；',
          '。',
          host,
          path,
          'http:',
          'https:',
          '[',
          ']',
          '‮',
        );
        const url = fc.array(fc.oneof(bit, bit, bit, fc.string({ maxLength: 4 })), { maxLength: 8 });
        const tried = fc.asyncProperty(
          fc.oneof(
            url.map((bits) => bits.join('')),
            url.map((bits) => `http://${bits.join('')}${host}${path}`),
            url.map((bits) => `http://${host}${bits.join('')}${path}`),
            url.map((bits) => `http://${host}${path}${bits.join('')}`),
          ),
          async (text) => {
            if (!(await leadsAway(text))) return;
            won += 1;
          },
        );
        await fc.assert(tried, { numRuns: 300 });
        return won;
      },
      300,
    );
    const registering = [
      'http://evil.example/cb',
      'javascript:alert(1)',
      'https://*.example.com/cb',
      'https://a.example/cb#x',
      'https://u@a.example/cb',
      '//a.example/cb',
      'https://a.example/{..}/cb',
      'https://{name}.example/cb',
    ];
    for (const url of registering)
      await attack(
        `registering ${url}`,
        async () => (await here.app.call('POST', '/v1/account', { return_urls: [url] })).status < 300,
      );
    await attack(
      'our own pages send nobody to an address in their query',
      async () => {
        const person = await somebody(here);
        person.stopBefore = 'http';
        let won = 0;
        for (const name of ['return_url', 'redirect_uri', 'redirect', 'next', 'url', 'to'])
          for (const page of [
            '/connect/nothing',
            '/connect/help',
            '/visit/ses_0000000000000000000000',
            '/back/de-nordwind',
            '/docs',
            '/',
          ]) {
            await person.opens(`${here.url}${page}?${name}=https://evil.example/`);
            won += Number(`${person.page().headers.location ?? ''}`.includes('evil'));
          }
        return won;
      },
      36,
    );
    const good = await here.app.call('POST', '/v1/consents', { customer, return_url: `${here.app.returnUrl}?state=1` });
    control('the registered address with a query is taken', good.status === 201);
  },
};
