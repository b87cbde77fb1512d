import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConsentFacts } from '../../platform/sessions/screen.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { chooseLocale, isSpoken, makeConsentText, speechFor } from './index.ts';

const facts: ConsentFacts = {
  app: 'Kassenbuch',
  requester: 'Brückner Data Services GmbH',
  requesterRegister: 'PSDDE-BAFIN-123456',
  purpose: 'Bookkeeping {bank}',
  bank: 'Nordwind Bank',
  accountTypes: ['checking', 'savings'],
  scopes: ['accounts', 'balances', 'transactions'],
  historyDays: 730,
  until: '2027-05-19',
  reconfirmEveryDays: 90,
  operator: 'Brückner Data Services',
  supportEmail: 'help@kassenbuch.example',
};

describe('the words of a consent', () => {
  for (const [locale, until] of [
    ['en', '19 May 2027'],
    ['de', '19. Mai 2027'],
  ] as const) {
    test(`say who, for what, which data, how long, who else and how to stop, in ${locale}`, () => {
      const text = makeConsentText(facts, locale);
      assert.equal(text.sections.length, 6);
      const all = [text.title, ...text.sections.flatMap((section) => [section.heading, ...section.lines])].join('\n');
      for (const said of [
        'Kassenbuch',
        'Brückner Data Services GmbH',
        'PSDDE-BAFIN-123456',
        'Nordwind Bank',
        until,
        '730',
        '90',
        'help@kassenbuch.example',
      ]) {
        assert.ok(all.includes(said), `${said} is missing`);
      }
      // A purpose is the app's text: what looks like a place to fill in stays as it is.
      assert.ok(all.includes('Bookkeeping {bank}'));
      assert.doesNotMatch(all.replace('{bank}', ''), /[{}]|undefined/);
    });
  }

  test('are the same for the same facts, and their version is the template’s', () => {
    assert.deepEqual(makeConsentText(facts, 'en'), makeConsentText({ ...facts }, 'en'));
    const other = makeConsentText({ ...facts, app: 'Another', until: null }, 'en');
    assert.equal(other.version, makeConsentText(facts, 'en').version);
    assert.notEqual(makeConsentText(facts, 'de').version, other.version);
    assert.match(other.version, /^[0-9a-f]{12}$/);
  });

  test('name only what was asked for', () => {
    const [, , what, long] = makeConsentText({ ...facts, scopes: ['accounts'], until: null }, 'en').sections;
    assert.doesNotMatch(what?.lines.join(' ') ?? '', /balances|transactions/i);
    assert.deepEqual(long?.lines, ['Once, now', 'After that nothing more is read.']);
  });
});

describe('languages', () => {
  test('the one asked for comes first, then the browser’s in its order, then English', () => {
    assert.equal(chooseLocale('de', 'en'), 'de');
    assert.equal(chooseLocale(undefined, 'fr, de-AT;q=0.8, en;q=0.9'), 'en');
    assert.equal(chooseLocale('xx', 'fr;q=0.9, de-AT'), 'de-AT');
    assert.equal(chooseLocale(undefined, undefined), 'en');
    assert.equal(chooseLocale('__proto__', '*;q=0.1,,;;'), 'en');
    assert.equal(isSpoken('de_CH'), true);
    assert.equal(isSpoken('constructor'), false);
  });

  test('numbers, days and lists are the language’s own', () => {
    assert.equal(speechFor('en').words.bank.found(1), '1 bank');
    assert.equal(speechFor('de').words.bank.found(20_000), '20.000 Banken');
    assert.equal(speechFor('de').formats.list(['a', 'b', 'c']), 'a, b und c');
    assert.equal(speechFor('de-AT').formats.day('2027-01-02'), '2. Jänner 2027');
  });

  test('no sentence is left empty or untranslated', () => {
    const english = sentences(en);
    const german = sentences(de);
    assert.deepEqual([...german.keys()], [...english.keys()]);
    const alike = [...german].filter(([place, words]) => words.length > 25 && english.get(place) === words);
    assert.deepEqual(alike, []);
    for (const [place, words] of [...english, ...german]) assert.notEqual(words.trim(), '', place);
  });
});

/** Every plain sentence of a language by its place in the table. */
function sentences(words: unknown, place = ''): Map<string, string> {
  if (typeof words === 'string') return new Map([[place, words]]);
  if (words === null || typeof words !== 'object') return new Map();
  return new Map(Object.entries(words).flatMap(([key, held]) => [...sentences(held, `${place}/${key}`)]));
}
