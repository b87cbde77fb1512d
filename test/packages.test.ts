import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from './sources.ts';

type Locked = {
  version?: string;
  resolved?: string;
  dev?: true;
  optional?: true;
  devOptional?: true;
  hasInstallScript?: true;
};

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
/** What `npm ci --omit=dev --omit=optional` installs. */
const production = locked.filter(([, entry]) => !entry.dev && !entry.optional && !entry.devOptional);

describe('packages', () => {
  test('every version in package.json is exact', () => {
    const loose = ['dependencies', 'optionalDependencies', 'devDependencies']
      .flatMap((kind) => Object.entries<string>(manifest[kind] ?? {}))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    assert.deepEqual(loose, [], 'npm install --save-exact');
  });

  test('the lock file names no download address', () => {
    const addressed = locked.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path);
    assert.deepEqual(addressed, [], 'omit-lockfile-registry-resolved=true in .npmrc, then write it again');
  });

  test('nothing that runs in production has an install script', () => {
    assert.deepEqual(
      production.filter(([, entry]) => entry.hasInstallScript).map(([path]) => path),
      [],
    );
    assert.match(readFileSync(join(root, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
  });

  test('a production install is at most 120 packages and 60 MB', () => {
    assert.ok(production.length <= 120, `${production.length} packages`);
    const bytes = production.reduce((sum, [path]) => sum + sizeOf(join(root, path)), 0);
    assert.ok(bytes <= 60e6, `${Math.round(bytes / 1e6)} MB`);
  });

  test('no package of one kind is there twice', () => {
    const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    const both = Object.keys(manifest.devDependencies).filter((name) => names.includes(name));
    assert.deepEqual(both, []);
  });
});

/** Bytes below a folder, without packages nested in it (they are counted by their own line of the lock file). */
function sizeOf(path: string): number {
  if (!existsSync(path)) return 0;
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.isSymbolicLink() || entry.name === 'node_modules') return sum;
    const inner = join(path, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(inner) : statSync(inner).size);
  }, 0);
}
