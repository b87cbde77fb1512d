import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Whose server it is: the process that started it. `started` tells it from a later process with the same number. */
export type Claimant = { pid: number; started: string };

/**
 * Claims the right to run the server and returns undefined, or returns the living process that has it. PostgreSQL's own
 * lock has the last word should two claim in the same instant; this one knows whom to name.
 */
export function claim(path: string): Claimant | undefined {
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify({ pid: process.pid, started: startedOf(process.pid) }), {
        flag: 'wx',
        mode: 0o600,
      });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = findClaimant(path);
    if (holder) return holder;
    rmSync(path, { force: true });
  }
}

/** The living process that claimed the server, if there is one. */
export function findClaimant(path: string): Claimant | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Claimant;
    return isAlive(holder.pid) && startedOf(holder.pid) === holder.started ? holder : undefined;
  } catch {
    // Absent, or cut off by a crash while it was written: nobody's.
    return undefined;
  }
}

/** Gives the claim back. */
export function unclaim(path: string): void {
  rmSync(path, { force: true });
}

/** The PostgreSQL that serves this data folder now, if one does. A file left behind by a crash does not count. */
export function findPostmaster(data: string): { pid: number; socket: string; ready: boolean } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  // After a restart of the machine or container the number may be anybody's.
  if (!commandOf(pid).includes(data)) return undefined;
  return { pid, socket: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || stateOf(pid)[0] !== 'Z';
}

function commandOf(pid: number): string {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function startedOf(pid: number): string {
  if (process.platform !== 'linux')
    return (spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '').trim();
  // Field 22 of stat, in ticks since the machine started: only together with the machine's own start is it unique.
  return `${stateOf(pid)[19] ?? ''} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
}

/** The fields of /proc/<pid>/stat from the third (state) on: the second may itself hold spaces. */
function stateOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
