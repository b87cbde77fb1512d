import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { table } from '../../clients/cli/print.ts';
import { findServer, runTool } from '../../clients/cli/drawbridge.ts';
import { comesHome, connects, WAYS } from '../journeys/ways.ts';
import { type World, world } from '../world.ts';

describe('npx drawbridge', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());
  const environment = () => ({ DRAWBRIDGE_KEY: here.key, DRAWBRIDGE_URL: here.url });
  const run = async (...args: string[]) => {
    const said: string[] = [];
    const code = await runTool(args, environment(), (text) => said.push(text));
    return { code, text: said.join('\n') };
  };

  test('connect waits for the person and shows the accounts; the others read them', async () => {
    const said: string[] = [];
    const running = runTool(
      ['connect', WAYS.none.bank, '--user', 'anna-1', '--return-url', here.app.returnUrl],
      environment(),
      (text) => said.push(text),
    );
    await here.eventually(async () => assert.match(said.join(), /\/connect\//));
    const person = await here.person('plain HTTP');
    await connects(person, /http\S+/.exec(said.join('\n'))![0], WAYS.none, here.bank);
    await comesHome(person);
    assert.equal(await running, 0);
    const account = /acc_\w+/.exec(said.join('\n'))![0];
    await here.eventually(async () => assert.match((await run('accounts')).text, new RegExp(`${account}.*EUR booked`)));
    await here.eventually(async () =>
      assert.match((await run('transactions', account)).text, /^\d{4}-\d\d-\d\d {2}-?\d+\.\d\d EUR/),
    );
    const consents = await run('consents', '--status', 'authorized');
    const consent = /cst_\w+/.exec(consents.text)![0];
    assert.match((await run('revoke', consent)).text, /is canceled; at the bank: pending/);
    assert.match((await run('consents', '--status', 'authorized')).text, /No consent yet/);
    assert.equal(JSON.parse((await run('consents', '--json')).text.split('\n')[0]!).id, consent);
    assert.match((await run('providers', 'nordw')).text, /de-nordwind/);
  });

  test('events --follow goes on with whatever happens, until it is stopped', async () => {
    const said: string[] = [];
    const stop = new AbortController();
    const running = runTool(
      ['events', '--follow', '--type', 'consent.created'],
      environment(),
      (text) => said.push(text),
      stop.signal,
    );
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) made.push((await here.app.post('/v1/consents', {})).id);
    await here.eventually(async () => {
      const told = said.join('\n');
      for (const id of made) assert.equal(told.split(id).length, 2, told);
    });
    stop.abort();
    assert.equal(await running, 0);
  });

  test('an app is set up by it: a return URL and a webhook', async () => {
    assert.match(
      (await run('account', '--return-url', 'http://localhost:3000/callback')).text,
      /return URL {2}http:\/\/localhost:3000\/callback/,
    );
    const made = await run('webhooks', 'add', 'http://127.0.0.1:9/x');
    assert.match(made.text, /secret: whsec_/);
    assert.match((await run('webhooks')).text, /active {2}http:\/\/127\.0\.0\.1:9\/x/);
    assert.match((await run('webhooks', 'test', /whe_\w+/.exec(made.text)![0])).text, /on its way/);
  });

  test('what is wrong is said in words, with an exit code', async () => {
    for (const [args, words, code] of [
      [[], /npx drawbridge <command>/, 0],
      [['nonsense'], /npx drawbridge <command>/, 2],
      [['toString'], /npx drawbridge <command>/, 2],
      [['consents', '--nonsense'], /nonsense/, 1],
      [['revoke'], /Write: npx drawbridge revoke/, 1],
      [['revoke', 'cst_0000000000000000000000'], /^not_found: .*\nreq_/, 1],
      [['consents', '--key', 'dbk_test_wrong'], /^unauthorized/, 1],
      [['consents', '--url', 'http://127.0.0.1:47'], /No server answers there/, 1],
    ] as [string[], RegExp, number][]) {
      const { code: exit, text } = await run(...args);
      assert.match(text, words, args.join(' '));
      assert.equal(exit, code, args.join(' '));
    }
    assert.throws(() => findServer({}, { DATA_DIR: '/nowhere' }), /Whose key\?/);
  });

  test('nothing a bank wrote moves the cursor', () => {
    assert.equal(table([['a\u001b[2Jb', '\u202ex', 'c\nd']]), 'a [2Jb   x  c d');
  });
});
