import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { brotliCompressSync, gunzipSync } from 'node:zlib';
import type { Json } from '../../banking/step.ts';
import { MOVES, type Place } from '../../platform/sessions/session.ts';
import { INLINED } from './inlined.ts';
import { InputRefused, ownPage, parseInput, renderScreen, screenAsJson } from './index.ts';
import { context } from './samples/data.ts';
import { samples } from './samples/index.ts';

const all = samples();
const sample = (name: string) => all.find((one) => one.name === name) ?? assert.fail(name);

describe('a screen', () => {
  test('says the same as HTML and as JSON, and offers the same', () => {
    for (const { name, screen, context } of all) {
      const page = textOf(renderScreen(screen, context).html);
      const json = screenAsJson(screen, context);
      for (const said of wordsIn(json))
        assert.ok(page.includes(normal(said)), `${name}: “${said}” is only in the JSON`);
      const buttons = [...renderScreen(screen, context).html.matchAll(/<button [^>]*name="do" value="(\w+)"/g)];
      const offered = JSON.stringify(json);
      for (const [, act] of buttons)
        assert.ok(offered.includes(`"value":"${act}"`), `${name}: ${act} is only in the HTML`);
    }
  });

  test('offers only what a visit can do from there', () => {
    for (const { name, screen, context } of all) {
      const acts = [...renderScreen(screen, context).html.matchAll(/name="do" value="(\w+)"/g)].map(
        ([, act]) => act ?? '',
      );
      if (['working', 'ended', 'phone_digits', 'phone_done'].includes(screen.kind)) continue;
      const places: Partial<Record<typeof screen.kind, Place>> = {
        handover: 'step',
        carried: 'step',
        phone_welcome: 'intro',
      };
      const confirms = screen.kind === 'overview' && screen.confirm !== undefined;
      const place = confirms ? 'revoke' : (places[screen.kind] ?? (screen.kind as Place));
      for (const act of acts) assert.ok(Object.hasOwn(MOVES[place], act), `${name}: ${act} leads nowhere`);
      assert.ok(
        acts.some((act) => ['refuse', 'leave', 'back'].includes(act)),
        `${name}: no way out`,
      );
    }
  });

  test('is first seen within fourteen kilobytes and one request', () => {
    const { html, headers } = renderScreen(sample('intro').screen, sample('intro').context);
    const parts = [...html.matchAll(/<(?:img|link|script|iframe|source|video)[^>]* (?:src|href)="([^"]+)"/g)];
    assert.deepEqual(
      parts.map(([, path]) => path),
      ['data:,'],
    );
    const total = INLINED.pack(html).length + 400 + JSON.stringify(headers).length;
    assert.ok(total <= 14 * 1024, `${total} bytes, of the page only style and script compressed`);
    for (const one of all) {
      const size = brotliCompressSync(
        renderScreen(one.screen, one.context).html.replace(`${INLINED.markup}`, ''),
      ).length;
      assert.ok(size <= 4096, `${one.name}: ${size} bytes`);
    }
  });

  test('comes packed as it is, and only style and script are compressed', () => {
    const { html } = renderScreen(sample('intro').screen, sample('intro').context);
    const long = html.replace('</main>', `<p>${'ä line to make it long '.repeat(9000)}</p></main>`);
    for (const page of [html, long, 'short', '']) assert.equal(gunzipSync(INLINED.pack(page)).toString(), page);
    const alike = (times: number) => INLINED.pack(html.replace('</main>', `${'secret'.repeat(times)}</main>`)).length;
    assert.equal(alike(20) - alike(10), 60);
  });

  test('loads nothing from elsewhere and runs nothing of its own text', () => {
    for (const { name, screen, context } of all) {
      const { html, headers } = renderScreen(screen, context);
      assert.equal(html.split(`${INLINED.markup}`).length, 2, name);
      const bare = html.replace(`${INLINED.markup}`, '').replace(/="[^"]*"/g, '=""');
      assert.doesNotMatch(bare, /<[^>]+\s(style|on\w+)=|<style|<script/, name);
      for (const [, url] of html.matchAll(/<(?:img|link|script|iframe)[^>]+(?:src|href)="([^"]*)"/g))
        assert.match(url ?? '', /^data:/);
      assert.match(
        headers['content-security-policy'] ?? '',
        /default-src 'none'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/,
      );
      for (const [, kind, content] of html.matchAll(/<(style|script)[^>]*>([\s\S]*?)<\/\1>/g)) {
        const hash = createHash('sha256')
          .update(content ?? '')
          .digest('base64');
        assert.ok(headers['content-security-policy']?.includes(`${kind}-src 'sha256-${hash}';`), kind);
      }
      assert.doesNotMatch(headers['content-security-policy'] ?? '', /unsafe|\*|http/);
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['referrer-policy'], 'no-referrer');
    }
  });

  test('never fills in again what was typed for the bank', () => {
    const { screen, context } = sample('code-wrong');
    assert.doesNotMatch(renderScreen(screen, context).html, /name="values\[[^"]*"[^>]* value=/);
  });
});

