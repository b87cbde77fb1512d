import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { raw, sql } from '../../src/base/database.ts';
import { PROBLEMS, type ProblemCode } from '../../src/platform/problems.ts';
import { type Linked, linkedCustomer } from './linked.ts';
import { idFor, type Operation, pathFor, readOperations, type Schema } from './operations.ts';
import { type Answered, type ApiWorld, apiWorld } from './world.ts';

describe('bad input', () => {
  let world: ApiWorld;
  let mine: Linked;
  let operations: Operation[];
  before(async () => {
    world = await apiWorld();
    mine = await linkedCustomer(world, world.app, 'mine');
    operations = await readOperations(world);
  });
  after(() => world.close());

  const pathOf = (operation: Operation) =>
    pathFor(operation, operation.route.id ? idFor(operation.route.id, mine) : '');

  /** Everything in the database, in short: the same before and after a refusal. */
  async function everything(): Promise<string> {
    const { database } = world.platform;
    const tables = await database.rows<{ name: string }>(sql`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`);
    const sums = await Promise.all(
      tables.map(({ name }) =>
        database.first<{ sum: string }>(
          sql`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${raw(name)} t`,
        ),
      ),
    );
    return tables.map(({ name }, index) => `${name} ${sums[index]!.sum}`).join('\n');
  }

  /** A 4xx problem of the catalogue that points at the place. */
  function assertRefused(answer: Answered, pointer: string | undefined, what: string): void {
    assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what);
    const known = PROBLEMS[answer.json.code as ProblemCode];
    assert.deepEqual([answer.json.status, answer.json.title], [known.status, known.title], what);
    assert.equal(answer.json.type, `${world.url}/docs/problems#${answer.json.code}`);
    if (pointer === undefined) return;
    const pointers = (answer.json.errors ?? []).map((error: { pointer: string }) => error.pointer);
    assert.ok(
      pointers.some((one: string) => one === pointer || one.startsWith(`${pointer}/`)),
      `${what}: points at ${pointers} instead of ${pointer}`,
    );
  }

  test('every field of every body: wrong type, too long, too many, out of range', async () => {
    const before = await everything();
    let tried = 0;
    for (const operation of operations) {
      for (const [field, schema] of Object.entries(operation.body?.properties ?? {})) {
        for (const [why, value] of wrongValues(schema)) {
          const what = `${operation.route.operation}.${field}: ${why}`;
          assertRefused(
            await world.call(operation.route.method, pathOf(operation), { json: { [field]: value } }),
            `/${field}`,
            what,
          );
          tried += 1;
        }
        for (const [inner, innerSchema] of Object.entries(schema.properties ?? {})) {
          for (const [why, value] of wrongValues(innerSchema)) {
            const what = `${operation.route.operation}.${field}.${inner}: ${why}`;
            const answer = await world.call(operation.route.method, pathOf(operation), {
              json: { [field]: { [inner]: value } },
            });
            assertRefused(answer, `/${field}/${inner}`, what);
          }
        }
      }
    }
    assert.ok(tried > 250, `only ${tried}`);
    assert.equal(await everything(), before);
  });

  test('every operation: unknown and missing fields, as JSON and as a form', async () => {
    const before = await everything();
    for (const operation of operations.filter(({ route }) => route.method !== 'GET')) {
      const { method, operation: name } = operation.route;
      const path = pathOf(operation);
      assertRefused(
        await world.call(method, path, { json: { no_such_field: 1 } }),
        '/no_such_field',
        `${name} unknown`,
      );
      assertRefused(
        await world.call(method, path, { form: 'no_such_field=1' }),
        '/no_such_field',
        `${name} unknown in a form`,
      );
      assertRefused(
        await world.call(method, `${path}?no_such_field=1`, { json: {} }),
        '?no_such_field',
        `${name} in the query`,
      );
      for (const field of operation.body?.required ?? [])
        assertRefused(await world.call(method, path, { json: {} }), `/${field}`, `${name} missing ${field}`);
      for (const value of [[], null, 'text', 5, true])
        assertRefused(await world.call(method, path, { json: value }), '', `${name} ${JSON.stringify(value)}`);
    }
    assert.equal(await everything(), before);
  });

  test('every operation: wrong encoding, mixed, deep, huge, unknown content type, names that reach prototypes', async () => {
    const before = await everything();
    for (const operation of operations.filter(({ route }) => route.method !== 'GET')) {
      const path = pathOf(operation);
      const send = (type: string, body: string | Buffer, headers: Record<string, string> = {}) =>
        world.call(operation.route.method, path, { body, headers: { 'content-type': type, ...headers } });
      const json = 'application/json';
      const form = 'application/x-www-form-urlencoded';
      for (const [why, answer, code] of [
        ['not UTF-8', await send(json, Buffer.from([0x7b, 0xff, 0x7d])), 'invalid_body'],
        ['not UTF-8 form', await send(form, Buffer.from([0x61, 0x3d, 0xff])), 'invalid_body'],
        ['bad percent', await send(form, 'a=%E0%A4'), 'invalid_body'],
        ['JSON in a form', await send(form, '{"a":1}'), 'invalid_body'],
        ['form in JSON', await send(json, 'a=1'), 'invalid_body'],
        ['cut short', await send(json, '{"a":'), 'invalid_body'],
        ['deep', await send(json, `${'{"a":'.repeat(25)}1${'}'.repeat(25)}`), 'invalid_body'],
        ['very deep', await send(json, '['.repeat(20_000) + ']'.repeat(20_000)), 'invalid_body'],
        ['prototype', await send(json, '{"__proto__":{"x":1}}'), 'invalid_body'],
        ['U+0000', await send(json, '{"name":"\\u0000"}'), 'invalid_body'],
        ['twice', await send(form, 'name=a&name=b'), 'invalid_body'],
        ['huge', await send(json, `{"name":"${'x'.repeat(66_000)}"}`), 'payload_too_large'],
        ['text', await send('text/plain', 'name=a'), 'unsupported_media_type'],
        ['XML', await send('application/xml', '<a/>'), 'unsupported_media_type'],
        ['multipart', await send('multipart/form-data; boundary=x', '--x--'), 'unsupported_media_type'],
        ['other charset', await send(`${json}; charset=utf-16`, '{}'), 'unsupported_media_type'],
        ['compressed', await send(json, '{}', { 'content-encoding': 'gzip' }), 'unsupported_media_type'],
      ] as const) {
        const what = `${operation.route.operation} ${why}`;
        assertRefused(answer, undefined, what);
        assert.equal(answer.json.code, code, what);
      }
    }
    assert.equal(await everything(), before);
  });

  test('every parameter of every query: wrong, unknown, twice, too long', async () => {
    for (const operation of operations) {
      const { method, operation: name } = operation.route;
      const path = pathOf(operation);
      if (method !== 'GET') continue;
      assertRefused(await world.call(method, `${path}?no_such=1`), '?no_such', `${name} unknown`);
      for (const parameter of operation.parameters.filter((one) => one.in === 'query')) {
        const { name: field, schema } = parameter;
        const wrong = [
          `${field}=a&${field}=b`,
          `${field}[]=`,
          `${field}[x]=1`,
          `${field}=%ff`,
          `${field}=${'x'.repeat(7000)}`,
        ];
        if (schema.type === 'integer')
          wrong.push(`${field}=0`, `${field}=-1`, `${field}=1.5`, `${field}=1e2`, `${field}=99999`, `${field}=x`);
        if (schema.enum) wrong.push(`${field}=nonsense`);
        if (field !== 'q' && schema.maxLength) wrong.push(`${field}=%00`);
        for (const query of wrong) {
          if (field === 'q' && query === 'q[]=') continue;
          const answer = await world.call(method, `${path}?${query}`);
          assertRefused(answer, undefined, `${name}?${query.slice(0, 40)}`);
          const [error] = answer.json.errors ?? [];
          assert.ok(error?.pointer.startsWith('?'), `${name}?${query.slice(0, 40)} ${answer.text.slice(0, 300)}`);
        }
      }
    }
    for (const bad of ['2026-02-30', '2026-1-1', 'yesterday', '20260101'])
      assertRefused(
        await world.call('GET', `/v1/bank_accounts/${mine.bankAccount}/transactions?from=${bad}`),
        '?from',
        bad,
      );
  });
});

