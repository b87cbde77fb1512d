import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newId } from '../../src/base/ids.ts';
import { type Linked, linkedCustomer } from './linked.ts';
import { absentId, ID_FIELDS, idFor, type Operation, pathFor, readOperations } from './operations.ts';
import { type Answered, type ApiWorld, apiWorld } from './world.ts';

describe('what belongs to another app', () => {
  let world: ApiWorld;
  let mine: Linked;
  let theirs: Linked;
  let live: Linked;
  let operations: Operation[];
  before(async () => {
    world = await apiWorld();
    mine = await linkedCustomer(world, world.app, 'mine');
    theirs = await linkedCustomer(world, world.other, 'theirs');
    // The other mode of the same app is as foreign as another app.
    live = {
      ...theirs,
      customer: (await world.call('POST', '/v1/customers', { key: world.app.liveKey, json: {} })).json.id,
    };
    operations = await readOperations(world);
  });
  after(() => world.close());

  /** Status and body without what differs in every answer. */
  const shape = ({ status, text }: Answered) => `${status} ${text.replace(/req_[0-9A-Za-z]{22}/g, 'req')}`;

  test('in the path is answered as if it did not exist', async () => {
    for (const operation of operations) {
      const { id: kind, method } = operation.route;
      if (!kind || kind === 'provider') continue;
      const json = operation.body?.required?.length ? operation.route.example : {};
      const call = (id: string) => world.call(method, pathFor(operation, id), method === 'GET' ? {} : { json });
      const absent = shape(await call(absentId(kind)));
      assert.match(absent, /^404 .*"code":"not_found"/, operation.path);
      for (const foreign of [
        idFor(kind, theirs),
        idFor(kind, live),
        'x',
        `${idFor(kind, mine)}x`,
        idFor(kind, mine).toLowerCase(),
      ])
        assert.equal(shape(await call(foreign)), absent, `${method} ${operation.path} ${foreign}`);
    }
  });

  test('in a body is answered as if it did not exist', async () => {
    for (const operation of operations) {
      const { id: kind, method } = operation.route;
      for (const field of Object.keys(operation.body?.properties ?? {})) {
        const of = ID_FIELDS[field];
        if (!of || of === 'sync') continue;
        const path = pathFor(operation, kind ? idFor(kind, mine) : '');
        const call = (id: string) => world.call(method, path, { json: { [field]: id } });
        const absent = shape(await call(absentId(of)));
        assert.doesNotMatch(absent, /^(2|5)\d\d /, `${method} ${path} ${field}: ${absent}`);
        assert.equal(shape(await call(idFor(of, theirs))), absent, `${method} ${path} ${field}`);
        if (of === 'customer') assert.equal(shape(await call(live.customer)), absent, `${method} ${path} ${field}`);
      }
    }
  });

  test('in a query is answered as if it did not exist', async () => {
    for (const operation of operations.filter(({ route }) => route.method === 'GET')) {
      for (const { name } of operation.parameters.filter((one) => one.in === 'query')) {
        const of = ID_FIELDS[name];
        if (!of) continue;
        const { id: kind } = operation.route;
        const path = pathFor(operation, kind ? idFor(kind, mine) : '');
        const call = (id: string) => world.call('GET', `${path}?${name}=${id}`);
        const [absent, foreign] = of === 'sync' ? [newId('sync'), newId('sync')] : [absentId(of), idFor(of, theirs)];
        assert.equal(shape(await call(foreign)), shape(await call(absent)), `${path}?${name}`);
      }
    }
  });

  test('as a cursor is refused like any text', async () => {
    for (const operation of operations.filter(({ route }) => route.query && 'cursor' in route.query.shape)) {
      const { id: kind, query } = operation.route;
      const filter = 'connection' in query!.shape && operation.path.endsWith('/sync') ? 'connection' : undefined;
      const path = (linked: Linked) =>
        `${pathFor(operation, kind ? idFor(kind, linked) : '')}?limit=1${filter ? `&${filter}=${linked.connection}` : ''}`;
      const got = await world.call('GET', path(theirs), { key: world.other.key });
      const cursor = got.json.next_cursor ?? 'AAAAAAAAAAAAAAAAAAAAAAbm90aGluZw';
      const refused = await world.call('GET', `${path(mine)}&cursor=${cursor}`);
      assert.deepEqual([refused.status, refused.json.code], [422, 'invalid_cursor'], operation.path);
    }
  });

  test('changes nothing for its owner, whatever was tried', async () => {
    const customer = await world.call('GET', `/v1/customers/${theirs.customer}`, { key: world.other.key });
    assert.equal(customer.json.reference, 'theirs');
    const consent = await world.call('GET', `/v1/consents/${theirs.consent}`, { key: world.other.key });
    assert.equal(consent.json.status, 'authorized');
    const connection = await world.call('GET', `/v1/connections/${theirs.connection}`, { key: world.other.key });
    assert.equal(connection.json.active, true);
  });
});
