import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connectors } from '../src/connectors/index.ts';
import { fileKeys, interfaceKeys, memberKeys, testLoginKeys } from '../src/platform/providers/document.ts';
import { readProviderFile } from '../src/platform/providers/file.ts';
import { createProviders, type Providers } from '../src/platform/providers/providers.ts';
import { BANKS } from '../src/sandbox/world/banks.ts';

const folder = fileURLToPath(new URL('../providers', import.meta.url));
const guide = new URL('../docs/guides/add-a-bank.md', import.meta.url);
const factSchemas = Object.fromEntries(Object.values(connectors).map(({ standard, facts }) => [standard, facts]));
const quiet = { info() {}, warn() {} };

describe('our own provider files', () => {
  let providers: Providers;
  before(async () => {
    providers = await createProviders({
      folders: [{ path: folder, owner: 'ours' }],
      factSchemas,
      sandbox: { baseUrl: 'https://127.0.0.1:8402', hosts: ['127.0.0.1:8402'] },
      log: quiet,
    });
  });
  after(() => providers.close());

  it('are all in order', () => {
    assert.deepEqual(providers.problems(), []);
    assert.ok(providers.list().length >= 8);
  });

  it('show every approach, and a bank whose interfaces differ in account types and approach', () => {
    const ways = providers.list().flatMap((provider) => provider.interfaces);
    assert.deepEqual([...new Set(ways.flatMap((way) => way.sca))].sort(), ['decoupled', 'embedded', 'redirected']);
    const [giro, cards] = providers.get('de-nordwind').interfaces;
    assert.deepEqual([giro?.accountTypes, giro?.sca], [['checking', 'savings'], ['redirected']]);
    assert.deepEqual([cards?.accountTypes, cards?.sca], [['credit_card'], ['embedded']]);
  });

  it('say of each pretend bank what it says of itself', () => {
    const said = (bank: { slug: string; name: string; country: string; bic: string; logins: string[] }) =>
      [bank.slug, bank.name, bank.country, bank.bic, ...bank.logins.sort()].join(' ');
    const inFiles = providers.list({ environments: ['sandbox'] }).map(({ id, name, country, bics, testLogins }) =>
      said({
        slug: id,
        name,
        country,
        bic: bics[0]!,
        logins: testLogins.map(({ user, password }) => `${user}:${password}`),
      }),
    );
    const banks = BANKS.filter(({ fints }) => !fints || factSchemas.fints);
    const atBanks = banks.map(({ slug, name, country, bic, people }) =>
      said({ slug, name, country, bic, logins: people.map(({ login, password }) => `${login}:${password}`) }),
    );
    assert.deepEqual(inFiles.sort(), atBanks.sort());
    for (const { slug, faces, fints, openBanking } of banks) {
      const uk = openBanking ? [`open-banking/v${openBanking.version}/aisp`] : [];
      const paths = [...faces.map(({ path }) => path), ...(fints ? ['fints'] : []), ...uk];
      const addresses = paths.map((path) => `https://127.0.0.1:8402/${slug}${path ? `/${path}` : ''}`);
      assert.deepEqual(
        providers.get(slug).interfaces.map((way) => way.baseUrl),
        addresses,
      );
    }
  });

  it('of pretend banks show logins, and load only where pretend banks run', async () => {
    for (const provider of providers.list({ environments: ['sandbox'] })) {
      assert.ok(provider.testLogins.length > 0, provider.id);
    }
    const without = await createProviders({ folders: [{ path: folder, owner: 'ours' }], factSchemas, log: quiet });
    assert.deepEqual(without.list({ environments: ['sandbox'] }), []);
    assert.deepEqual(without.problems(), []);
    without.close();
  });
});

describe('the guide to adding a bank', () => {
  let text = '';
  before(async () => {
    text = await readFile(guide, 'utf8');
  });

  const tables = [
    ['The file', fileKeys],
    ['`interfaces`', interfaceKeys],
    ['`members`', memberKeys],
    ['`test_logins`', testLoginKeys],
  ] as const;
  for (const [heading, schema] of tables) {
    it(`explains every key under “${heading}”, and no other`, () => {
      const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
      const explained = [...section.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, key]) => key);
      assert.deepEqual(
        explained,
        Object.keys(schema.shape).sort((a, b) => explained.indexOf(a) - explained.indexOf(b)),
      );
    });
  }

  it('shows files that load as they are printed', () => {
    const files = [...text.matchAll(/```yaml\n# (\S+\.yaml)[^\n]*\n([^`]+)```/g)];
    assert.equal(files.length, 2);
    for (const [, file, content] of files) {
      const { problems } = readProviderFile(file!, content!, { factSchemas, allowPrivate: () => false });
      assert.deepEqual(problems, []);
    }
  });
});
