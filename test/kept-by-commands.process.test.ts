import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startTestApp, type TestApp } from './app.ts';
import { freePorts, type ServerProcess, startProcess } from './faults/child.ts';
import { connects, WAYS } from './journeys/ways.ts';
import { root } from './sources.ts';
import { plainVisitor } from './visitor/plain.ts';

describe('the commands that keep data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-kept-'));
  const [here, there, file] = [join(folder, 'here'), join(folder, 'there'), join(folder, 'all.backup')];
  let server: ServerProcess;
  let app: TestApp;
  let key: string;
  let account: string;
  let first: object;
  before(async () => {
    server = await startProcess(here, await freePorts());
    key = server.demo.test_key;
    app = await startTestApp({ baseUrl: () => server.url, key: () => key });
    const { id: customer } = await app.post('/v1/customers', { reference: 'kept' });
    const consent = await app.post('/v1/consents', { customer, provider: WAYS.redirected.bank });
    const help = { approvesEverything: () => async () => undefined };
    await connects(plainVisitor(), consent.redirect.consent_url, WAYS.redirected, help);
    for (const until = performance.now() + 20_000; ; await wait(100)) {
      const { data } = await app.get('/v1/events?type=sync.completed');
      if (data.length > 0) break;
      assert.ok(performance.now() < until, 'nothing was read');
    }
    account = (await app.get(`/v1/bank_accounts?consent=${consent.id}`)).data[0].id;
    first = await app.get(`/v1/bank_accounts/${account}/transactions?limit=500`);
  });
  after(async () => {
    await app?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the audit is verified, and exported line by line', async () => {
    const verified = await run(here, 'audit', 'verify');
    assert.equal(verified.code, 0, verified.said);
    assert.match(verified.said, /The audit holds/);
    const exported = await run(here, 'audit', 'export');
    const lines = exported.said.trimEnd().split('\n');
    assert.ok(lines.length > 5);
    for (const line of lines) assert.equal(typeof JSON.parse(line).what, 'string');
  });

  test('kept pages are read once more while the server runs, and say the same', async () => {
    const { code, said } = await run(here, 'replay', WAYS.redirected.bank, '--all');
    assert.equal(code, 0, said);
    assert.match(said, /^[1-9]\d* accounts: 0 modified, 0 added, 0 removed\./m);
    assert.deepEqual(await app.get(`/v1/bank_accounts/${account}/transactions?limit=500`), first);
    assert.equal((await run(here, 'replay', 'xx-nowhere')).code, 1);
  });

  test('a backup of the running server is brought back elsewhere, and serves the same', async () => {
    const saved = await run(here, 'backup', 'backup', file);
    assert.equal(saved.code, 0, saved.said);
    assert.equal((await run(here, 'backup', 'backup', file)).code, 1, 'a backup is never overwritten');
    mkdirSync(there, { recursive: true });
    copyFileSync(join(here, 'vault.key'), join(there, 'vault.key'));
    const restored = await run(there, 'backup', 'restore', file);
    assert.equal(restored.code, 0, restored.said);
    assert.match(restored.said, /Restored \d+ rows/);
    assert.equal((await run(there, 'backup', 'restore', file)).code, 1, 'only into an empty one');
    await server.stop();
    server = await startProcess(there, await freePorts());
    assert.deepEqual(await app.get(`/v1/bank_accounts/${account}/transactions?limit=500`), first);
    const verified = await run(there, 'audit', 'verify');
    assert.equal(verified.code, 0, verified.said);
  });

  /** Runs a command as `npm run` does, on a folder. */
  async function run(
    dataDir: string,
    command: string,
    ...args: string[]
  ): Promise<{ code: number | null; said: string }> {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: dataDir };
    const child = spawn(process.execPath, [`src/commands/${command}.ts`, ...args], { cwd: root, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  }
});
