import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, short } from './measure.ts';
import { root, runTool } from './tools.ts';

/** P8c: what a production machine is asked to install. */
export const install: Bench = {
  name: 'install',
  goals: ['P8c'],
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'drawbridge-install-'));
    try {
      for (const file of ['package.json', 'package-lock.json']) await cp(join(root, file), join(folder, file));
      await runTool('npm', [
        'ci',
        '--ignore-scripts',
        '--omit=dev',
        '--omit=optional',
        '--no-audit',
        '--no-fund',
        '--prefix',
        folder,
      ]);
      const modules = join(folder, 'node_modules');
      const lock = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as {
        packages: Record<string, { hasInstallScript?: boolean }>;
      };
      const packages = Object.entries(lock.packages);
      const scripted = packages
        .filter(([, one]) => one.hasInstallScript)
        .map(([path]) => path.replace('node_modules/', ''));
      const bytes = await sizeOf(modules);
      const held = bytes <= 60e6 && packages.length <= 120 && scripted.length === 0;
      return [
        {
          goal: 'P8c',
          what: 'production install',
          subject: `${short(bytes / 1e6)} MB, ${packages.length} packages, ${scripted.length} install scripts`,
          anchor: '–',
          ratio: '–',
          gate: '≤ 60 MB, ≤ 120 packages, 0 install scripts',
          target: '≤ 40 MB, ≤ 90 packages',
          outcome: held ? 'held' : 'missed',
          ...(scripted.length > 0 ? { note: `with install scripts: ${scripted.join(', ')}` } : {}),
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
