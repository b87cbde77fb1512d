import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MailFacts } from '../../platform/customers/mail/mail.ts';
import { SPOKEN } from '../words/index.ts';
import { isSentence, SENTENCES, withSentences } from '../words/sentences.ts';
import { en as pageWords } from '../words/languages/en.ts';
import { writeMail } from './mails.ts';
import { manageWords } from './words/index.ts';
import { en } from './words/en.ts';

/** Every sentence by its place; names are put in as ‹a›, ‹b›, ‹c›. */
function sentences(words: unknown, place = ''): Map<string, string> {
  if (typeof words === 'string') return new Map([[place, words]]);
  if (typeof words === 'function') return sentences(words('‹a›', '‹b›', '‹c›'), place);
  const held = Object.entries(words as object);
  return new Map(held.flatMap(([key, value]) => [...sentences(value, `${place}/${key}`)]));
}

const FACTS = {
  operator: 'Operator & Co',
  supportEmail: 'help@app.example',
  refuseUrl: 'https://banks.example/mail/stop/x',
  app: 'Kassenbuch <b>',
  bank: 'Nordwind Bank',
  scopes: ['accounts', 'balances'] as ('accounts' | 'balances')[],
  until: new Date('2027-05-19T00:00:00Z'),
  reconfirmBy: new Date('2027-02-01T00:00:00Z'),
  controlUrl: 'https://banks.example/control',
};
const KINDS = ['confirmed', 'expiring', 'reconfirm', 'ended'] as const;

describe('the words of managing', () => {
  const english = sentences(en);
  for (const { language } of SPOKEN.filter((one) => one.language !== 'en'))
    test(`are complete, translated and name the same in ${language}`, () => {
      const said = sentences(manageWords(language));
      assert.deepEqual([...said.keys()], [...english.keys()]);
      for (const [place, words] of said) {
        assert.notEqual(words.trim(), '', place);
        if (words.length > 25) assert.notEqual(words, english.get(place), place);
        for (const name of english.get(place)?.match(/‹\w+›/g) ?? [])
          assert.ok(words.includes(name), `${place} ${name}`);
        const short = /\/(link|one|all|send|button|again|download|open)$/.test(place) ? 34 : 240;
        assert.ok(words.length <= short, `${place}: ${words.length} letters`);
      }
    });
});

describe('mails', () => {
  for (const { language } of SPOKEN)
    test(`name no bank in the subject and say the same as text and as HTML, in ${language}`, () => {
      for (const kind of KINDS) {
        const { subject, text, html } = writeMail({ ...FACTS, kind } as MailFacts, language);
        assert.ok(subject.includes('Kassenbuch') && !subject.includes('Nordwind') && subject.length <= 90, subject);
        const plain = html
          .replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&')
          .replaceAll('&#39;', "'");
        for (const line of text.split('\n').filter((one) => one && !/^(https?:|\* |-- )/.test(one)))
          assert.ok(plain.includes(line), `${kind}: ${line}`);
        for (const url of [FACTS.controlUrl, FACTS.refuseUrl])
          assert.ok(text.includes(url) && html.includes(`href="${url}"`), url);
        assert.ok(!html.includes('Kassenbuch <b>'));
      }
      const link = writeMail({ kind: 'link', operator: 'O', url: 'https://banks.example/control/t' }, language);
      assert.ok(link.text.includes('https://banks.example/control/t') && !link.subject.includes('‹'));
    });
});

describe('sentences in an app’s own words', () => {
  test('are never those of the law, of buttons, of banks or of errors', () => {
    assert.ok(SENTENCES.length > 20);
    for (const name of SENTENCES) assert.doesNotMatch(name, /^(consent|agree|grant|trouble|step|own|page|scopes)/);
    for (const name of ['consent.title', 'agree.button', 'overview.sure', '__proto__', 'constructor.name', 'how.stop'])
      assert.equal(isSentence(name), false, name);
  });

  test('leave everything else as it is', () => {
    const words = withSentences(pageWords, { 'how.read': 'We only look.', 'consent.title': 'Free money' });
    assert.equal(words.how.read, 'We only look.');
    assert.equal(words.consent, pageWords.consent);
    assert.notEqual(pageWords.how.read, 'We only look.');
    assert.equal(withSentences(pageWords, undefined), pageWords);
  });
});
