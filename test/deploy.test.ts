import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { root } from './sources.ts';

const container = readFileSync(join(root, 'deploy/Containerfile'), 'utf8');
const copied = [...container.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) => from!.split(' '));
const removed = [...container.matchAll(/\brm -rf (src\/\S+)/g)].map(([, path]) => path!);
const dependencies = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);

const has = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const without = (command: string) => (has(command) ? false : `${command} is not on this machine`);

describe('the files for operators', () => {
  test('the container holds everything the server loads when it starts, and nothing of the sandbox', () => {
    assert.ok(copied.includes('src') && removed.includes('src/sandbox'), `${copied}`);
    const missing = new Set<string>();
    const seen = new Set<string>();
    const follow = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = readFileSync(join(root, path), 'utf8');
      // Types are gone when it runs, and what is asked for by import() is only loaded where it is wanted.
      for (const [, name] of text.matchAll(/^(?:import|export) (?!type\b)(?:[^;]*? from )?'([^']+)';/gm)) {
        if (name!.startsWith('.')) {
          const to = relative(root, resolve(root, dirname(path), name!));
          const isThere = copied.some((one) => to === one || to.startsWith(`${one}/`));
          if (!isThere || removed.some((one) => to.startsWith(`${one}/`))) missing.add(`${path} loads ${to}`);
          else follow(to);
        } else if (!name!.startsWith('node:')) {
          const pack = name!
            .split('/')
            .slice(0, name!.startsWith('@') ? 2 : 1)
            .join('/');
          if (!dependencies.includes(pack)) missing.add(`${path} loads ${pack}, which is not installed`);
        }
      }
    };
    follow('src/main.ts');
    assert.deepEqual([...missing], []);
    assert.ok(seen.size > 100, `only ${seen.size} files`);
    // What the server reads besides its code.
    for (const folder of ['migrations', 'providers', 'docs']) assert.ok(copied.includes(folder), folder);
  });

  test('the container runs as nobody, with no script of any package, its key from a mounted secret', () => {
    assert.match(container, /^USER 65534:65534$/m);
    assert.match(container, /npm ci --omit=dev --omit=optional --ignore-scripts/);
    assert.match(container, /VAULT_KEY_FILE=\/run\/secrets\//);
    assert.ok(!/VAULT_KEY=/.test(container));
  });

  test('systemd takes the unit', { skip: without('systemd-analyze') }, () => {
    const unit = join(root, 'deploy/drawbridge.service');
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    // That node is not installed where the unit looks for it says nothing about the unit.
    const complaints = stderr
      .split('\n')
      .filter((line) => line && !/is not executable|Command .* not found/.test(line));
    assert.deepEqual([status === 0 || complaints.length === 0, complaints], [true, []]);
  });

  test('nginx takes its example', { skip: without('nginx') || without('openssl') }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'drawbridge-nginx-'));
    try {
      const at = (name: string) => join(folder, name);
      const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=banks.example.com'];
      spawnSync('openssl', [...made, '-keyout', at('key.pem'), '-out', at('cert.pem')]);
      const site = readFileSync(join(root, 'deploy/nginx.conf'), 'utf8')
        .replace(/ssl_certificate \S+;/, `ssl_certificate ${at('cert.pem')};`)
        .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${at('key.pem')};`)
        .replace(/access_log \S+/, `access_log ${at('access.log')}`);
      writeFileSync(at('nginx.conf'), `pid ${at('pid')};\nevents {}\nhttp {\n${site}\n}\n`);
      const { stderr } = spawnSync('nginx', ['-t', '-q', '-c', at('nginx.conf'), '-e', at('error.log')], {
        encoding: 'utf8',
      });
      const complaints = stderr
        .split('\n')
        .filter((line) => /emerg|alert/.test(line) && !/bind\(\)|setrlimit|user/.test(line));
      assert.deepEqual(complaints, []);
      assert.ok(existsSync(at('cert.pem')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('caddy takes its example', { skip: without('caddy') }, () => {
    const { status, stderr } = spawnSync(
      'caddy',
      ['validate', '--adapter', 'caddyfile', '--config', join(root, 'deploy/Caddyfile')],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr.slice(-500));
  });
});