describe('what is sent from a screen', () => {
  const turn = { turn: 3 };
  const parse = (body: Record<string, unknown>, name = 'intro') =>
    parseInput({ turn: '3', ...body }, sample(name).screen, turn);

  test('is read from a form and from JSON alike', () => {
    const read = { turn: 3, do: 'fields', values: { user: 'anna', password: ' a b ' } };
    assert.deepEqual(parse({ do: 'fields', 'values[user]': 'anna', 'values[password]': ' a b ' }, 'sign-in'), read);
    assert.deepEqual(parse({ turn: 3, do: 'fields', values: { user: 'anna', password: ' a b ' } }, 'sign-in'), read);
    assert.deepEqual(parse({ do: 'grant', accounts: 'r1' }, 'grant'), { turn: 3, do: 'grant', accounts: ['r1'] });
    assert.deepEqual(parse({ do: 'grant' }, 'grant'), { turn: 3, do: 'grant', accounts: [] });
    assert.deepEqual(parse({ do: 'agree', store_secrets: 'yes' }, 'agree'), {
      turn: 3,
      do: 'agree',
      storeSecrets: true,
    });
    assert.deepEqual(parse({ do: 'agree' }, 'agree'), { turn: 3, do: 'agree', storeSecrets: false });
    assert.deepEqual(parse({ do: 'fields', 'values[otp]': '123 456' }, 'code'), {
      turn: 3,
      do: 'fields',
      values: { otp: '123456' },
    });
    assert.deepEqual(parse({ do: 'search', query: 'nor', country: 'DE' }, 'bank'), {
      turn: 3,
      do: 'search',
      query: 'nor',
      country: 'DE',
    });
  });

  test('is refused with a pointer when it cannot be an answer to this screen', () => {
    const cases: [Record<string, unknown>, string, string][] = [
      [{ turn: 'x', do: 'continue' }, 'intro', '/turn'],
      [{ turn: ['1', '2'], do: 'continue' }, 'intro', '/turn'],
      [{ do: 'toString' }, 'intro', '/do'],
      [{}, 'intro', '/do'],
      [{ do: 'bank', provider: '../x' }, 'bank', '/provider'],
      [{ do: 'bank', provider: ['a', 'b'] }, 'bank', '/provider'],
      [{ do: 'type', interface: 'loans' }, 'account-type', '/interface'],
      [{ do: 'fields', values: { user: 'a', evil: 'b' } }, 'sign-in', '/values/evil'],
      [{ do: 'fields', values: { user: 'a' } }, 'sign-in', '/values/password'],
      [{ do: 'fields', 'values[otp]': '1'.repeat(7) }, 'code', '/values/otp'],
      [{ do: 'fields', 'values[otp]': 'x'.repeat(501) }, 'code', '/values/otp'],
      [{ do: 'chosen', ids: ['sms', 'push'] }, 'method', '/ids'],
      [{ do: 'chosen', ids: 'fax' }, 'method', '/ids'],
      [{ do: 'grant', accounts: 'r9' }, 'grant', '/accounts'],
      [{ do: 'search', query: 'x'.repeat(201) }, 'bank', '/query'],
    ];
    for (const [body, name, pointer] of cases) {
      assert.throws(
        () => parse(body, name),
        (error: InputRefused) => error instanceof InputRefused && error.errors[0]?.pointer === pointer,
        `${JSON.stringify(body)} at ${name}`,
      );
    }
  });

  test('of an older turn is only read, so that the current screen can be shown instead', () => {
    const late = parseInput({ turn: '2', do: 'grant', accounts: 'r9' }, sample('grant').screen, turn);
    assert.deepEqual(late, { turn: 2, do: 'grant', accounts: ['r9'] });
  });
});

describe('pages without a visit', () => {
  test('say what is the matter, with a status and a way to help, in both languages', () => {
    for (const locale of ['en', 'de']) {
      const { status, html, headers } = ownPage('unknown_link', { ...context, locale });
      assert.equal(status, 404);
      assert.match(html, new RegExp(`<html lang="${locale}"`));
      assert.match(html, /support@operator\.example/);
      assert.match(headers['content-security-policy'] ?? '', /frame-ancestors 'none'/);
    }
    assert.equal(ownPage('rate_limited', { ...context, retryAfterS: 12.2 }).headers['retry-after'], '13');
  });
});

/** All strings a person would read in the JSON: labels, texts, titles. */
function wordsIn(json: Json, key = ''): string[] {
  if (typeof json === 'string') return READ.has(key) ? [json] : [];
  if (Array.isArray(json)) return json.flatMap((held) => wordsIn(held, key));
  if (json === null || typeof json !== 'object' || key === 'monogram') return [];
  return Object.entries(json).flatMap(([name, held]) => wordsIn(held, name));
}
const READ = new Set([
  'title',
  'label',
  'text',
  'hint',
  'gloss',
  'term',
  'heading',
  'points',
  'lines',
  'detail',
  'masked',
  'remark',
  'tip',
  'found',
]);

function textOf(html: string): string {
  const labels = [...html.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label).join(' ');
  const text = `${html.replace(/<[^>]*>/g, '')} ${labels}`;
  const entities: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&#96;': '`',
  };
  return normal(text.replace(/&[#\w]+;/g, (entity) => entities[entity] ?? entity));
}

function normal(text: string): string {
  return text.replace(/\s+/g, ' ');
}
