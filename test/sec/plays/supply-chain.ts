import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../sources.ts';
import type { Play } from '../play.ts';

type Locked = {
  version?: string;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: true;
  dev?: true;
  optional?: true;
  link?: true;
};
/** Packages a production server runs with, without those for another machine or the pretend banks. */
const MOST_PACKAGES = 120;

/** T17: code of others. */
export const supplyChain: Play = {
  id: 'T17',
  threat: 'Supply chain: packages that change or run code when installed',
  quick: true,
  async play({ attack, control, note }) {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Locked>;
    };
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    // What is only for developing, and only for other machines, npm locks without its hash; it is never installed here.
    const packages = Object.entries(lock.packages).filter(
      ([path, one]) => path !== '' && !(one.dev && one.optional && one.resolved === undefined),
    );
    await attack(
      'a package without a hash of its content',
      async () => packages.filter(([, one]) => !one.integrity?.startsWith('sha512-')).length,
      packages.length,
    );
    await attack(
      'a package from anywhere but a registry',
      async () =>
        packages.filter(([, one]) => one.resolved !== undefined && !/^https:\/\/[^/]+\/.+\.tgz$/.test(one.resolved))
          .length,
      packages.length,
    );
    const direct = Object.entries({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.devDependencies,
    });
    await attack(
      'a dependency whose version is a range',
      async () => direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)).length,
      direct.length,
    );
    const installing = packages
      .filter(([, one]) => one.hasInstallScript && !one.dev)
      .map(([path]) => path.replace('node_modules/', ''));
    note(
      `packages that would run something when installed: ${installing.join(', ') || 'none'}; our start installs with --ignore-scripts`,
    );
    await attack(
      'our own installation runs what packages bring along',
      async () => !/--ignore-scripts/.test(readFileSync(join(root, 'setup/run.mjs'), 'utf8')),
    );
    const production = packages.filter(([, one]) => !one.dev && !one.optional).length;
    control(`${production} packages of a production install, at most ${MOST_PACKAGES}`, production <= MOST_PACKAGES);
  },
};
