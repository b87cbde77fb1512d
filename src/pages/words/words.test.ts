import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConsentFacts } from '../../platform/sessions/screen.ts';
import { en } from './languages/en.ts';
import { chooseLocale, isSpoken, makeConsentText, SPOKEN, speechFor } from './index.ts';
import { STATUS_WORDS } from './status.ts';

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
    ['fr', '19 mai 2027'],
    ['es', '19 de mayo de 2027'],
    ['it', '19 maggio 2027'],
    ['nl', '19 mei 2027'],
    ['pl', '19 maja 2027'],
    ['pt', '19 de maio de 2027'],
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
    assert.equal(chooseLocale(undefined, 'sv, de-AT;q=0.8, en;q=0.9'), 'en');
    assert.equal(chooseLocale(undefined, 'fr-CH, fr;q=0.9, en;q=0.8'), 'fr-CH');
    assert.equal(chooseLocale('xx', 'pl;q=0.9, de-AT'), 'de-AT');
    assert.equal(chooseLocale(undefined, undefined), 'en');
    assert.equal(chooseLocale('__proto__', '*;q=0.1,,;;'), 'en');
    assert.equal(isSpoken('de_CH'), true);
    assert.equal(isSpoken('constructor'), false);
  });

  test('numbers, days and lists are the language’s own', () => {
    assert.equal(speechFor('en').words.bank.found(1), '1 bank');
    assert.equal(speechFor('de').words.bank.found(20_000), '20.000 Banken');
    assert.deepEqual(
      [1, 3, 5, 22].map((count) => speechFor('pl').words.bank.found(count)),
      ['1 bank', '3 banki', '5 banków', '22 banki'],
    );
    assert.equal(speechFor('fr').words.step.tries(0), 'Il reste 0 essai.');
    assert.equal(speechFor('de').formats.list(['a', 'b', 'c']), 'a, b und c');
    assert.equal(speechFor('de-AT').formats.day('2027-01-02'), '2. Jänner 2027');
    assert.equal(speechFor('pt').formats.day('2027-01-02'), '2 de janeiro de 2027');
  });

  test('the page offers all eight, each by its own name', () => {
    assert.deepEqual(
      SPOKEN.map(({ name }) => name),
      ['Deutsch', 'English', 'Español', 'Français', 'Italiano', 'Nederlands', 'Polski', 'Português'],
    );
  });

  const english = sentences({ page: en, status: STATUS_WORDS.en });
  for (const { language } of SPOKEN.filter((one) => one.language !== 'en')) {
    const said = sentences({ page: speechFor(language).words, status: STATUS_WORDS[language] });

    test(`no sentence is left empty or untranslated in ${language}`, () => {
      assert.deepEqual([...said.keys()], [...english.keys()]);
      const alike = [...said].filter(([place, words]) => words.length > 25 && english.get(place) === words);
      assert.deepEqual(alike, []);
      for (const [place, words] of said) assert.notEqual(words.trim(), '', place);
    });

    test(`sentences in ${language} name what the English ones name`, () => {
      const lost = [...english].flatMap(([place, words]) => {
        const there = said.get(place) ?? '';
        return namedIn(words)
          .filter((name) => !there.includes(name))
          .map((name) => `${place} has no ${name}`);
      });
      assert.deepEqual(lost, []);
    });
  }

  test('stay short in every language: buttons, titles, sentences', () => {
    const long = SPOKEN.flatMap(({ language }) =>
      [...sentences({ page: speechFor(language).words, status: STATUS_WORDS[language] })].flatMap(([place, text]) => {
        const most = LONGEST.find(([pattern]) => pattern.test(place))?.[1] ?? 220;
        return text.length > most ? [`${language}${place}: ${text.length} letters, ${most} are good`] : [];
      }),
    );
    assert.deepEqual(long, []);
  });
});

/** How long what stands where may be, in letters; names count as one short one. */
const LONGEST: [RegExp, number][] = [
  [/\/(tips|turn|guide)\//, 220],
  [
    /\/(next|back|refuse|search|send|confirm|renew|revoke|add|leave|keep|sure|go|notMe|here|retry|other|check|grant|agreeHere|skip|tell|write|takeBack|again|offer|return|other_bank)$/,
    34,
  ],
  [
    /\/(titleConnected|title|titleShown|sureTitle|signIn|code|method|device|wait|redirect|carried|done|digits|welcome)$|\/(own|codes)\/\w+\/0$|\/title\//,
    60,
  ],
  [/\/(heading|legend|label|term|purpose|bank|returns|since|until|last)$|\/steps\/|\/fields\//, 46],
  [/storeHint|flickerHint|handing_over\/1/, 400],
];

/** The places of a sentence that something is put into. */
function namedIn(words: string): string[] {
  return [...new Set(words.match(/\{\w+\}|‹\w+›/g) ?? [])].filter((name) => name !== '{types}');
}

/** Every sentence of a language by its place in the table; those with names in them are said with ‹a›, ‹b›, ‹c›. */
function sentences(words: unknown, place = ''): Map<string, string> {
  if (typeof words === 'string') return new Map([[place, words]]);
  if (typeof words === 'function') return sentences(saidWithNames(words as (...names: unknown[]) => unknown), place);
  if (words === null || typeof words !== 'object') return new Map();
  return new Map(Object.entries(words).flatMap(([key, held]) => [...sentences(held, `${place}/${key}`)]));
}

function saidWithNames(say: (...names: unknown[]) => unknown): unknown {
  return say('‹a›', '‹b›', '‹c›');
}
