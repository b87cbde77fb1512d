import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { monogramOf, type Provider } from './provider.ts';
import { buildIndex, CursorNotValid, type SearchQuery } from './search.ts';

let made = 0;
function bank(name: string, about: Partial<Provider> = {}): Provider {
  made += 1;
  const country = about.country ?? 'DE';
  const id = about.id ?? `${country.toLowerCase()}-bank-${made}`;
  return {
    id,
    name,
    country,
    environment: 'live',
    bics: [],
    bankCodes: [],
    sortCodes: [],
    cities: [],
    otherNames: [],
    accountTypes: ['checking'],
    interfaces: [
      {
        id: 'main',
        standard: 'any',
        accountTypes: ['checking'],
        sca: ['redirected'],
        baseUrl: 'https://bank.example',
        hosts: ['bank.example'],
        oneConsentPerPerson: false,
        timeZone: 'Europe/Berlin',
        facts: {},
      },
    ],
    app: false,
    concealed: false,
    testLogins: [],
    monogram: monogramOf(id, name),
    ...about,
  };
}

function names(banks: Provider[], query: string | Partial<SearchQuery>, limit = 50): string[] {
  const asked = typeof query === 'string' ? { q: query } : query;
  return buildIndex(banks)
    .search({ limit, ...asked })
    .data.map((provider) => provider.name);
}

describe('searching for a bank by its name', () => {
  const banks = [
    bank('Bank für Tirol', { cities: ['Innsbruck'], country: 'AT' }),
    bank('Kreissparkasse Ährenberg', { cities: ['Ährenberg'], brand: 'Sparkasse' }),
    bank('Nørrebro Sparebank', { country: 'NO', cities: ['Ålesund'] }),
    bank('Straßenbank', { otherNames: ['Die Gasse'] }),
    bank('Große Münchner Bank'),
    bank('Crédit Ménager', { country: 'FR' }),
  ];

  it('finds any word of it by its beginning', () => {
    assert.deepEqual(names(banks, 'tir'), ['Bank für Tirol']);
    assert.deepEqual(names(banks, 'bank tir'), ['Bank für Tirol']);
    assert.deepEqual(names(banks, 'Tirol Bank'), ['Bank für Tirol']);
  });

  it('forgives accents, and umlauts written out', () => {
    for (const typed of ['nørrebro', 'norrebro', 'noerrebro', 'NØRREBRO']) {
      assert.deepEqual(names(banks, typed), ['Nørrebro Sparebank'], typed);
    }
    for (const typed of ['münchner', 'munchner', 'muenchner'])
      assert.deepEqual(names(banks, typed)[0], 'Große Münchner Bank');
    for (const typed of ['straßen', 'strassen']) assert.deepEqual(names(banks, typed), ['Straßenbank'], typed);
    assert.deepEqual(names(banks, 'credit menager'), ['Crédit Ménager']);
  });

  it('finds by city, by another name, by a part of a compound, and typed as one word', () => {
    assert.deepEqual(names(banks, 'innsbruck'), ['Bank für Tirol']);
    assert.deepEqual(names(banks, 'aalesund'), ['Nørrebro Sparebank']);
    assert.deepEqual(names(banks, 'gasse'), ['Straßenbank']);
    assert.ok(names(banks, 'sparkasse').includes('Kreissparkasse Ährenberg'));
    assert.deepEqual(names(banks, 'bankfurtirol'), ['Bank für Tirol']);
  });

  it('puts the name itself before a beginning, a beginning before a word, a word before a typo', () => {
    const some = [bank('Nordische Bank'), bank('Nord'), bank('Bank am Nordtor'), bank('Mord')];
    assert.deepEqual(names(some, 'nord'), ['Nord', 'Nordische Bank', 'Bank am Nordtor', 'Mord']);
  });

  it('falls back to the banks that have most of the words', () => {
    assert.deepEqual(names(banks, 'my tirol account'), ['Bank für Tirol']);
  });

  it('shows three of a brand before the others that answer as well, and the rest after them', () => {
    const some = [...Array(9)].map((_, index) => bank(`Talbank ${index}`, { brand: 'Talbank' }));
    const found = names([...some, bank('Talwagen')], 'tal');
    assert.deepEqual(found.slice(0, 4), ['Talbank 0', 'Talbank 1', 'Talbank 2', 'Talwagen']);
    assert.equal(found.length, 10);
  });

  it('puts the near country first among equals and the last bank before all', () => {
    const some = [
      bank('Seebank', { country: 'AT' }),
      bank('Seebank', { country: 'CH', id: 'ch-see' }),
      bank('Seebank'),
    ];
    const index = buildIndex(some);
    assert.equal(index.search({ q: 'seebank', near: 'CH', limit: 5 }).data[0]?.country, 'CH');
    assert.equal(index.search({ q: 'see', near: 'DE', last: 'ch-see', limit: 5 }).data[0]?.id, 'ch-see');
    assert.equal(index.search({ q: 'berg', last: 'ch-see', limit: 5 }).total, 0);
  });
});

