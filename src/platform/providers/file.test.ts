import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { type ReadingRules, readProviderFile } from './file.ts';

const rules: ReadingRules = {
  factSchemas: {
    'berlin-group': z.strictObject({
      status_settles_after_ms: z.number().default(0),
      metadata: z.string().optional(),
    }) as never,
  },
  sandbox: { baseUrl: 'https://127.0.0.1:8402', hosts: ['127.0.0.1:8402'] },
  allowPrivate: (host, port) => host === '10.0.0.7' && port === 9443,
};

const plain = `name: Talbank
country: DE
environment: live
bics: [TALBDEFFXXX]
bank_codes: ['12345678']
cities: [Talheim]
interfaces:
  - id: main
    standard: berlin-group
    account_types: [checking, savings]
    sca: [redirected]
    base_url: https://xs2a.talbank.example/psd2/
    hosts: [auth.talbank.example, 'xs2a.talbank.example:8443']
    facts:
      status_settles_after_ms: 2000 # https://talbank.example/docs
`;

function problemsOf(text: string, file = 'de-talbank.yaml'): string[] {
  const { providers, problems } = readProviderFile(file, text, rules);
  assert.equal(providers.length === 0, problems.length > 0);
  return problems.map(({ line, reason }) => `${line ?? ''}: ${reason}`);
}

describe('a provider file', () => {
  it('says what a bank is like; the rest is the usual bank', () => {
    const { providers, problems } = readProviderFile('de-talbank.yaml', plain, rules);
    assert.deepEqual(problems, []);
    assert.deepEqual(providers, [
      {
        id: 'de-talbank',
        name: 'Talbank',
        country: 'DE',
        environment: 'live',
        bics: ['TALBDEFFXXX'],
        bankCodes: ['12345678'],
        sortCodes: [],
        cities: ['Talheim'],
        otherNames: [],
        accountTypes: ['checking', 'savings'],
        interfaces: [
          {
            id: 'main',
            standard: 'berlin-group',
            accountTypes: ['checking', 'savings'],
            sca: ['redirected'],
            baseUrl: 'https://xs2a.talbank.example/psd2',
            hosts: ['xs2a.talbank.example', 'auth.talbank.example', 'xs2a.talbank.example:8443'],
            oneConsentPerPerson: false,
            timeZone: 'Europe/Berlin',
            facts: { status_settles_after_ms: 2000 },
          },
        ],
        app: false,
        concealed: false,
        testLogins: [],
        monogram: providers[0]?.monogram,
      },
    ]);
    assert.match(JSON.stringify(providers[0]?.monogram), /^\{"text":"T","hue":\d{1,3}\}$/);
    assert.ok(Object.isFrozen(providers[0]?.interfaces[0]?.facts));
  });

  it('holds a family: one server, many banks, their own values in the addresses', () => {
    const family = plain
      .replace(
        'name: Talbank',
        'brand: Talbanken\nmembers:\n  - id: de-tal-nord\n    name: Tal Nord\n    bics: [TALNDEFF]\n    values: { blz: "1" }\n  - id: at-tal-sued\n    name: Tal Süd\n    country: AT\n    values: { blz: "2" }',
      )
      .replace(/bics: \[TALBDEFFXXX\]\nbank_codes.*\ncities.*\n/, '')
      .replace('/psd2/', '/{member.blz}')
      .replace('status_settles_after_ms: 2000', 'metadata: "https://auth.talbank.example/{member.blz}/{scope}"');
    const { providers, problems } = readProviderFile('talbanken.yaml', family, rules);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      providers.map(({ id, brand, country, bics, interfaces: [entry] }) => [
        id,
        brand,
        country,
        bics,
        entry?.baseUrl,
        entry?.timeZone,
        entry?.facts,
      ]),
      [
        [
          'de-tal-nord',
          'Talbanken',
          'DE',
          ['TALNDEFF'],
          'https://xs2a.talbank.example/1',
          'Europe/Berlin',
          { status_settles_after_ms: 0, metadata: 'https://auth.talbank.example/1/{scope}' },
        ],
        [
          'at-tal-sued',
          'Talbanken',
          'AT',
          [],
          'https://xs2a.talbank.example/2',
          'Europe/Vienna',
          { status_settles_after_ms: 0, metadata: 'https://auth.talbank.example/2/{scope}' },
        ],
      ],
    );
    assert.deepEqual(problemsOf(family.replace('values: { blz: "2" }', 'values: {}'), 'talbanken.yaml'), [
      '18: interfaces[0].base_url: {member.blz} has no value: at-tal-sued has no values.blz',
      '21: interfaces[0].facts: {member.blz} has no value: at-tal-sued has no values.blz',
    ]);
  });

  it('of a pretend bank stands on {sandbox}, and is passed over where there is none', () => {
    const sandbox = plain
      .replace('environment: live', 'environment: sandbox\ntest_logins: [{ user: anna, password: open-sesame }]')
      .replace('https://xs2a.talbank.example/psd2/', '"{sandbox}/de-talbank"')
      .replace(/hosts:.*/, '');
    const { providers } = readProviderFile('de-talbank.yaml', sandbox, rules);
    assert.equal(providers[0]?.interfaces[0]?.baseUrl, 'https://127.0.0.1:8402/de-talbank');
    assert.deepEqual(providers[0]?.interfaces[0]?.hosts, ['127.0.0.1:8402']);
    assert.deepEqual(providers[0]?.testLogins, [{ user: 'anna', password: 'open-sesame' }]);
    const { sandbox: _, ...without } = rules;
    assert.deepEqual(readProviderFile('de-talbank.yaml', sandbox, without), { providers: [], problems: [] });
    assert.deepEqual(problemsOf(sandbox.replace('"{sandbox}', '"https://bank.example')), [
      '13: interfaces[0].base_url: a pretend bank must stand on {sandbox}',
    ]);
  });
});