/** Values a schema must refuse, and why. */
function wrongValues(schema: Schema): [why: string, value: unknown][] {
  const kinds = kindsOf(schema);
  const wrong: [string, unknown][] = [];
  if (!kinds.has('string')) wrong.push(['text', 'text']);
  if (!kinds.has('integer') && !kinds.has('number')) wrong.push(['a number', 5]);
  if (!kinds.has('boolean')) wrong.push(['a boolean', true]);
  if (!kinds.has('null')) wrong.push(['null', null]);
  if (!kinds.has('array')) wrong.push(['a list', ['x']]);
  if (!kinds.has('object')) wrong.push(['an object', { x: 1 }]);
  for (const one of [schema, ...(schema.anyOf ?? [])]) {
    if (one.type === 'string')
      wrong.push(['empty', ''], ['too long', 'x'.repeat(one.maxLength === undefined ? 60_000 : one.maxLength + 1)]);
    if (one.type === 'string' && !one.enum) wrong.push(['a control character', 'a\u0007b'], ['a line break', 'a\nb']);
    if (one.type === 'integer')
      wrong.push(
        ['a fraction', 1.5],
        ['too small', (one.minimum ?? 1) - 1],
        ['too large', (one.maximum ?? 1e15) + 1],
        ['endless', 1e300],
      );
    if (one.type === 'array')
      wrong.push(
        ['too many', Array.from({ length: (one.maxItems ?? 1000) + 1 }, () => 'accounts')],
        ['a list of numbers', [1]],
        ['a list of lists', [[]]],
      );
    if (one.type === 'object' && one.additionalProperties) {
      const many = Object.fromEntries(
        Array.from({ length: (one.maxProperties ?? 500) + 1 }, (_, index) => [`k${index}`, 'v']),
      );
      wrong.push(
        ['too many names', many],
        ['a bad name', { 'a b': 'x' }],
        ['a number inside', { a: 1 }],
        ['a long value', { a: 'x'.repeat(501) }],
      );
    }
    if (one.type === 'object' && one.properties) wrong.push(['an unknown name', { no_such: 1 }]);
  }
  return wrong;
}

function kindsOf(schema: Schema): Set<string> {
  return new Set([...[schema.type ?? []].flat(), ...(schema.anyOf ?? []).flatMap((one) => [...kindsOf(one)])]);
}
