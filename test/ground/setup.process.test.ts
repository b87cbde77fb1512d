import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { root } from '../sources.ts';

describe('The starter', () => {
  let project: string;
  const runner = () => join(project, 'setup', 'run.mjs');
  /** No registry is in reach: whatever would install fails at once. */
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    npm_config_registry: 'http://127.0.0.1:1',
    npm_config_fetch_retries: '0',
  };

  before(() => {
    project = mkdtempSync(join(tmpdir(), 'starter-'));
    cpSync(join(root, 'setup', 'run.mjs'), runner());
    writeFileSync(
      join(project, 'package.json'),
      '{"name":"x","version":"1.0.0","dependencies":{"a":"1.0.0"},"optionalDependencies":{"b":"1.0.0"}}',
    );
    writeLock(join(project, 'package-lock.json'), {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/b': { version: '1.0.0', optional: true },
    });
    mkdirSync(join(project, 'node_modules'));
    install('1.0.0');
    writeFileSync(
      join(project, 'says.ts'),
      `const said: string = process.argv.slice(2).join(); console.log(said, process.env.PATH!.split(':')[0]); process.exit(7);`,
    );
    writeFileSync(
      join(project, 'waits.ts'),
      `process.on('SIGTERM', () => { console.log('heard'); process.exit(5); }); setInterval(() => {}, 1000); console.log('waiting ' + process.pid);`,
    );
    writeFileSync(join(project, 'falls.ts'), `process.kill(process.pid, 'SIGKILL');`);
  });
  after(() => rmSync(project, { recursive: true }));

  function writeLock(path: string, packages: object): void {
    writeFileSync(path, JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, requires: true, packages }));
  }
  function install(version: string): void {
    writeLock(join(project, 'node_modules', '.package-lock.json'), {
      'node_modules/a': { version, integrity: 'sha512-a' },
    });
  }
  const run = (script: string, ...args: string[]) =>
    spawnSync(process.execPath, [runner(), script, ...args], { cwd: project, env, encoding: 'utf8' });

  it('runs a script with its arguments, its Node first in the path, and hands back its exit code', () => {
    const { status, stdout, stderr } = run('says.ts', 'a', 'b');
    assert.equal(status, 7);
    assert.equal(stdout.trim(), `a,b ${join(process.execPath, '..')}`);
    assert.equal(stderr, '');
  });

  it('ends by the signal its script ended by', () => {
    assert.equal(run('falls.ts').signal, 'SIGKILL');
  });

  it('installs when the packages are not those of the lock file, and says in a line what fails', () => {
    install('0.9.0');
    const { status, stderr } = run('says.ts');
    install('1.0.0');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^Installing the packages that package-lock.json pins \(once\) …\nnpm ci failed; is the npm registry in reach\?/,
    );
    assert.equal(run('says.ts').status, 7);
  });

  for (const kill of ['SIGTERM', 'SIGKILL'] as const) {
    it(`lets its script hear SIGTERM when it gets ${kill} itself`, async () => {
      const child = spawn(process.execPath, [runner(), 'waits.ts'], {
        cwd: project,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout });
      await once(lines, 'line');
      child.kill(kill);
      const [heard] = await once(lines, 'line');
      assert.equal(heard, 'heard');
      if (kill === 'SIGTERM') assert.deepEqual(await once(child, 'exit'), [5, null]);
    });
  }

  it('waits for another start that is installing, and not for one that is gone', async () => {
    const lock = join(project, '.runtime', 'lock');
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'pid'), String(spawnSync(process.execPath, ['-e', '']).pid));
    install('0.9.0');
    assert.match(run('says.ts').stderr, /^Installing/);

    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    const child = spawn(process.execPath, [runner(), 'says.ts'], {
      cwd: project,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [line] = await once(createInterface({ input: child.stderr }), 'line');
    assert.match(line, /^Another start is installing/);
    // The other one is done, so this one has nothing left to install.
    install('1.0.0');
    rmSync(lock, { recursive: true });
    assert.deepEqual(await once(child, 'exit'), [7, null]);
  });
});
