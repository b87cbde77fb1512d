import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { comesHome, connects, WAYS } from './journeys/ways.ts';
import { root } from './sources.ts';
import { type World, world } from './world.ts';

/** The calls that the documents tell people to type, tried as they stand there. */
describe('what the documents tell people to type', () => {
  let here: World;
  let ids: Record<string, string>;
  before(async () => {
    here = await world();
    await here.app.post('/v1/account', { return_urls: [here.app.returnUrl, 'http://localhost:8404/callback'] });
    const { consent, customer, url } = await here.asksForConsent({ provider: WAYS.none.bank });
    const person = await here.person('plain HTTP');
    await connects(person, url, WAYS.none, here.bank);
    await comesHome(person);
    const account = (await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data[0].id;
    ids = { 'cst_…': consent, 'cus_…': customer, 'acc_…': account };
  });
  after(() => here.close());

  for (const document of ['README.md', 'docs/guides/quickstart.md']) {
    test(`in ${document}`, async () => {
      const told = commandsIn(document, 'curl');
      assert.ok(told.length >= 2);
      for (const words of told) {
        const { method, path, body, headers } = readCurl(
          words.map((word) => replaceIds(word, ids)),
          here.key,
        );
        const answer = await here.app.call(method, path, body, headers);
        assert.ok(answer.status < 300, `${words.join(' ')}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
    });
  }

  test('in docs/guides/sandbox.md', async () => {
    const told = commandsIn('docs/guides/sandbox.md', 'control').filter(([, path]) => path?.startsWith('/'));
    assert.ok(told.length >= 8);
    for (const [, path = '', flag, value] of told) {
      const order = flag === '-X' ? `${value} ${path}` : path;
      const body = flag === '-d' ? JSON.parse(value!) : undefined;
      const asked = here.bank.order(order.replace('<id>', 'none'), body);
      // What nobody waits for, or what is not there, is said; anything else would be a command that is not known.
      await asked.catch((error: Error) => assert.match(error.message, /Nothing waits|no such consent/, path));
    }
  });
});

/** Commands of a document's shell blocks, as words; lines ending in a backslash go on in the next. */
function commandsIn(document: string, name: string): string[][] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => block!.replace(/\\\n\s*/g, '').split('\n'))
    .filter((line) => line.startsWith(`${name} `))
    .map((line) =>
      [...line.replace(/\s+#.*$/, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!),
    );
}

function readCurl(words: string[], key: string) {
  const fields: string[] = [];
  let method: string | undefined;
  let path = '';
  let headers: Record<string, string> = {};
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    if (word === '-X') method = words[++at];
    else if (word === '-d') fields.push(words[++at]!);
    else if (word === '--data-urlencode')
      fields.push(words[++at]!.replace(/=(.*)$/, (_, value) => `=${encodeURIComponent(value)}`));
    else if (word === '-u')
      headers = { authorization: `Basic ${Buffer.from(words[++at]!.replace('$KEY', key)).toString('base64')}` };
    else if (word.startsWith('$URL')) path = word.slice(4);
    else assert.fail(`what is ${word}?`);
  }
  const body = fields.length > 0 ? fields.join('&') : undefined;
  return { method: method ?? (body ? 'POST' : 'GET'), path, body, headers };
}

function replaceIds(word: string, ids: Record<string, string>): string {
  return Object.entries(ids).reduce((text, [place, id]) => text.replace(place, id), word);
}
