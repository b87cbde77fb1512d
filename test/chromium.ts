import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/snap/bin/chromium'];

/** Path of a Chromium or Chrome on this machine: `CHROME_PATH` when set, else the first found; undefined if there is none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named) return existsSync(named) ? named : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find((path) =>
    existsSync(path),
  );
}

/** The same, but installs Debian's package where that is possible (as root, with apt). Throws what to do otherwise. */
export function needChromium(say: (line: string) => void): string {
  const found = findChromium();
  if (found) return found;
  if (process.env.CHROME_PATH) throw new Error(`CHROME_PATH is ${process.env.CHROME_PATH}, and there is no such file.`);
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('No Chromium here: installing Debian’s (apt-get install chromium), once.');
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium');
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'The tests need a Chromium and found none. Install it (Debian: apt-get install chromium) or set CHROME_PATH to one.',
  );
}

function apt(...words: string[]): void {
  const ran = spawnSync('apt-get', words, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (ran.status !== 0)
    throw new Error(`apt-get ${words.join(' ')} failed:\n${`${ran.stdout}${ran.stderr}`.slice(-2000)}`);
}
