import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connects, WAYS } from '../journeys/ways.ts';
import { root } from '../sources.ts';
import { type World, world } from '../world.ts';

const python = spawnSync('python3', ['--version']).status === 0;

/** The programs in the quick starts, run as they stand there. */
describe('the quick starts', () => {
  let here: World;
  let folder: string;
  before(async () => {
    here = await world();
    folder = mkdtempSync(join(tmpdir(), 'drawbridge-quick-'));
    symlinkSync(join(root, 'clients'), join(folder, 'clients'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await here.close();
  });

  for (const { document, language, file, command } of [
    { document: 'quickstart-node.md', language: 'ts', file: 'app.ts', command: process.execPath },
    { document: 'quickstart-python.md', language: 'python', file: 'app.py', command: 'python3' },
  ])
    test(`docs/guides/${document}`, { skip: language === 'python' && !python && 'python3 is not here' }, async () => {
      const text = readFileSync(join(root, 'docs/guides', document), 'utf8');
      writeFileSync(join(folder, file), new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)![1]!);
      const port = await freePort();
      const env = { ...process.env, KEY: here.key, URL: here.url, PORT: String(port) };
      const app = spawn(command, [file], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      app.stdout.on('data', (part: Buffer) => {
        said += part.toString('utf8');
      });
      try {
        await here.eventually(async () => assert.match(said, /Open http/));
        const person = await here.person('plain HTTP');
        await connects(person, `http://localhost:${port}/connect`, WAYS.none, here.bank);
        if (await person.canFollow(/^Back to/)) await person.follows(/^Back to/);
        await person.sees(/: -?\d+\.\d\d EUR/);
        await here.eventually(async () => assert.match(said, /consent\.authorized/));
        const forged = await fetch(`http://localhost:${port}/hooks`, { method: 'POST', body: '{"type":"forged"}' });
        assert.equal(forged.status, 400);
        assert.doesNotMatch(said, /forged/);
      } finally {
        await end(app);
      }
    });
});

async function end(app: ChildProcess): Promise<void> {
  const over = once(app, 'exit');
  app.kill();
  await over;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
