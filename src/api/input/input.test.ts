import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { Problem } from '../../platform/problems.ts';
import { readBody } from './body.ts';
import { coerce } from './coerce.ts';
import { readForm } from './form.ts';
import { validate } from './validate.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const form = (text: string) => readForm(text, (name) => `/${name}`);

/** The problem thrown, as code and first pointer. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return `${error.code} ${error.errors?.[0]?.pointer ?? ''}`.trim();
    throw error;
  }
  return 'nothing';
}

describe('bodies', () => {
  test('JSON and forms are told apart by their content type', () => {
    assert.deepEqual(readBody(JSON_TYPE, undefined, Buffer.from('{"a":"1"}')), { value: { a: '1' }, coerce: false });
    assert.deepEqual(readBody('Application/JSON; Charset="UTF-8"', undefined, Buffer.from('{}')).value, {});
    assert.deepEqual(readBody(FORM_TYPE, undefined, Buffer.from('a=1')), { value: { a: '1' }, coerce: true });
    assert.deepEqual(readBody(undefined, undefined, undefined), { value: {}, coerce: false });
    assert.deepEqual(readBody(JSON_TYPE, undefined, Buffer.alloc(0)), { value: {}, coerce: false });
  });

  test('what cannot be read is refused for what it is', () => {
    const refused = (type: string | undefined, body: string | Buffer, encoding?: string) =>
      refusal(() => readBody(type, encoding, Buffer.from(body as string)));
    assert.equal(refused(undefined, '{}'), 'unsupported_media_type');
    assert.equal(refused('text/plain', '{}'), 'unsupported_media_type');
    assert.equal(refused('multipart/form-data; boundary=x', '--x'), 'unsupported_media_type');
    assert.equal(refused('application/json; charset=iso-8859-1', '{}'), 'unsupported_media_type');
    assert.equal(refused(JSON_TYPE, '{}', 'gzip'), 'unsupported_media_type');
    assert.equal(refused(JSON_TYPE, '{"a":'), 'invalid_body');
    assert.equal(refused(JSON_TYPE, 'a=1&b=2'), 'invalid_body');
    assert.equal(refused(FORM_TYPE, '{"a":1}'), 'invalid_body');
    assert.equal(refused(JSON_TYPE, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 'invalid_body');
    assert.equal(refused(FORM_TYPE, Buffer.from([0x61, 0x3d, 0xc3])), 'invalid_body');
    assert.equal(refused(JSON_TYPE, `${'['.repeat(30_000)}${']'.repeat(30_000)}`), 'invalid_body');
    assert.equal(refused(JSON_TYPE, `${'{"a":'.repeat(21)}1${'}'.repeat(21)}`), 'invalid_body');
    assert.equal(refused(JSON_TYPE, '{"__proto__":{"a":1}}'), 'invalid_body /__proto__');
    assert.equal(refused(JSON_TYPE, '{"metadata":{"__proto__":"x"}}'), 'invalid_body /metadata/__proto__');
    assert.equal(refused(JSON_TYPE, '{"name":"a\\u0000b"}'), 'invalid_body /name');
    assert.equal(refused(JSON_TYPE, '{"name":"\\ud800"}'), 'invalid_body /name');
    assert.equal(refused(JSON_TYPE, '{"a\\u0000":1}'), 'invalid_body /a\u0000');
  });
});

describe('forms', () => {
  test('lists and maps are written with brackets', () => {
    assert.deepEqual(form('a=1&scopes[]=x&scopes[]=y&metadata[k]=v&metadata%5Bl%5D=w+z&psu[ip_address]=1'), {
      a: '1',
      scopes: ['x', 'y'],
      metadata: { k: 'v', l: 'w z' },
      psu: { ip_address: '1' },
    });
    assert.deepEqual(form(''), {});
    assert.deepEqual(form('a&b='), { a: '', b: '' });
  });

  for (const [text, expected] of [
    ['a=1&a=2', 'invalid_body /a'],
    ['a=1&a[]=2', 'invalid_body /a'],
    ['a[]=1&a=2', 'invalid_body /a'],
    ['a[]=1&a[b]=2', 'invalid_body /a/b'],
    ['a[b]=1&a=2', 'invalid_body /a'],
    ['a[b]=1&a[b]=2', 'invalid_body /a/b'],
    ['a[b=1', 'invalid_body /a/b'],
    ['a]b=1', 'invalid_body /ab'],
    ['[a]=1', 'invalid_body //a'],
    ['a[][b]=1', 'invalid_body /a//b'],
    ['a[b][c][d][e]=1', 'invalid_body /a/b/c/d/e'],
    ['__proto__=1', 'invalid_body /__proto__'],
    ['a[__proto__]=1', 'invalid_body /a/__proto__'],
    ['__proto__[x]=1', 'invalid_body /__proto__/x'],
    ['a=%ff', 'invalid_body /a'],
    ['%zz=1', 'invalid_body /%zz'],
  ] as const) {
    test(`${text} is refused`, () =>
      assert.equal(
        refusal(() => form(text)),
        expected,
      ));
  }

  test('too many parameters are refused', () => {
    assert.equal(
      refusal(() => form('a[]=1&'.repeat(501))),
      'invalid_body',
    );
  });

  test('whatever bytes come, it reads them or refuses them, and no prototype changes', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...'ab[]=&%+5B_.proto'.split(''), '__proto__', 'constructor', '%5B'),
          maxLength: 40,
        }),
        (text) => {
          refusal(() => form(text));
          assert.equal(({} as Record<string, unknown>).a, undefined);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('coercion by schema', () => {
  const schema = z.strictObject({
    count: z.int().optional(),
    on: z.boolean().optional(),
    tags: z.array(z.string()).optional(),
    note: z.string().nullable().optional(),
    limit: z.int().default(20),
    inner: z.strictObject({ n: z.int() }).optional(),
  });

  test('text becomes what the schema means', () => {
    const value = coerce(schema, { count: '10', on: 'true', tags: 'x', note: '', limit: '5', inner: { n: '1' } });
    assert.deepEqual(value, { count: 10, on: true, tags: ['x'], note: null, limit: 5, inner: { n: 1 } });
  });

  test('what does not fit stays text, and the schema says so with a pointer', () => {
    const given = { value: { count: '1e3', on: 'yes', unknown: '1', inner: { n: 'x' } }, coerce: true };
    const pointers = (where: 'body' | 'query') => {
      try {
        validate(schema, given, where);
      } catch (error) {
        return (error as Problem).errors!.map(({ pointer }) => pointer).sort();
      }
      return [];
    };
    assert.deepEqual(pointers('body'), ['/count', '/inner/n', '/on', '/unknown']);
    assert.deepEqual(pointers('query'), ['?count', '?inner[n]', '?on', '?unknown']);
  });

  test('JSON is never coerced', () => {
    assert.equal(
      refusal(() => validate(schema, { value: { count: '10' }, coerce: false }, 'body')),
      'invalid_request /count',
    );
    assert.equal(
      refusal(() => validate(schema, { value: [], coerce: false }, 'body')),
      'invalid_request',
    );
    assert.equal(
      refusal(() => validate(schema, { value: null, coerce: false }, 'body')),
      'invalid_request',
    );
  });
});