describe('a provider file is refused with line and reason', () => {
  const cases: [string, (text: string) => string, string][] = [
    ['an unknown key', (text) => text.replace('cities:', 'citys:'), '6: citys: unknown key'],
    [
      'an unknown key of an interface',
      (text) => text.replace('sca:', 'scas: []\n    sca:'),
      '11: interfaces[0].scas: unknown key',
    ],
    [
      'a code written as a number',
      (text) => text.replace("'12345678'", '12345678'),
      '5: bank_codes[0]: must be text: put 12345678 in quotes',
    ],
    ['a missing key', (text) => text.replace('    sca: [redirected]\n', ''), '8: interfaces[0].sca: is missing'],
    ['a missing name', (text) => text.replace('name: Talbank\n', ''), '1: needs a name'],
    [
      'a value off the list',
      (text) => text.replace('redirected', 'by_pigeon'),
      '11: interfaces[0].sca[0]: must be one of redirected, embedded, decoupled',
    ],
    [
      'an unknown country',
      (text) => text.replace('country: DE', 'country: XQ'),
      '2: country: is not a country of ISO 3166-1',
    ],
    [
      'a slug of another country',
      (text) => text.replace('country: DE', 'country: AT'),
      '2: country: the slug de-talbank must begin with at-',
    ],
    [
      'a BIC that is none',
      (text) => text.replace('TALBDEFFXXX', 'TALB'),
      '4: bics[0]: must be 8 or 11 capital letters and digits',
    ],
    [
      'a standard nobody speaks',
      (text) => text.replace('berlin-group', 'smoke-signals'),
      '9: interfaces[0].standard: "smoke-signals" is not spoken here; known: berlin-group',
    ],
    [
      'a fact the connector does not know',
      (text) => text.replace('status_settles', 'settles'),
      '15: interfaces[0].facts.settles_after_ms: unknown key',
    ],
    [
      'a fact of another type',
      (text) => text.replace('2000 #', 'soon #'),
      '15: interfaces[0].facts.status_settles_after_ms: must be a number',
    ],
    [
      'a plain address',
      (text) => text.replace('https:', 'http:'),
      '12: interfaces[0].base_url: must begin with https://',
    ],
    [
      'an address with a user',
      (text) => text.replace('https://', 'https://a:b@'),
      '12: interfaces[0].base_url: must not carry a user or password',
    ],
    [
      'an address on this machine',
      (text) => text.replace('https://xs2a.talbank.example', 'https://localhost'),
      '12: interfaces[0].base_url: localhost is not a public host name',
    ],
    [
      'an address in numbers',
      (text) => text.replace('https://xs2a.talbank.example', 'https://93.184.216.34'),
      '12: interfaces[0].base_url: 93.184.216.34 is a number, not a host name',
    ],
    [
      'a port nobody may call',
      (text) => text.replace(':8443', ':22'),
      '13: interfaces[0].hosts[1]: port 22 is not 443 or 8443',
    ],
    [
      'a host with a path',
      (text) => text.replace('[auth.talbank.example', '[auth.talbank.example/x'),
      '13: interfaces[0].hosts[0]: "auth.talbank.example/x" must be written as "auth.talbank.example"',
    ],
    [
      'a login outside the sandbox',
      (text) => `${text}test_logins: [{ user: a, password: b }]\n`,
      '16: test_logins: only a sandbox bank shows its logins',
    ],
    ['a key twice', (text) => `${text}name: Again\n`, '16: the key name is said twice'],
    [
      'a key that reaches for the prototype',
      (text) => `${text}__proto__: { name: x }\n`,
      '16: unknown key "__proto__"',
    ],
    [
      'broken YAML',
      (text) => text.replace('[redirected]', '[redirected'),
      '12: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a foreign tag',
      (text) => text.replace('[Talheim]', '!!js/function x'),
      '6: Unresolved tag: tag:yaml.org,2002:js/function',
    ],
  ];
  for (const [what, spoil, expected] of cases) {
    it(what, () => {
      const problems = problemsOf(spoil(plain));
      assert.ok(problems.includes(expected), `${expected}\n${problems.join('\n')}`);
    });
  }

  it('a file whose name is no slug', () => {
    assert.deepEqual(problemsOf(plain, 'Talbank.yaml'), [
      "1: the file's name is the bank's slug: must look like gb-northgate: small letters, digits, single dashes",
      '2: country: the slug Talbank must begin with de-',
    ]);
  });

  it('something that is no file of ours at all', () => {
    for (const text of [
      '',
      '[]',
      'true',
      '- a',
      '\u0000',
      '['.repeat(20_000),
      '- '.repeat(20_000),
      '? '.repeat(9_000),
      'a: &a [',
      `a: &a [${'*a,'.repeat(500)}]`,
    ]) {
      assert.ok(problemsOf(text).length > 0);
    }
  });

  it('but a bank’s test system may stand on a private host that the operator lists', () => {
    const inside = plain
      .replace('environment: live', 'environment: bank_test')
      .replace('xs2a.talbank.example/psd2', '10.0.0.7:9443/psd2');
    assert.equal(readProviderFile('de-talbank.yaml', inside, rules).problems.length, 0);
    assert.deepEqual(problemsOf(inside.replace('bank_test', 'live')), [
      '12: interfaces[0].base_url: port 9443 is not 443 or 8443',
    ]);
  });
});
