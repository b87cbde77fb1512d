import { type Linked, linkedCustomer } from '../../api/linked.ts';
import { absentId, ID_FIELDS, idFor, pathFor, readOperations } from '../../api/operations.ts';
import { type Answered, apiWorld } from '../../api/world.ts';
import { newId } from '../../../src/base/ids.ts';
import { hashToken } from '../../../src/base/vault.ts';
import { findCaller } from '../../../src/platform/apps/apps.ts';
import type { Play } from '../play.ts';

/** T6: one app asks for what belongs to another, or to itself in the other mode. */
export const isolation: Play = {
  id: 'T6',
  threat: 'Another tenant’s objects, in path, body, query, cursor and idempotency key',
  quick: true,
  async play({ attack, control, after }) {
    const world = await apiWorld();
    after(() => world.close());
    const mine = await linkedCustomer(world, world.app, 'mine');
    const theirs = await linkedCustomer(world, world.other, 'theirs');
    const inLive = (await findCaller(world.platform, hashToken(world.app.liveKey)))!.tenant;
    const live = await linkedCustomer(
      world,
      {
        tenant: inLive,
        key: world.app.liveKey,
        // A live app's consents are claimed by what comes with the return.
        returnUrl: 'https://app.example.com/callback',
      },
      'live',
    );
    const operations = await readOperations(world);
    const foreign = [theirs, live];
    const shape = ({ status, text, headers }: Answered) =>
      `${status} ${text.replace(/req_[0-9A-Za-z]{22}/g, 'req')} ${[...headers.keys()].filter((name) => !name.startsWith('ratelimit')).join()}`;
    /** How many foreign ids are answered otherwise than absent ones. */
    const differ = async (call: (id: string) => Promise<Answered>, absent: string, ids: string[]) => {
      const expected = shape(await call(absent));
      let won = 0;
      for (const id of ids) won += Number(shape(await call(id)) !== expected);
      return won;
    };
    for (const operation of operations) {
      const { id: kind, method } = operation.route;
      const name = `${method} ${operation.path}`;
      const own = pathFor(operation, kind ? idFor(kind, mine) : '');
      if (kind && kind !== 'provider' && kind in theirs) {
        const ids = foreign.map((linked) => idFor(kind, linked));
        await attack(
          `${name}, in the path`,
          () =>
            differ(
              (id) => world.call(method, pathFor(operation, id), method === 'GET' ? {} : { json: {} }),
              absentId(kind),
              ids,
            ),
          ids.length,
        );
      }
      for (const field of Object.keys(operation.body?.properties ?? {})) {
        const of = ID_FIELDS[field];
        if (!of || of === 'sync' || !(of in theirs)) continue;
        const ids = foreign.map((linked) => idFor(of, linked));
        await attack(
          `${name}, in the body as ${field}`,
          () => differ((id) => world.call(method, own, { json: { [field]: id } }), absentId(of), ids),
          ids.length,
        );
      }
      for (const { name: parameter } of operation.parameters.filter((one) => one.in === 'query')) {
        const of = ID_FIELDS[parameter];
        if (method !== 'GET' || !of || of === 'sync' || !(of in theirs)) continue;
        const ids = foreign.map((linked) => idFor(of, linked));
        await attack(
          `${name}, in the query as ${parameter}`,
          () => differ((id) => world.call('GET', `${own}?${parameter}=${id}`), absentId(of), ids),
          ids.length,
        );
      }
      if (operation.route.query && 'cursor' in operation.route.query.shape) {
        const filter = (linked: Linked) => (operation.path.endsWith('/sync') ? `&connection=${linked.connection}` : '');
        const list = (linked: Linked) =>
          `${pathFor(operation, kind ? idFor(kind, linked) : '')}?limit=1${filter(linked)}`;
        await attack(`${name}, as a cursor`, async () => {
          const got = await world.call('GET', list(theirs), { key: world.other.key });
          if (!got.json?.next_cursor) return false;
          return (await world.call('GET', `${list(mine)}&cursor=${got.json.next_cursor}`)).status < 400;
        });
      }
    }
    let made = 0;
    for (const operation of operations.filter(({ route }) => route.method === 'POST' && !route.id && route.example)) {
      await attack(`POST ${operation.path}, in the idempotency key`, async () => {
        const sent = {
          headers: { 'idempotency-key': `of-${operation.path}` },
          json: operation.route.example as object,
        };
        const first = await world.call('POST', operation.path, { key: world.other.key, ...sent });
        const second = await world.call('POST', operation.path, sent);
        if (first.status < 300) made += 1;
        return first.status < 300 && (second.text === first.text || second.json.id === first.json.id);
      });
    }
    control(`${made} of them made something the first time`, made > 0);
    await attack('the other app’s idempotency key with the same body', async () => {
      const headers = { 'idempotency-key': 'order-1' };
      const json = { reference: 'same' };
      const first = await world.call('POST', '/v1/customers', { key: world.other.key, headers, json });
      const second = await world.call('POST', '/v1/customers', { headers, json });
      control('an idempotency key belongs to its app', second.status === 201);
      return first.json.id === second.json.id;
    });
    await attack(
      'a request id of the other app among the events',
      async () => (await world.call('GET', `/v1/events?request_id=${newId('request')}`)).json.data?.length > 0,
    );
    const customer = await world.call('GET', `/v1/customers/${theirs.customer}`, { key: world.other.key });
    const connection = await world.call('GET', `/v1/connections/${theirs.connection}`, { key: world.other.key });
    control(
      'its owner finds everything as it was',
      customer.json.reference === 'theirs' && connection.json.active === true,
    );
  },
};