describe('searching for a bank by a code', () => {
  const banks = [
    bank('Alpha', { bankCodes: ['37040044'], bics: ['ALPHDEFF'] }),
    bank('Beta', { bankCodes: ['37040048'], bics: ['BETADEFFXXX'] }),
    bank('Gamma', { country: 'NL', bics: ['GAMMNL2A'] }),
    bank('Delta', { country: 'GB', bics: ['DELTGB22'], sortCodes: ['20'] }),
    bank('Epsilon', { country: 'GB', bics: ['EPSIGB22'], sortCodes: ['204004'] }),
    bank('Zeta', { country: 'IT', bankCodes: ['05428'] }),
    bank('Eta', { country: 'PL', bankCodes: ['1140'] }),
    bank('Theta', { country: 'FR', bankCodes: ['20041'] }),
    bank('Iota', { country: 'AT', bankCodes: ['20041'] }),
    bank('Kappa', { country: 'BE', bankCodes: ['539'] }),
    bank('Lambda', { country: 'ES', bankCodes: ['2100'] }),
    bank('My', { country: 'CH', bankCodes: ['00762'] }),
  ];

  it('reads the bank out of an IBAN, by the country’s own rule', () => {
    const expected: Record<string, string> = {
      'DE89 3704 0044 0532 0130 00': 'Alpha',
      'NL91 GAMM 0417 1643 00': 'Gamma',
      GB29DELT20161331926819: 'Delta',
      'GB29 EPSI 2040 0431 9268 19': 'Epsilon',
      IT60X0542811101000000123456: 'Zeta',
      'PL61 1140 2004 0000 3002 0135 5387': 'Eta',
      'FR14 2004 1010 0505 0001 3M02 606': 'Theta',
      at612004100234573201: 'Iota',
      'BE68 5390 0754 7034': 'Kappa',
      'ES91-2100-0418-4502-0005-1332': 'Lambda',
      'CH93 0076 2011 6238 5295 7': 'My',
    };
    for (const [iban, name] of Object.entries(expected)) assert.equal(names(banks, iban)[0], name, iban);
    assert.deepEqual(names(banks, 'DE89 3704 0044 0532 0130 00'), ['Alpha']);
    assert.deepEqual(names(banks, 'DE89 9999 9999 0532 0130 00'), []);
  });

  it('follows an IBAN while it is being typed', () => {
    assert.deepEqual(names(banks, 'DE89 3704 00').sort(), ['Alpha', 'Beta']);
    assert.deepEqual(names(banks, 'NL91 GA'), ['Gamma']);
  });

  it('knows a BIC of eight or eleven characters, whole or begun', () => {
    assert.deepEqual(names(banks, 'ALPHDEFF'), ['Alpha']);
    assert.deepEqual(names(banks, 'alphdeff500'), ['Alpha']);
    assert.deepEqual(names(banks, 'BETADEFF'), ['Beta']);
    assert.equal(names(banks, 'GAMMNL')[0], 'Gamma');
  });

  it('knows bank codes and sort codes, with spaces or dashes, and the narrower range before the wider', () => {
    assert.equal(names(banks, '370 400 44')[0], 'Alpha');
    assert.deepEqual(names(banks, '20-40-04').slice(0, 2), ['Epsilon', 'Delta']);
    assert.equal(names(banks, '20 11 22')[0], 'Delta');
  });
});

