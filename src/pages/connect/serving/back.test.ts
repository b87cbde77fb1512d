import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createHttp } from '../../../base/http.ts';
import { createLog } from '../../../base/log.ts';
import { addPostedBack, withState } from './back.ts';
import { ownPage } from '../index.ts';

describe('a bank’s answer that is no plain query', () => {
  let app: FastifyInstance;
  before(async () => {
    app = createHttp({
      log: createLog('silent'),
      trustedProxies: [],
      onError: (_error, _request, reply) => reply.code(500).send(),
    });
    await app.register(async (pages) => addPostedBack(pages, (_request, reply) => reply.code(400).send('refused')));
  });
  after(() => app.close());
  const post = async (url: string, form: Record<string, string>) => {
    const payload = new URLSearchParams(form).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' };
    const { statusCode, headers: answered } = await app.inject({ method: 'POST', url, headers, payload });
    return { status: statusCode, location: answered.location, kept: answered['cache-control'] };
  };

  test('a form of the bank’s goes on by a GET of ours, which brings the visit’s cookie', async () => {
    const { status, location, kept } = await post('/back/gb-bank', { code: 'c', id_token: 'i', state: 's', evil: 'x' });
    assert.deepEqual([status, location, kept], [303, '/back/gb-bank?state=s&code=c&id_token=i', 'no-store']);
  });

  test('a fragment that our script posts likewise; whatever else is in it stays out', async () => {
    const { location } = await post('/back/gb-bank', { fragment: 'code=c&id_token=i&state=s&access_token=no' });
    assert.equal(location, '/back/gb-bank?state=s&code=c&id_token=i');
    assert.equal((await post('/back/gb-bank', { fragment: '' })).location, '/back/gb-bank?state=');
  });

  test('nothing leads away from us, and nothing without end', async () => {
    assert.equal((await post('/back/%2F%2Fevil.example', { state: 's' })).status, 400);
    assert.equal((await post('/back/gb-bank', { state: 's', id_token: 'x'.repeat(13_000) })).status, 400);
  });

  test('a signed answer is found by the state inside it; one that is none finds nothing', () => {
    const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    const response = jwt({ state: 's' });
    assert.deepEqual(withState([['response', response]]), [
      ['response', response],
      ['state', 's'],
    ]);
    for (const odd of ['', 'x', 'a.b.c', jwt({ state: 7 }), jwt([])])
      assert.deepEqual(withState([['response', odd]]), [['response', odd]]);
    assert.deepEqual(withState([['code', 'c']]), [['code', 'c']]);
  });

  test('the page that hands a fragment over says what to do where no script runs', () => {
    const operator = { name: 'Example Ltd' };
    for (const locale of ['en', 'de']) {
      const { status, html } = ownPage('handing_over', { locale, operator, reference: 'req_1' });
      assert.equal(status, 200);
      assert.match(html, /<form method="post" data-fragment>/);
      assert.match(html, /[Ss]cripts|Skript/);
    }
  });
});
