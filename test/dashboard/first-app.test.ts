import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { runTool } from '../../clients/cli/drawbridge.ts';
import { runAppCommand } from '../../src/commands/app.ts';
import type { Ground } from '../../src/commands/ground.ts';
import { connects, WAYS } from '../journeys/ways.ts';
import { startReceiver } from '../receiver.ts';
import { type World, world } from '../world.ts';
import { becomesFirst } from './operator.ts';

/** `docs/guides/first-app.md`, step by step, each way by itself: what it promises in five minutes takes a machine seconds. */
describe('from nothing to one’s own app', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  test('by dashboard alone', async () => {
    const receiver = await startReceiver();
    const visitor = await here.person('plain HTTP');
    await becomesFirst(here, visitor);
    await visitor.fills('Name, as people read it', 'Leafbook');
    await visitor.fills('Where people return to', here.app.returnUrl);
    await visitor.presses('Make the app');
    const key = /-u (dbk_test_[\w-]{43}):/.exec(await visitor.text())![1]!;
    await visitor.follows('To the app');
    const base = visitor.url();
    await visitor.follows('Webhooks');
    await visitor.fills('Address', receiver.url);
    await visitor.presses('Add it');
    await visitor.follows('I have kept it: go on');
    await visitor.presses('Send a test event');
    await here.eventually(async () => assert.equal(receiver.received.length, 1));
    await visitor.opens(base);
    await visitor.follows('Go to live mode');
    await visitor.follows('Keys');
    await visitor.presses('Make the key');
    const live = /value="(dbk_live_[\w-]{43})"/.exec(
      (visitor as unknown as { page(): { html: string } }).page().html,
    )![1]!;
    const mode = await fetch(`${here.url}/v1/account`, { headers: { authorization: `Bearer ${live}` } });
    assert.equal(((await mode.json()) as { mode: string }).mode, 'live');
    const opened = await fetch(`${here.url}/v1/connect_user_sessions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: new URLSearchParams({
        user: 'anna-1',
        recurring: 'true',
        return_url: here.app.returnUrl,
        provider: WAYS.none.bank,
      }),
    });
    const person = await here.person('plain HTTP');
    await connects(person, ((await opened.json()) as { url: string }).url, WAYS.none, here.bank);
    await here.eventually(async () => {
      await visitor.opens(base);
      await visitor.sees('authorized', 100);
    });
    await receiver.close();
  });

  test('by command line alone', async () => {
    const ground = here.server.platform as unknown as Ground;
    const made = await runAppCommand(ground, ['create', 'Treebook', '--live', '--url', here.app.returnUrl]);
    const [app] = made;
    const [key, live] = ['test', 'live'].map(
      (mode) => new RegExp(`${mode} key: (dbk_${mode}_\\S+)`).exec(made.join('\n'))![1]!,
    );
    assert.ok(app && live);
    const environment = { DRAWBRIDGE_KEY: key, DRAWBRIDGE_URL: here.url };
    const said: string[] = [];
    const run = (...args: string[]) => runTool(args, environment, (text) => said.push(text));
    assert.equal(await run('account', '--return-url', 'http://localhost:3000/callback'), 0);
    assert.equal(await run('webhooks', 'add', 'http://127.0.0.1:9/hooks'), 0);
    assert.equal(await run('account', '--key', live), 0);
    assert.match(
      said.join('\n'),
      /return URL {2}http:\/\/localhost:3000\/callback[\s\S]*secret: whsec_[\s\S]*mode {2}live/,
    );
  });
});