describe('what may be found', () => {
  const cards = bank('Karten', { id: 'de-karten' });
  const two = bank('Zwei', {
    environment: 'sandbox',
    interfaces: [
      { ...cards.interfaces[0]!, accountTypes: ['checking'], sca: ['redirected'] },
      { ...cards.interfaces[0]!, accountTypes: ['credit_card'], sca: ['embedded'] },
    ],
  });
  const banks = [cards, two, bank('Verborgen', { concealed: true })];

  it('takes account type and approach at one and the same interface', () => {
    assert.deepEqual(names(banks, { accountType: 'credit_card', sca: 'embedded' }), ['Zwei']);
    assert.deepEqual(names(banks, { accountType: 'credit_card', sca: 'redirected' }), []);
  });

  it('keeps to the environments and the country', () => {
    assert.deepEqual(names(banks, { environments: ['live', 'bank_test'] }), ['Karten']);
    assert.deepEqual(names(banks, { country: 'FR' }), []);
  });

  it('never shows a concealed bank', () => {
    assert.deepEqual(names(banks, 'verborgen'), []);
    assert.equal(buildIndex(banks).list({}).length, 2);
  });
});

describe('pages of a result', () => {
  it('together are the whole result, once each, in order', () => {
    const banks = [...Array(40)].map((_, index) => bank(`Hain ${index % 4 === 0 ? 'Bank' : 'Kasse'} ${index % 7}`));
    const index = buildIndex(banks);
    for (const q of ['', 'hain', 'kasse 3', 'bank']) {
      const whole = index.search({ q, limit: 500 });
      const parts: Provider[] = [];
      let cursor: string | undefined;
      do {
        const page = index.search({ q, limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        parts.push(...page.data);
        assert.equal(page.total, whole.data.length);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      assert.deepEqual(parts, whole.data);
    }
  });

  it('go on where they were although the bank they ended with is gone', () => {
    const banks = ['Ahorn', 'Birke', 'Buche', 'Eiche'].map((name) => bank(name));
    const first = buildIndex(banks).search({ limit: 2 });
    const next = buildIndex(banks.filter((one) => one.name !== 'Birke')).search({
      limit: 2,
      cursor: first.nextCursor!,
    });
    assert.deepEqual(
      next.data.map((one) => one.name),
      ['Buche', 'Eiche'],
    );
  });

  it('refuse a cursor that is not theirs', () => {
    for (const cursor of ['', 'x', 'W10', Buffer.from('[1,2,3]').toString('base64url'), 'bnVsbA']) {
      assert.throws(() => buildIndex([]).search({ limit: 1, cursor }), CursorNotValid);
    }
  });
});

describe('whatever is typed', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyzäöüßéøæåłč';
  const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 2, maxLength: 12 });
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
  const directory = fc.uniqueArray(name, { minLength: 1, maxLength: 30 }).map((list) => list.map((one) => bank(one)));

  it('any beginning of a name finds it', () => {
    fc.assert(
      fc.property(directory, fc.nat(), fc.nat(), (banks, which, cut) => {
        const sought = banks[which % banks.length]!;
        const q = sought.name.slice(0, 1 + (cut % sought.name.length));
        assert.ok(buildIndex(banks).search({ q, limit: 500 }).data.includes(sought), q);
      }),
    );
  });

  it('one typo in a word of five letters or more finds it', () => {
    const long = fc.string({ unit: fc.constantFrom(...letters.slice(0, 26)), minLength: 5, maxLength: 12 });
    const typo = fc.constantFrom('other', 'more', 'less', 'swapped');
    fc.assert(
      fc.property(
        directory,
        long,
        typo,
        fc.nat(),
        fc.constantFrom(...letters.slice(0, 26)),
        (banks, right, kind, at, letter) => {
          const place = at % (right.length - 1);
          const wrong = {
            other: right.slice(0, place) + letter + right.slice(place + 1),
            more: right.slice(0, place) + letter + right.slice(place),
            less: right.slice(0, place) + right.slice(place + 1),
            swapped: right.slice(0, place) + right[place + 1] + right[place] + right.slice(place + 2),
          }[kind];
          const sought = bank(`kasse ${right}`);
          assert.ok(
            buildIndex([...banks, sought])
              .search({ q: wrong, limit: 500 })
              .data.includes(sought),
            wrong,
          );
        },
      ),
    );
  });

  it('never throws, and reads no more than two hundred characters', () => {
    const banks = [bank('Talbank', { bics: ['TALBDEFF'], bankCodes: ['12345678'], sortCodes: ['20'] })];
    const index = buildIndex(banks);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (q) => {
        index.search({ q, limit: 10, country: q, near: q, last: q });
      }),
    );
    assert.equal(index.search({ q: `talbank${' '.repeat(193)}nothing`, limit: 10 }).total, 1);
    assert.equal(index.search({ q: 'x '.repeat(100_000), limit: 10 }).total, 0);
  });
});
